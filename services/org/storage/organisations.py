"""Reads of organisations through time: versions by date, what is above, who followed whom, where things lay."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from services.org.domain.organisations import OrganisationVersion, version_on
from services.org.domain.periods import Period
from services.org.storage import tables as t
from services.org.storage.regions import Key, by_day

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping, Select

    from chassis.database import ReadSession

_V = t.organisation_version


async def last_version(session: ReadSession, id_: UUID) -> OrganisationVersion:
    """Return the version that holds now. Raises LookupError when there is none, which founding sees to."""
    row = await session.row(select(_V).where(_V.c.organisation_id == id_).order_by(_V.c.seq.desc()).limit(1))
    if row is None:
        raise LookupError(f"organisation {id_} has no history")
    return _version(row)


async def above_of(session: ReadSession, id_: UUID) -> list[UUID]:
    """Return all organisations above one, as it is now, the nearest first."""
    o = t.organisation
    chain = select(o.c.id, o.c.parent_id).where(o.c.id == id_).cte("chain", recursive=True)
    chain = chain.union(select(o.c.id, o.c.parent_id).where(o.c.id == chain.c.parent_id))
    rows = await session.rows(select(chain.c.parent_id).where(chain.c.parent_id.is_not(None)))
    return [row["parent_id"] for row in rows]


async def load_versions_on(session: ReadSession, keys: list[Key]) -> list[OrganisationVersion]:
    """Return for each (organisation, day) what it was called and what was above it."""
    ids = {id_ for id_, _ in keys}
    histories: dict[UUID, list[OrganisationVersion]] = defaultdict(list)
    for row in await session.rows(select(_V).where(_V.c.organisation_id.in_(ids)).order_by(_V.c.seq)):
        histories[row["organisation_id"]].append(_version(row))
    return [version_on(histories[id_], day) for id_, day in keys]


async def load_histories(session: ReadSession, ids: list[UUID]) -> list[list[OrganisationVersion]]:
    """Return all versions of each organisation in their order."""
    histories: dict[UUID, list[OrganisationVersion]] = defaultdict(list)
    for row in await session.rows(select(_V).where(_V.c.organisation_id.in_(ids)).order_by(_V.c.seq)):
        histories[row["organisation_id"]].append(_version(row))
    return [histories[id_] for id_ in ids]


def below_on(id_: UUID, day: date) -> Select[tuple[UUID]]:
    """Return the statement of the ids of the organisations directly below one on a day."""
    holds = (_V.c.valid_from <= day) & or_(_V.c.valid_to.is_(None), _V.c.valid_to > day)
    return select(_V.c.organisation_id).where(_V.c.parent_id == id_, holds)


async def load_predecessors(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return for each organisation those that were merged into it or that it was split off from, in order of time."""
    s = t.organisation_succession
    return await _linked(session, s.c.successor_id, s.c.predecessor_id, ids)


async def load_successors(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return for each organisation the one it was merged into and those split off from it, in order of time."""
    s = t.organisation_succession
    return await _linked(session, s.c.predecessor_id, s.c.successor_id, ids)


async def _linked(session: ReadSession, mine: object, other: object, ids: list[UUID]) -> list[list[RowMapping]]:
    s, o = t.organisation_succession, t.organisation
    statement = select(mine.label("of"), s.c.since, *o.c)  # type: ignore[attr-defined]
    statement = statement.join(o, o.c.id == other).where(mine.in_(ids)).order_by(s.c.since, o.c.id)  # type: ignore[attr-defined]
    found: dict[UUID, list[RowMapping]] = defaultdict(list)
    for row in await session.rows(statement):
        found[row["of"]].append(row)
    return [found[id_] for id_ in ids]


async def load_places_on(session: ReadSession, keys: list[Key]) -> list[UUID | None]:
    """Return for each (thing, day) the region it lay in then, when that is another than now."""
    r = t.relocation
    found: dict[Key, UUID] = {}
    for day, ids in by_day(keys).items():
        rows = await session.rows(
            select(r.c.thing_id, r.c.region_id)
            .where(r.c.thing_id.in_(ids), r.c.until > day)
            .order_by(r.c.thing_id, r.c.until.desc())
        )
        # The last one read for a thing is the first move after that day: it came from where the thing lay then.
        found |= {(row["thing_id"], day): row["region_id"] for row in rows}
    return [found.get(key) for key in keys]


def _version(row: RowMapping) -> OrganisationVersion:
    return OrganisationVersion(row["name"], row["parent_id"], Period(row["valid_from"], row["valid_to"]))
