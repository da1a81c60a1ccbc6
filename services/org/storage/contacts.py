"""Reads of who looks after what: contacts, and how far they and their visits cover a region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, or_, select

from services.org.domain.contacts import Contact
from services.org.domain.levels import Level
from services.org.domain.periods import Period
from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force, within
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import CTE, RowMapping

    from chassis.database import ReadSession

MOST_SHOWN = 200
MOST_OF_A_TICKET = 100


@dataclass(frozen=True, slots=True)
class Coverage:
    """Regions of a level in a place: how many there are, how many are covered, and some of those that are not."""

    regions: int
    covered: int
    without: list[UUID]


def contact_of(row: RowMapping) -> Contact:
    """Return the contact of a row as the rules see it."""
    names = ("kind", "person_id", "region_code", "household", "compound_id")
    return Contact(**{name: row[name] for name in names}, period=Period(row["valid_from"], row["valid_to"]))


async def load_visits_of_tickets(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return for each ticket the visits whose findings it handles, the first first; at most 100."""
    v = t.visit
    found: dict[UUID, list[RowMapping]] = {id_: [] for id_ in ids}
    statement = select(v).where(v.c.ticket_id.in_(ids)).order_by(v.c.visited_on, v.c.id)
    for row in await session.rows(statement):
        found[row["ticket_id"]].append(row)
    return [found[id_][:MOST_OF_A_TICKET] for id_ in ids]


def contacts_in(place: Place, kind: str | None = None) -> Select[Any]:
    """Return the statement for the contacts of a place, of a kind if given, that hold on its day."""
    c = t.contact
    found = select(c).where(within(c.c.region_id, c.c.region_code, place, direct=False), in_force(c, place.as_of))
    return found if kind is None else found.where(c.c.kind == kind)


def visits_in(place: Place, first: date, last: date, kind: str | None = None) -> Select[Any]:
    """Return the statement for the visits made in a place from one day to another (included), by a kind if given."""
    v = t.visit
    here = within(v.c.region_id, v.c.region_code, place, direct=False)
    found = select(v).where(here, v.c.visited_on.between(first, last))
    if kind is None:
        return found
    return found.where(v.c.contact_id.in_(select(t.contact.c.id).where(t.contact.c.kind == kind)))


async def load_counts(
    session: ReadSession, place: Place, first: date, last: date, kind: str | None = None
) -> dict[str, int]:
    """Return how many contacts, people, households, compounds there are in a place, and how many visits in a time."""
    c, v = contacts_in(place, kind).subquery().c, visits_in(place, first, last, kind).subquery().c
    contacts = select(
        func.count().label("contacts"),
        func.count(c.person_id.distinct()).label("members"),
        func.count(func.row(c.region_id, c.household).distinct()).filter(c.household.is_not(None)).label("households"),
        func.count(c.compound_id.distinct()).label("compounds"),
    )
    visits = select(
        func.count().label("visits"),
        func.count(v.finding).label("findings"),
        func.count(v.ticket_id).label("tickets"),
    )
    (one,), (other,) = await session.rows(contacts), await session.rows(visits)
    return {**one, **other}


async def load_units(session: ReadSession, place: Place) -> int:
    """Return how many units have taken on areas in a place: grids, or what lies in them."""
    p = t.pairing
    here = within(p.c.region_id, p.c.region_code, place, direct=False)
    areas = select(func.count(p.c.organisation_id.distinct())).where(here, in_force(p, place.as_of), _is_area())
    return int(await session.scalar(areas))


async def load_grids(session: ReadSession, place: Place) -> Coverage:
    """Return how many grids units have taken on, whole or in part."""
    p = t.pairing
    taken = select(p.c.region_id).where(
        within(p.c.region_id, p.c.region_code, place, direct=False), in_force(p, place.as_of), _is_area()
    )
    return await _coverage(session, place, Level.GRID, _up_to(Level.GRID, taken, place))


async def load_looked_after(session: ReadSession, place: Place, level: Level, kind: str | None = None) -> Coverage:
    """Return how many grids or buildings somebody looks after, by a kind if given, whole or in part."""
    taken = contacts_in(place, kind).with_only_columns(t.contact.c.region_id)
    return await _coverage(session, place, level, _up_to(level, taken, place))


async def load_visited(
    session: ReadSession, place: Place, first: date, last: date, kind: str | None = None
) -> Coverage:
    """Return how many buildings were visited in a time."""
    visited = visits_in(place, first, last, kind).with_only_columns(t.visit.c.region_id)
    return await _coverage(session, place, Level.BUILDING, _up_to(Level.BUILDING, visited, place))


def _is_area() -> Any:
    return func.length(t.pairing.c.region_code) >= Level.GRID.code_length


def _up_to(level: Level, regions: Select[Any], place: Place) -> CTE:
    """Return the regions of `level` in which the given ones lie, or that they are, on the day."""
    v = t.region_version
    start = select(v.c.region_id, v.c.parent_id, v.c.level).where(v.c.region_id.in_(regions), in_force(v, place.as_of))
    above = start.cte("above", recursive=True)
    up = select(v.c.region_id, v.c.parent_id, v.c.level).join(above, above.c.parent_id == v.c.region_id)
    above = above.union(up.where(in_force(v, place.as_of), above.c.level != level.name))
    return select(above.c.region_id).where(above.c.level == level.name).distinct().cte("covered")


async def _coverage(session: ReadSession, place: Place, level: Level, covered: CTE) -> Coverage:
    v = t.region_version
    here = or_(in_prefix(v.c.code, place.code), v.c.region_id == place.id)
    all_ = (
        select(v.c.region_id, v.c.code, covered.c.region_id.label("covered"))
        .outerjoin(covered, covered.c.region_id == v.c.region_id)
        .where(v.c.level == level.name, in_force(v, place.as_of), here)
        .cte("everything")
    )
    counts = select(func.count().label("regions"), func.count(all_.c.covered).label("covered")).select_from(all_)
    (row,) = await session.rows(counts)
    without = select(all_.c.region_id).where(all_.c.covered.is_(None)).order_by(all_.c.code).limit(MOST_SHOWN)
    return Coverage(row["regions"], row["covered"], [one["region_id"] for one in await session.rows(without)])
