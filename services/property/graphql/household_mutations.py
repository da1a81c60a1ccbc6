"""Mutations of compounds and their register."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.mutate import Outcome, perform
from services.property.commands import compounds as c
from services.property.commands import households as h
from services.property.domain.care import Care
from services.property.domain.register import Basis, OwnerData, Status, Use
from services.property.domain.register import OwnerKind as Kind
from services.property.graphql.compounds import Compound, compound_by_id
from services.property.graphql.enums import (
    AreaBasis,
    CompoundCare,
    HouseholdStatus,
    HouseholdUse,
    OccupantRole,
    OwnerKind,
)
from services.property.graphql.households import Household, household_by_id
from services.property.graphql.links import Info, uuid_of
from services.property.graphql.problem import Problem
from services.property.storage.reads import load_owners

_LATITUDE = "Degrees north, of the system that the city uses throughout. 纬度"
_LONGITUDE = "Degrees east. 经度"


@strawberry.input(description="A compound. 小区")
class RegisterCompoundInput:
    """What registerCompound is given."""

    idempotency_key: str = strawberry.field(description="Same key, same answer, done once. 幂等键")
    region_code: str = strawberry.field(description="Code of its community, grid or building. 区划代码")
    name: str = strawberry.field(description="Its name. 名称")
    kind: str = strawberry.field(description="Code of its type in the practice. 小区类型")
    care: CompoundCare = strawberry.field(default=CompoundCare.NONE, description="How it is cared for. 管理方式")
    latitude: float | None = strawberry.field(default=None, description=_LATITUDE)
    longitude: float | None = strawberry.field(default=None, description=_LONGITUDE)


@strawberry.input(description="Where a compound lies; neither coordinate: it is not known. 小区定位")
class PlaceCompoundInput:
    """What placeCompound is given."""

    id: strawberry.ID = strawberry.field(description="The compound. 小区")
    expected_version: int = strawberry.field(description="Its version as it was read. 版本")
    latitude: float | None = strawberry.field(default=None, description=_LATITUDE)
    longitude: float | None = strawberry.field(default=None, description=_LONGITUDE)


@strawberry.input(description="An owner of an exclusive part. 业主")
class OwnerInput:
    """An owner as given."""

    name: str = strawberry.field(description="Name, whole. 姓名或名称")
    kind: OwnerKind = strawberry.field(default=OwnerKind.NATURAL, description="Person or body. 类型")
    number: str | None = strawberry.field(default=None, description="Identity number or credit code. 证件号码")
    phone: str | None = strawberry.field(default=None, description="Telephone number. 电话")
    subject: str | None = strawberry.field(default=None, description="Token subject by which they vote. 账号")
    share: str = strawberry.field(default="1/1", description="The share, as a fraction. 份额")
    is_agent: bool = strawberry.field(default=False, description="Votes for all co-owners by agreement. 表决代表")

    def asked(self) -> OwnerData:
        """Return it as the domain takes it."""
        return OwnerData(
            name=self.name,
            kind=Kind[self.kind.name],
            number=self.number,
            phone=self.phone,
            subject=self.subject,
            share=self.share,
            is_agent=self.is_agent,
        )


@strawberry.input(description="An exclusive part with its owners. 专有部分")
class RegisterHouseholdInput:
    """What registerHousehold is given."""

    idempotency_key: str = strawberry.field(description="Same key, same answer, done once. 幂等键")
    compound_id: strawberry.ID = strawberry.field(description="The compound. 小区")
    building: str = strawberry.field(description="Building. 楼栋")
    room: str = strawberry.field(description="Room. 房号")
    area: str = strawberry.field(description="Exclusive area in m², such as 89.50. 专有部分面积")
    unit: str = strawberry.field(default="", description="Entrance. 单元")
    basis: AreaBasis = strawberry.field(default=AreaBasis.LAND_REGISTER, description="Taken from. 面积依据")
    status: HouseholdStatus = strawberry.field(default=HouseholdStatus.OWNED, description="Handed over? 交付状态")
    use: HouseholdUse = strawberry.field(default=HouseholdUse.HOME, description="What it is for. 用途")
    owners: list[OwnerInput] = strawberry.field(default_factory=list, description="Its owners, at most 100. 业主")
    owned_since: date | None = strawberry.field(default=None, description="Since when; today. 起始日期")


@strawberry.input(description="A transfer of ownership. 产权转移")
class TransferHouseholdInput:
    """What transferHousehold is given."""

    id: strawberry.ID = strawberry.field(description="The exclusive part. 专有部分")
    expected_version: int = strawberry.field(description="Its version as it was read. 版本")
    on: date = strawberry.field(description="First day of the new owners. 转移日期")
    owners: list[OwnerInput] = strawberry.field(description="The new owners, at most 100. 新业主")


@strawberry.input(description="A tenant or a representative. 使用人或受托人")
class AddOccupantInput:
    """What addOccupant is given."""

    idempotency_key: str = strawberry.field(description="Same key, same answer, done once. 幂等键")
    household_id: strawberry.ID = strawberry.field(description="The exclusive part. 专有部分")
    role: OccupantRole = strawberry.field(description="As what. 类型")
    name: str = strawberry.field(description="Name, whole. 姓名")
    phone: str | None = strawberry.field(default=None, description="Telephone number. 电话")
    valid_from: date | None = strawberry.field(default=None, description="First day; today. 起始日期")
    valid_to: date | None = strawberry.field(default=None, description="First day without. 终止日期")


@strawberry.input(description="The end of a tenancy or an entrustment. 终止")
class EndOccupantInput:
    """What endOccupant is given."""

    id: strawberry.ID = strawberry.field(description="The tenancy or entrustment. 标识")
    on: date = strawberry.field(description="First day without. 终止日期")


@strawberry.input(description="A look at an owner's data. 查看业主信息")
class RevealOwnerInput:
    """What revealOwner is given."""

    id: strawberry.ID = strawberry.field(description="The owner. 业主")
    purpose: str = strawberry.field(description="What for; it is recorded. 用途")


@strawberry.type(description="What became of it. 结果")
class CompoundPayload:
    """Payload of the mutations of a compound."""

    compound: Compound | None = strawberry.field(description="The compound; null when refused. 小区")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type(description="What became of it. 结果")
class HouseholdPayload:
    """Payload of the mutations of a household."""

    household: Household | None = strawberry.field(description="The exclusive part; null when refused. 专有部分")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type(description="An owner's personal data; the look was recorded. 业主信息")
class RevealedOwner:
    """What was kept encrypted."""

    name: str = strawberry.field(description="Name. 姓名")
    number: str | None = strawberry.field(description="Identity number or credit code. 证件号码")
    phone: str | None = strawberry.field(description="Telephone number. 电话")


@strawberry.type(description="What became of it. 结果")
class RevealOwnerPayload:
    """Payload of revealOwner."""

    owner: RevealedOwner | None = strawberry.field(description="The data; null when refused. 业主信息")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


async def compound_payload(info: Info, outcome: Outcome) -> CompoundPayload:
    """Return what became of a compound."""
    found = await compound_by_id(info.context, outcome.id) if outcome.id else None
    return CompoundPayload(compound=found, problems=outcome.problems)


async def _household(info: Info, outcome: Outcome) -> HouseholdPayload:
    found = await household_by_id(info.context, outcome.id) if outcome.id else None
    return HouseholdPayload(household=found, problems=outcome.problems)


@strawberry.type
class HouseholdMutations:
    """Mutations of compounds, exclusive parts and owners."""

    @strawberry.mutation(description="Register a compound. 登记小区")
    async def register_compound(self, info: Info, input: RegisterCompoundInput) -> CompoundPayload:  # noqa: A002
        """Register."""
        asked = c.RegisterCompound(
            input.region_code, input.name, input.kind, Care[input.care.name], input.latitude, input.longitude
        )
        outcome = await perform(info, "registerCompound", c.register_compound, asked, input.idempotency_key)
        return await compound_payload(info, outcome)

    @strawberry.mutation(description="Record, correct or take back where a compound lies. 小区定位")
    async def place_compound(self, info: Info, input: PlaceCompoundInput) -> CompoundPayload:  # noqa: A002
        """Place."""
        asked = c.PlaceCompound(uuid_of(input.id), input.expected_version, input.latitude, input.longitude)
        outcome = await perform(info, "placeCompound", c.place_compound, asked)
        return await compound_payload(info, outcome)

    @strawberry.mutation(description="Register an exclusive part with its owners. 登记专有部分")
    async def register_household(self, info: Info, input: RegisterHouseholdInput) -> HouseholdPayload:  # noqa: A002
        """Register."""
        asked = h.RegisterHousehold(
            compound_id=uuid_of(input.compound_id),
            building=input.building,
            unit=input.unit,
            room=input.room,
            area=input.area,
            basis=Basis[input.basis.name],
            status=Status[input.status.name],
            use=Use[input.use.name],
            owners=tuple(owner.asked() for owner in input.owners),
            owned_since=input.owned_since,
        )
        outcome = await perform(info, "registerHousehold", h.register_household, asked, input.idempotency_key)
        return await _household(info, outcome)

    @strawberry.mutation(description="Give an exclusive part other owners. 产权转移")
    async def transfer_household(self, info: Info, input: TransferHouseholdInput) -> HouseholdPayload:  # noqa: A002
        """Transfer."""
        asked = h.TransferHousehold(
            id=uuid_of(input.id),
            expected_version=input.expected_version,
            on=input.on,
            owners=tuple(owner.asked() for owner in input.owners),
        )
        outcome = await perform(info, "transferHousehold", h.transfer_household, asked)
        return await _household(info, outcome)

    @strawberry.mutation(description="Note a tenant, or whom the owners entrust. 登记使用人或受托人")
    async def add_occupant(self, info: Info, input: AddOccupantInput) -> HouseholdPayload:  # noqa: A002
        """Note."""
        asked = h.AddOccupant(
            household_id=uuid_of(input.household_id),
            role=input.role.name.lower(),
            name=input.name,
            phone=input.phone,
            valid_from=input.valid_from,
            valid_to=input.valid_to,
        )
        outcome = await perform(info, "addOccupant", h.add_occupant, asked, input.idempotency_key)
        return await _household(info, outcome)

    @strawberry.mutation(description="End a tenancy or an entrustment. 终止使用或委托")
    async def end_occupant(self, info: Info, input: EndOccupantInput) -> HouseholdPayload:  # noqa: A002
        """End."""
        asked = h.EndOccupant(uuid_of(input.id), input.on)
        outcome = await perform(info, "endOccupant", h.end_occupant, asked)
        return await _household(info, outcome)

    @strawberry.mutation(description="See an owner's data unmasked; every look is recorded. 查看业主信息")
    async def reveal_owner(self, info: Info, input: RevealOwnerInput) -> RevealOwnerPayload:  # noqa: A002
        """Record, then decrypt."""
        asked = h.RevealOwner(uuid_of(input.id), input.purpose)
        outcome = await perform(info, "revealOwner", h.reveal_owner, asked)
        row = await info.context.loader(load_owners).load(outcome.id) if outcome.id else None
        if row is None:
            return RevealOwnerPayload(owner=None, problems=outcome.problems)
        number, phone = (info.context.cipher.decrypt(row[name]) if row[name] else None for name in ("number", "phone"))
        name = info.context.cipher.decrypt(row["name"])
        return RevealOwnerPayload(owner=RevealedOwner(name=name, number=number, phone=phone), problems=[])
