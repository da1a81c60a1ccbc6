"""Funds of organisations in the graph: accounts by year and source, their entries, and what a region's come to (T9)."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, select

from chassis.graphql.connection import Connection, PageArguments
from chassis.graphql.context import Context
from services.org.graphql import organisations
from services.org.graphql.links import MOST_LISTED, Info, OrganisationLink
from services.org.graphql.words import Kind, kind_of
from services.org.storage import histories
from services.org.storage import tables as t

_FEN = 100


@strawberry.enum(description="What an entry of a fund does. 入账类型")
class FundEntryKind(Enum):
    """As `domain.funds.EntryKind`, by name."""

    BUDGET = strawberry.enum_value("BUDGET", description="Put into the budget. 预算")
    DISBURSE = strawberry.enum_value("DISBURSE", description="Paid out. 拨付")
    SPEND = strawberry.enum_value("SPEND", description="Spent. 支出")
    REVERSAL = strawberry.enum_value("REVERSAL", description="Takes another entry back. 冲销")


@strawberry.type(description="An entry of a fund; nobody changes it. 经费分录")
class FundEntry:
    """An entry."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    kind: FundEntryKind = strawberry.field(description="What it does. 类型")
    amount_fen: int = strawberry.field(description="How much, in fen. 金额（分）")
    on: date = strawberry.field(description="The day of account. 日期")
    purpose: str = strawberry.field(description="What for. 用途")
    reverses: strawberry.ID | None = strawberry.field(description="The entry that it takes back. 冲销的分录")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            kind=FundEntryKind[row["kind"]],
            amount_fen=row["amount"],
            on=row["on_day"],
            purpose=row["purpose"],
            reverses=strawberry.ID(str(row["reverses"])) if row["reverses"] else None,
        )


@strawberry.type(description="An organisation's money of one year from one source. 经费账户")
class Fund:
    """A fund."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts entries; give it back as expectedVersion. 版本")
    year: int = strawberry.field(description="The year. 年度")
    approved_yuan: float = strawberry.field(description="Budgeted and not yet paid out. 已批未拨（元）")
    available_yuan: float = strawberry.field(description="Paid out and not yet spent. 可用（元）")
    spent_yuan: float = strawberry.field(description="Spent. 已支出（元）")
    row: strawberry.Private[RowMapping]
    day: strawberry.Private[date]

    @classmethod
    def of(cls, row: RowMapping, day: date) -> Self:
        """Make it from its row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            version=row["version"],
            year=row["year"],
            approved_yuan=row["approved"] / _FEN,
            available_yuan=row["available"] / _FEN,
            spent_yuan=row["spent"] / _FEN,
            row=row,
            day=day,
        )

    @strawberry.field(description="Whose money it is. 资金来源")
    async def source(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "fund", self.row["source"])

    @strawberry.field(description="The organisation that has it. 组织")
    async def organisation(self, info: Info) -> OrganisationLink | None:
        """Read the organisation."""
        return await organisations.organisation_by_id(info.context, self.row["organisation_id"], self.day)

    @strawberry.field(description="Its entries in their order. 分录")
    async def entries(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[FundEntry]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        page = await histories.FUND_ENTRIES.page(info.context, self.row["id"], asked)
        return page.connection(FundEntry.of)


async def funds_of(context: Context, organisation: RowMapping, year: int | None, day: date) -> list[Fund]:
    """Return an organisation's funds, the latest year first. Raises Forbidden for who is not staff there."""
    context.access.permit(context.caller, "funds", organisation["region_code"], what="organisation")
    f = t.fund
    statement = select(f).where(f.c.organisation_id == organisation["id"])
    if year is not None:
        statement = statement.where(f.c.year == year)
    rows = await (await context.read()).rows(statement.order_by(f.c.year.desc(), f.c.source).limit(MOST_LISTED))
    return [Fund.of(row, day) for row in rows]


async def fund_by_id(context: Context, id_: UUID, day: date) -> Fund | None:
    """Return a fund in scope."""
    row = await (await context.read()).row(select(t.fund).where(t.fund.c.id == id_))
    return None if row is None else Fund.of(row, day)
