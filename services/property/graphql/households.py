"""Exclusive parts and their owners in the graph, identifying data masked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, Select

from chassis.cipher import DataCipher
from chassis.graphql.connection import Connection, PageArguments, paginate
from chassis.graphql.context import Context
from services.property.domain.identifiers import mask_name, mask_number, mask_phone
from services.property.graphql import compounds
from services.property.graphql.enums import AreaBasis, HouseholdStatus, HouseholdUse, OccupantRole, OwnerKind
from services.property.graphql.links import CompoundLink, HouseholdLink, Info, square_metres
from services.property.storage import histories, reads


def _masked(cipher: DataCipher, token: bytes | None, mask: Any) -> str | None:
    return None if token is None else str(mask(cipher.decrypt(token)))


@strawberry.type(description="Who owns an exclusive part, or owned it, and which share. 产权")
class Ownership:
    """A share of a household, in a period."""

    owner_id: strawberry.ID = strawberry.field(description="Identity of the owner in this compound. 业主标识")
    kind: OwnerKind = strawberry.field(description="Person or body. 类型")
    name: str = strawberry.field(description="Name, masked. 姓名(脱敏)")
    number: str | None = strawberry.field(description="Identity number or credit code, masked. 证件号码(脱敏)")
    phone: str | None = strawberry.field(description="Telephone number, masked. 电话(脱敏)")
    share: str = strawberry.field(description="The share, as a fraction. 份额")
    is_agent: bool = strawberry.field(description="Whether the co-owners agreed that this one votes. 表决代表")
    valid_from: date = strawberry.field(description="First day. 起始日期")
    valid_to: date | None = strawberry.field(description="First day on which it is another's. 终止日期")

    @classmethod
    def of(cls, row: RowMapping, cipher: DataCipher) -> Self:
        """Make it from its row."""
        return cls(
            owner_id=strawberry.ID(str(row["owner_id"])),
            kind=OwnerKind[row["kind"].upper()],
            name=_masked(cipher, row["name"], mask_name) or "",
            number=_masked(cipher, row["number"], mask_number),
            phone=_masked(cipher, row["phone"], mask_phone),
            share=f"{row['numerator']}/{row['denominator']}",
            is_agent=row["is_agent"],
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
        )


@strawberry.type(description="A tenant, or somebody whom the owners entrust. 使用人或受托人")
class Occupant:
    """Somebody beside the owners."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    role: OccupantRole = strawberry.field(description="As what. 类型")
    name: str = strawberry.field(description="Name, masked. 姓名(脱敏)")
    phone: str | None = strawberry.field(description="Telephone number, masked. 电话(脱敏)")
    valid_from: date = strawberry.field(description="First day. 起始日期")
    valid_to: date | None = strawberry.field(description="First day on which it no longer holds. 终止日期")

    @classmethod
    def of(cls, row: RowMapping, cipher: DataCipher) -> Self:
        """Make it from its row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            role=OccupantRole[row["role"].upper()],
            name=_masked(cipher, row["name"], mask_name) or "",
            phone=_masked(cipher, row["phone"], mask_phone),
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
        )


@strawberry.type(description="An exclusive part of a compound: a flat, a shop, a parking space. 专有部分")
class Household:
    """An exclusive part; only who may see its owners is handed one."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes; give it back as expectedVersion. 版本")
    building: str = strawberry.field(description="Building. 楼栋")
    unit: str = strawberry.field(description="Entrance; empty where there is none. 单元")
    room: str = strawberry.field(description="Room. 房号")
    area: Decimal = strawberry.field(description="Exclusive area in m², exact. 专有部分面积")
    basis: AreaBasis = strawberry.field(description="What the area is taken from. 面积依据")
    status: HouseholdStatus = strawberry.field(description="Whether it was handed over. 交付状态")
    use: HouseholdUse = strawberry.field(description="What it is for. 用途")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            version=row["version"],
            building=row["building"],
            unit=row["unit"],
            room=row["room"],
            area=square_metres(row["area"]),
            basis=AreaBasis[row["basis"].upper()],
            status=HouseholdStatus[row["status"].upper()],
            use=HouseholdUse[row["use"].upper()],
            row=row,
        )

    @strawberry.field(description="The compound. 小区")
    async def compound(self, info: Info) -> CompoundLink | None:
        """Read it."""
        return await compounds.compound_by_id(info.context, self.row["compound_id"])

    @strawberry.field(description="Who owns it today, at most 100. 现业主")
    async def owners(self, info: Info) -> list[Ownership]:
        """Read them."""
        rows = await info.context.loader(reads.load_owning).load(self.row["id"])
        return [Ownership.of(row, info.context.cipher) for row in rows]

    @strawberry.field(description="Who has owned it, the latest first, with who owns it today. 产权沿革")
    async def ownership_history(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Ownership]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        page = await histories.OWNERSHIPS.page(info.context, self.row["id"], asked)
        return page.connection(lambda row: Ownership.of(row, info.context.cipher))

    @strawberry.field(description="Tenants and whom the owners entrust, the latest first. 使用人与受托人")
    async def occupants(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Occupant]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        page = await histories.OCCUPANTS.page(info.context, self.row["id"], asked)
        return page.connection(lambda row: Occupant.of(row, info.context.cipher))


async def household_by_id(context: Context, id_: UUID) -> Household | None:
    """Return an exclusive part in scope; who asks has been found entitled to it."""
    row = await context.loader(reads.load_parts).load(id_)
    return None if row is None else Household.of(row)


async def page_of(
    context: Context, statement: Select[tuple[object, ...]], asked: PageArguments, mark: str
) -> Connection[HouseholdLink]:
    """Return a page of exclusive parts by address."""
    page = await paginate(await context.read(), statement, reads.PART_ORDER, asked, mark)
    return page.connection(Household.of)
