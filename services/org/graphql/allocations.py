"""What communities are given by their type, in the graph: the rules, each amount with its sum, and the totals."""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain.allocation import Rule, amount_by
from services.org.domain.periods import today
from services.org.graphql import regions
from services.org.graphql.links import Info, RegionLink
from services.org.graphql.words import CommunityType, Kind, kind_of, type_of
from services.org.storage import tables as t
from services.org.storage.by_type import allocated_in
from services.org.storage.in_force import Place
from services.org.storage.prefixes import in_prefix

Amount = float
"""Amounts go beyond the 32 bits of an Int; whole ones up to 2^53 are exact in a Float."""


@strawberry.type
class _ByType:
    """What names a kind of thing and a type of community."""

    kind_code: strawberry.Private[str]
    type_code: strawberry.Private[str]

    @strawberry.field(description="Of what. 配置类别")
    async def kind(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "allocation", self.kind_code)

    @strawberry.field(description="The type of community. 社区类型")
    async def type(self, info: Info) -> CommunityType:
        """Read the type."""
        return await type_of(info.context, self.type_code)


@strawberry.type(description="What communities of a type are given in a year. 配置规则")
class AllocationRule(_ByType):
    """A rule."""

    each: Amount = strawberry.field(description="Units for each community. 每社区基数")
    per_thousand: Amount = strawberry.field(description="Units for each thousand households. 每千户")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        return cls(kind_code=row["kind"], type_code=row["type"], each=row["each"], per_thousand=row["per_thousand"])


@strawberry.type(description="What a community was given in a year, with the sum. 配置结果")
class Allocation(_ByType):
    """An allocation."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes; give it back as expectedVersion. 版本")
    year: int = strawberry.field(description="The year. 年度")
    amount: Amount = strawberry.field(description="Units that it was given. 数量")
    by_rule: Amount = strawberry.field(description="What the sum comes to, done again now. 按规则应配")
    each: Amount = strawberry.field(description="The rule's units for each community, that day. 每社区基数")
    per_thousand: Amount = strawberry.field(description="The rule's units per thousand households, that day. 每千户")
    households: int = strawberry.field(description="Households counted in its grids, that day. 户数")
    reason: str | None = strawberry.field(description="Why it departs from the rule; null when not. 调整事由")
    allocated_on: date = strawberry.field(description="The day. 配置日期")
    region_id: strawberry.Private[UUID]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row; the sum is done again."""
        rule = Rule(row["kind"], row["type"], row["each"], row["per_thousand"])
        names = ("version", "year", "amount", "each", "per_thousand", "households", "reason", "allocated_on")
        return cls(
            id=strawberry.ID(str(row["id"])),
            kind_code=row["kind"],
            type_code=row["type"],
            by_rule=amount_by(rule, row["households"]),
            region_id=row["region_id"],
            **{name: row[name] for name in names},
        )

    @strawberry.field(description="The community. 社区")
    async def region(self, info: Info) -> RegionLink | None:
        """Read the community."""
        return await regions.region_by_id(info.context, self.region_id, today())


@strawberry.type(description="What communities of a type were given in a year. 配置统计")
class AllocationCount(_ByType):
    """Sums of a kind and type."""

    communities: int = strawberry.field(description="Communities that were given something. 社区数")
    amount: Amount = strawberry.field(description="Units together. 合计")
    departures: int = strawberry.field(description="Of these, not by the rule. 调整数")


async def allocations_page(
    context: Context, place: Place, year: int, kind: str | None, asked: PageArguments
) -> Connection[Allocation]:
    """Return a page of what the communities of a place were given in a year."""
    context.access.admit(context.caller, "allocations")
    a = t.allocation
    statement = select(a).where(in_prefix(a.c.region_code, place.code), a.c.year == year)
    if kind is not None:
        statement = statement.where(a.c.kind == kind)
    mark = fingerprint("allocation", place.id, year, kind)
    page = await paginate(await context.read(), statement, [a.c.region_code, a.c.id], asked, mark)
    return page.connection(Allocation.of)


async def allocation_stats_in(context: Context, place: Place, year: int) -> list[AllocationCount]:
    """Sum up what the communities of a place were given in a year, by kind and type."""
    context.access.admit(context.caller, "allocations")
    return [
        AllocationCount(
            kind_code=row["kind"],
            type_code=row["type"],
            communities=row["communities"],
            amount=float(row["amount"]),
            departures=row["departures"],
        )
        for row in await allocated_in(await context.read(), place, year)
    ]


async def allocation_by_id(context: Context, id_: UUID) -> Allocation | None:
    """Return an allocation in scope."""
    row = await (await context.read()).row(select(t.allocation).where(t.allocation.c.id == id_))
    return None if row is None else Allocation.of(row)


async def rules(context: Context) -> list[AllocationRule]:
    """Return the practice's rules."""
    words = select(t.allocation_rule).order_by(t.allocation_rule.c.kind, t.allocation_rule.c.type)
    return [AllocationRule.of(row) for row in await (await context.read()).rows(words)]
