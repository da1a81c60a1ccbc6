"""What the funds of a region's organisations come to (T9)."""

from __future__ import annotations

from typing import Self

import strawberry
from sqlalchemy import func, select

from chassis.graphql.context import Context
from services.org.domain.measures import rounded
from services.org.storage import tables as t
from services.org.storage.in_force import Place
from services.org.storage.prefixes import in_prefix

_FEN = 100


@strawberry.type(description="How much each organisation has: the same, or from the least to the most. 每个组织经费")
class FundSpread:
    """A spread, exact to the fen."""

    least_yuan: float = strawberry.field(description="The least of them. 最少（元）")
    most_yuan: float = strawberry.field(description="The most of them. 最多（元）")
    mean_yuan: float | None = strawberry.field(description="The mean, to two decimals; null for none. 平均（元）")
    equal_yuan: float | None = strawberry.field(description="What each has when all have the same. 每个组织（元）")

    @classmethod
    def of(cls, amounts: list[int]) -> Self:
        """Make it from fen."""
        least, most = min(amounts, default=0), max(amounts, default=0)
        return cls(
            least_yuan=least / _FEN,
            most_yuan=most / _FEN,
            mean_yuan=rounded(sum(amounts), len(amounts) * _FEN, 2),
            equal_yuan=least / _FEN if amounts and least == most else None,
        )


@strawberry.type(description="What the funds of a region's organisations come to. 经费统计")
class FundStats:
    """The sums."""

    organisations: int = strawberry.field(description="How many organisations have money of that year. 组织数")
    budgeted_yuan: float = strawberry.field(description="All that was budgeted. 预算（元）")
    disbursed_yuan: float = strawberry.field(description="All that was paid out. 已拨付（元）")
    spent_yuan: float = strawberry.field(description="All that was spent. 已支出（元）")
    budgeted_each: FundSpread = strawberry.field(description="Budgeted for each organisation. 每个组织预算")
    disbursed_each: FundSpread = strawberry.field(description="Paid out to each organisation. 每个组织已拨付")


async def stats_in(context: Context, place: Place, year: int, source: str | None) -> FundStats:
    """Return what the funds of a region come to. Raises Forbidden for who is not staff there."""
    context.access.permit(context.caller, "funds", place.code, what="region")
    f = t.fund
    paid = f.c.available + f.c.spent
    statement = select(
        f.c.organisation_id,
        func.sum(f.c.approved + paid).label("budgeted"),
        func.sum(paid).label("disbursed"),
        func.sum(f.c.spent).label("spent"),
    ).where(in_prefix(f.c.region_code, place.code), f.c.year == year, f.c.approved + paid > 0)
    if source is not None:
        statement = statement.where(f.c.source == source)
    rows = await (await context.read()).rows(statement.group_by(f.c.organisation_id))
    budgeted, disbursed, spent = ([int(row[name]) for row in rows] for name in ("budgeted", "disbursed", "spent"))
    return FundStats(
        organisations=len(rows),
        budgeted_yuan=sum(budgeted) / _FEN,
        disbursed_yuan=sum(disbursed) / _FEN,
        spent_yuan=sum(spent) / _FEN,
        budgeted_each=FundSpread.of(budgeted),
        disbursed_each=FundSpread.of(disbursed),
    )
