"""Reads of assessments and allocations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select, tuple_

from services.org.storage import tables as t
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession
    from services.org.storage.in_force import Place


async def load_before(session: ReadSession, keys: list[tuple[UUID, int]]) -> list[RowMapping | None]:
    """Return for each (organisation, year) the assessment of the year before."""
    a = t.assessment
    wanted = [(organisation, year - 1) for organisation, year in keys]
    rows = await session.rows(select(a).where(tuple_(a.c.organisation_id, a.c.year).in_(wanted)))
    found = {(row["organisation_id"], row["year"]): row for row in rows}
    return [found.get(key) for key in wanted]


async def results_in(session: ReadSession, place: Place, year: int) -> list[RowMapping]:
    """Return the results of a year in a place and below, with the level of the year before."""
    a, b = t.assessment, t.assessment.alias("before")
    earlier = and_(b.c.organisation_id == a.c.organisation_id, b.c.year == year - 1)
    statement = (
        select(a.c.result, a.c.level, a.c.scores, b.c.level.label("before"), b.c.id.is_not(None).label("was_assessed"))
        .outerjoin(b, earlier)
        .where(in_prefix(a.c.region_code, place.code), a.c.year == year)
    )
    return list(await session.rows(statement))


async def allocated_in(session: ReadSession, place: Place, year: int) -> list[RowMapping]:
    """Return for each kind and type what the communities of a place were given in a year, and how many departures."""
    a, words = t.allocation, t.community_type
    statement = (
        select(
            a.c.kind,
            a.c.type,
            func.count().label("communities"),
            func.sum(a.c.amount).label("amount"),
            func.count(a.c.reason).label("departures"),
        )
        .join(words, words.c.code == a.c.type)
        .where(in_prefix(a.c.region_code, place.code), a.c.year == year)
        .group_by(a.c.kind, a.c.type, words.c.position)
        .order_by(a.c.kind, words.c.position)
    )
    return list(await session.rows(statement))
