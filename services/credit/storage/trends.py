"""Points by month, and rankings of regions above grids: for a region at any level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Date as SqlDate
from sqlalchemy import Integer, and_, case, cast, false, func, literal, select

from services.credit.domain.ledger import Component, Kind
from services.credit.storage import governance_tables as g
from services.credit.storage import tables as t
from services.credit.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession

_ZONE = "Asia/Shanghai"


async def months_of(session: ReadSession, prefix: str, first: datetime, after: datetime) -> Sequence[RowMapping]:
    """Return what was earned and spent in a region by month, for months in which anything was; reversed is nothing."""
    a, p, e, back = t.account.c, t.posting.c, t.entry.c, t.posting.alias("back")
    # Cast to a day, so that the driver has no time zone to add.
    month = cast(func.date_trunc("month", func.timezone(_ZONE, p.at)), SqlDate)
    given = case((e.component == Component.AVAILABLE.value, e.amount), else_=0)
    spent = case((e.component == Component.HELD.value, -e.amount), else_=0)
    statement = (
        select(
            month.label("month"),
            func.coalesce(func.sum(given).filter(p.kind == Kind.EARN.value), 0).label("earned"),
            func.coalesce(func.sum(spent).filter(p.kind == Kind.REDEEM.value), 0).label("redeemed"),
            func.count(p.account_id.distinct()).filter(p.kind == Kind.EARN.value).label("earners"),
            func.count(p.id.distinct()).filter(p.kind == Kind.REDEEM.value).label("redemptions"),
        )
        .select_from(t.posting)
        .join(t.account, a.id == p.account_id)
        .join(t.entry, and_(e.posting_id == p.id, e.account_id == a.id))
        .where(p.at >= first, p.at < after, a.nature != "system", in_prefix(a.region_code, prefix))
        .where(~select(back.c.id).where(back.c.reverses == p.id).exists())
        .group_by(month)
    )
    return await session.rows(statement.order_by(month))


async def ranking_above(
    session: ReadSession, quarter: date, prefix: str, digits: int, most: int
) -> Sequence[RowMapping]:
    """Rank the regions whose codes have `digits`, in a region, by the mean of all their grids' people; the best first.

    A grid that was ranked and has been closed since still counts where it was.
    """
    k, r, whole = g.grid_rank.c, t.region.c, t.region.alias("whole")
    points, people = func.sum(k.points), func.sum(k.people)
    mean = points / func.nullif(people, 0)
    statement: Any = (
        select(
            whole.c.id.label("region_id"),
            cast(people, Integer).label("people"),
            points.label("points"),
            func.round(mean, 2).label("mean"),
            func.rank().over(order_by=mean.desc()).label("rank"),
            false().label("red_flag"),
        )
        .select_from(g.grid_rank)
        .join(t.region, r.id == k.region_id)
        .join(whole, whole.c.code == func.substr(r.code, 1, literal(digits)))
        .where(k.quarter == quarter, in_prefix(r.code, prefix), whole.c.closed_on.is_(None))
        .group_by(whole.c.id)
    )
    return await session.rows(statement.order_by("rank", "region_id").limit(most))
