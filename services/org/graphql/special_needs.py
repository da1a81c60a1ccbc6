"""The register of special needs in the graph: shown only by mutations, since every look is written down."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Self

import msgspec
import strawberry
from sqlalchemy import RowMapping, select

from chassis.graphql.context import Context
from chassis.graphql.mutate import mutate, perform
from services.org.commands import special_needs as commands
from services.org.domain import special_needs as rules
from services.org.domain.periods import today
from services.org.graphql.ending import EndInput
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.problem import Problem
from services.org.graphql.regions import Region, region_by_id
from services.org.graphql.words import Kind, kind_of
from services.org.storage import tables as t

_REFUSED = "Why it was refused; empty when done. 问题"
_PURPOSE = "What for; it is kept with your name. 查看目的"


@strawberry.enum(description="On what a record rests. 处理依据")
class LegalBasis(Enum):
    """As `domain.special_needs.LegalBasis`, by name."""

    CONSENT = strawberry.enum_value("CONSENT", description="The person's consent. 本人同意")
    LEGAL_DUTY = strawberry.enum_value("LEGAL_DUTY", description="A duty that the law gives. 履行法定职责")
    EMERGENCY = strawberry.enum_value("EMERGENCY", description="Protecting life and health in an emergency. 紧急情况")


@strawberry.enum(description="What somebody did who looked. 查看方式")
class LookKind(Enum):
    """As `domain.special_needs.Look`, by name."""

    SEEN = strawberry.enum_value("SEEN", description="It was shown. 查看")
    EXPORTED = strawberry.enum_value("EXPORTED", description="It was handed out to the person. 导出")


@strawberry.type(description="Who looked at a record, when and why. 查看记录")
class SpecialNeedLook:
    """A look."""

    look: LookKind = strawberry.field(description="What they did. 查看方式")
    subject: str = strawberry.field(description="Who. 查看人")
    purpose: str = strawberry.field(description="What for. 查看目的")
    looked_at: datetime = strawberry.field(description="When. 查看时间")


@strawberry.type(description="Somebody of a community who needs particular help. 特殊人群登记")
class SpecialNeed:
    """A record, whole."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes; give it back as expectedVersion. 版本")
    name: str | None = strawberry.field(description="Whose it is; null once erased. 姓名")
    phone: str | None = strawberry.field(description="Their telephone, if kept. 电话")
    situation: str | None = strawberry.field(description="What they need; null once erased. 情况与诉求")
    purpose: str = strawberry.field(description="What it is kept for. 处理目的")
    legal_basis: LegalBasis = strawberry.field(description="On what it rests. 处理依据")
    consented_on: date | None = strawberry.field(description="The day of consent. 同意日期")
    valid_from: date = strawberry.field(description="First day. 起始日期")
    valid_to: date | None = strawberry.field(description="First day without the need. 终止日期")
    kept_until: date = strawberry.field(description="First day on which it is erased by itself. 保存期限")
    erased_on: date | None = strawberry.field(description="The day it was erased. 删除日期")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping, context: Context, *, shown: bool) -> Self:
        """Make it from its row; what identifies the person only where the look was recorded."""
        sealed = row["details"] if shown else None
        found = None if sealed is None else msgspec.json.decode(context.cipher.decrypt(sealed), type=rules.Details)
        names = ("version", "purpose", "consented_on", "valid_from", "valid_to", "kept_until", "erased_on")
        return cls(
            id=strawberry.ID(str(row["id"])),
            name=None if found is None else found.name,
            phone=None if found is None else found.phone,
            situation=None if found is None else found.situation,
            legal_basis=LegalBasis(row["legal_basis"]),
            row=row,
            **{name: row[name] for name in names},
        )

    @strawberry.field(description="What kind of need. 人群类别")
    async def kind(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "special_need", self.row["kind"])

    @strawberry.field(description="The community. 社区")
    async def region(self, info: Info) -> Region | None:
        """Read the community."""
        return await region_by_id(info.context, self.row["region_id"], today())


@strawberry.input(description="Somebody who needs particular help. 特殊人群登记")
class RegisterSpecialNeedInput:
    """Input of registerSpecialNeed."""

    idempotency_key: str = strawberry.field(description="The same key does it once. 幂等键")
    region_code: str = strawberry.field(description="The community. 社区")
    kind: str = strawberry.field(description="Code of the kind of need. 人群类别")
    name: str = strawberry.field(description="Who. 姓名")
    resident_id: str = strawberry.field(
        description="Their identity number: only a keyed digest is kept, to find their own records. 身份证号"
    )
    situation: str = strawberry.field(description="What they need. 情况与诉求")
    purpose: str = strawberry.field(description="What it is kept for. 处理目的")
    legal_basis: LegalBasis = strawberry.field(description="On what it rests. 处理依据")
    valid_from: date = strawberry.field(description="First day; today or earlier. 起始日期")
    kept_until: date = strawberry.field(description="Until when, three years at most. 保存期限")
    phone: str | None = strawberry.field(default=None, description="Their telephone, if needed. 电话")
    consented_on: date | None = strawberry.field(default=None, description="The day of consent. 同意日期")


@strawberry.input(description="Which records you need to see, and what for. 查看特殊人群台账")
class LookAtSpecialNeedsInput:
    """Input of lookAtSpecialNeeds."""

    region_code: str = strawberry.field(description="The community, or a region of several. 区划")
    purpose: str = strawberry.field(description=_PURPOSE)
    kind: str | None = strawberry.field(default=None, description="Of one kind only. 人群类别")
    first: int = strawberry.field(default=20, description="How many, 100 at most. 数量")
    after: strawberry.ID | None = strawberry.field(default=None, description="The last one you saw. 游标")


@strawberry.input(description="Whose records are handed out to them. 个人信息查阅复制")
class ExportSpecialNeedsInput:
    """Input of exportSpecialNeeds."""

    id: strawberry.ID = strawberry.field(description="A record of theirs. 登记")
    purpose: str = strawberry.field(description=_PURPOSE)


@strawberry.input(description="A record to erase. 个人信息删除")
class EraseSpecialNeedInput:
    """Input of eraseSpecialNeed."""

    id: strawberry.ID = strawberry.field(description="The record. 登记")
    expected_version: int = strawberry.field(description="The version you read. 版本")


@strawberry.type(description="What became of it. 结果")
class SpecialNeedPayload:
    """Payload of the mutations that change a record."""

    special_need: SpecialNeed | None = strawberry.field(
        description="The record, without what identifies the person; null when refused. 登记"
    )
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type(description="The records that were shown. 查看结果")
class LookAtSpecialNeedsPayload:
    """Payload of lookAtSpecialNeeds."""

    region: Region | None = strawberry.field(description="The region; null when refused. 区划")
    special_needs: list[SpecialNeed] = strawberry.field(description="The records, whole. 登记")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type(description="All that is kept of a person, for them. 个人信息查阅复制结果")
class ExportSpecialNeedsPayload:
    """Payload of exportSpecialNeeds."""

    special_need: SpecialNeed | None = strawberry.field(description="The record asked about; null when refused. 登记")
    special_needs: list[SpecialNeed] = strawberry.field(description="All of the person's, in your reach. 全部登记")
    looks: list[SpecialNeedLook] = strawberry.field(description="Who looked at these, this time too. 查看记录")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type
class SpecialNeedMutations:
    """The mutations."""

    @strawberry.mutation(description="Write somebody into the register of special needs. 特殊人群登记")
    async def register_special_need(self, info: Info, input: RegisterSpecialNeedInput) -> SpecialNeedPayload:  # noqa: A002
        """Register."""
        same = ("region_code", "kind", "name", "resident_id", "situation", "purpose", "valid_from", "kept_until")
        asked = commands.RegisterSpecialNeed(
            **{name: getattr(input, name) for name in same},
            legal_basis=rules.LegalBasis[input.legal_basis.name],
            phone=input.phone,
            consented_on=input.consented_on,
        )
        outcome = await perform(
            info, "registerSpecialNeed", commands.register_special_need, asked, input.idempotency_key
        )
        return SpecialNeedPayload(special_need=await _one(info.context, outcome.id), problems=outcome.problems)

    @strawberry.mutation(description="Show records whole; each look is written down. 查看特殊人群台账")
    async def look_at_special_needs(self, info: Info, input: LookAtSpecialNeedsInput) -> LookAtSpecialNeedsPayload:  # noqa: A002
        """Write the looks down, then show."""
        after = uuid_of(input.after) if input.after else None
        asked = commands.LookAtSpecialNeeds(input.region_code, input.purpose, input.first, input.kind, after)
        shown: list[RowMapping] = []
        outcome = await mutate(
            info.context,
            "lookAtSpecialNeeds",
            lambda session, permit: commands.look_at_special_needs(session, permit, asked, shown),
        )
        region = await region_by_id(info.context, outcome.id, today()) if outcome.id else None
        found = [SpecialNeed.of(row, info.context, shown=True) for row in shown] if outcome.id else []
        return LookAtSpecialNeedsPayload(region=region, special_needs=found, problems=outcome.problems)

    @strawberry.mutation(description="Hand out to a person all that is kept of them. 个人信息查阅复制")
    async def export_special_needs(self, info: Info, input: ExportSpecialNeedsInput) -> ExportSpecialNeedsPayload:  # noqa: A002
        """Write the looks down, then hand out."""
        asked = commands.ExportSpecialNeeds(uuid_of(input.id), input.purpose)
        shown: list[RowMapping] = []
        outcome = await mutate(
            info.context,
            "exportSpecialNeeds",
            lambda session, permit: commands.export_special_needs(session, permit, asked, shown),
        )
        found = [SpecialNeed.of(row, info.context, shown=True) for row in shown] if outcome.id else []
        return ExportSpecialNeedsPayload(
            special_need=await _one(info.context, outcome.id),
            special_needs=found,
            looks=await _looks(info.context, shown) if found else [],
            problems=outcome.problems,
        )

    @strawberry.mutation(description="Say that a need is over; the record goes half a year later. 特殊人群退出")
    async def end_special_need(self, info: Info, input: EndInput) -> SpecialNeedPayload:  # noqa: A002
        """End."""
        outcome = await perform(info, "endSpecialNeed", commands.end_special_need, input.asked())
        return SpecialNeedPayload(special_need=await _one(info.context, outcome.id), problems=outcome.problems)

    @strawberry.mutation(description="Erase what a record has of the person, at their request. 个人信息删除")
    async def erase_special_need(self, info: Info, input: EraseSpecialNeedInput) -> SpecialNeedPayload:  # noqa: A002
        """Erase."""
        asked = commands.EraseSpecialNeed(uuid_of(input.id), input.expected_version)
        outcome = await perform(info, "eraseSpecialNeed", commands.erase_special_need, asked)
        return SpecialNeedPayload(special_need=await _one(info.context, outcome.id), problems=outcome.problems)


async def _one(context: Context, id_: object) -> SpecialNeed | None:
    if id_ is None:
        return None
    row = await (await context.read()).row(select(t.special_need).where(t.special_need.c.id == id_))
    return None if row is None else SpecialNeed.of(row, context, shown=False)


async def _looks(context: Context, shown: list[RowMapping]) -> list[SpecialNeedLook]:
    k = t.special_need_look
    mine = select(k).where(k.c.special_need_id.in_([row["id"] for row in shown])).order_by(k.c.id)
    return [
        SpecialNeedLook(
            look=LookKind(row["look"]), subject=row["subject"], purpose=row["purpose"], looked_at=row["looked_at"]
        )
        for row in await (await context.read()).rows(mine)
    ]
