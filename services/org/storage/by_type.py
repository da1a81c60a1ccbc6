"""Reads of assessments and allocations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select, tuple_

from services.org.domain.assessment import Capacity, CountedFrom
from services.org.domain.partners import score
from services.org.storage import tables as t
from services.org.storage.partner_tables import contribution
from services.org.storage.partners import load_amounts, load_contribution_rules
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession
    from services.org.storage.in_force import Place


async def load_capacities(session: ReadSession) -> list[Capacity]:
    """Return the practice's capacities, by code."""
    c = t.capacity
    rows = await session.rows(select(c.c.code, c.c.weight, c.c.counted, c.c.full_points).order_by(c.c.code))
    return [Capacity(**{**row, "counted": CountedFrom(row["counted"]) if row["counted"] else None}) for row in rows]


async def load_points(
    session: ReadSession, capacities: Sequence[Capacity], unit: RowMapping, year: int
) -> dict[str, int]:
    """Return the points that each counted capacity of an organisation has in a year: of what was done where it lies.

    Only contributions that count are looked at, and the practice's rules as they are now.
    """
    if not any(one.counted for one in capacities):
        return {}
    rules = await load_contribution_rules(session)
    here = in_prefix(contribution.c.region_code, unit["region_code"])
    amounts = await load_amounts(session, here, year)
    by_unit = {id_: score({kind: sum_ for kind, (_, sum_) in kinds.items()}, rules) for id_, kinds in amounts.items()}
    points = {CountedFrom.UNIT: by_unit.get(unit["id"], 0), CountedFrom.REGION: sum(by_unit.values())}
    return {one.code: points[one.counted] for one in capacities if one.counted is not None}


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
