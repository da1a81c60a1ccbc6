"""What the funds of a region's organisations come to (T9)."""

from __future__ import annotations

import strawberry
from sqlalchemy import func, select

from chassis.graphql.context import Context
from services.org.storage import tables as t
from services.org.storage.in_force import Place
from services.org.storage.prefixes import in_prefix

_FEN = 100


@strawberry.type(description="What the funds of a region's organisations come to. 经费统计")
class FundStats:
    """The sums."""

    organisations: int = strawberry.field(description="How many organisations have a fund. 组织数")
    budgeted_yuan: float = strawberry.field(description="All that was budgeted. 预算（元）")
    disbursed_yuan: float = strawberry.field(description="All that was paid out. 已拨付（元）")
    spent_yuan: float = strawberry.field(description="All that was spent. 已支出（元）")


async def stats_in(context: Context, place: Place, year: int, source: str | None) -> FundStats:
    """Return what the funds of a region come to. Raises Forbidden for who is not staff there."""
    context.access.permit(context.caller, "funds", place.code, what="region")
    f = t.fund
    paid = f.c.available + f.c.spent
    statement = select(
        func.count(f.c.organisation_id.distinct()).label("organisations"),
        func.coalesce(func.sum(f.c.approved + paid), 0).label("budgeted"),
        func.coalesce(func.sum(paid), 0).label("disbursed"),
        func.coalesce(func.sum(f.c.spent), 0).label("spent"),
    ).where(in_prefix(f.c.region_code, place.code), f.c.year == year)
    if source is not None:
        statement = statement.where(f.c.source == source)
    row = await (await context.read()).row(statement)
    if row is None:
        raise LookupError("a sum without groups has one row")
    return FundStats(
        organisations=row["organisations"],
        budgeted_yuan=float(row["budgeted"]) / _FEN,
        disbursed_yuan=float(row["disbursed"]) / _FEN,
        spent_yuan=float(row["spent"]) / _FEN,
    )
