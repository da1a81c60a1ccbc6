"""Batched reads of regions at a date."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import ColumnElement, Date, Select, Text, Uuid, any_, case, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from chassis.built import named, shaped
from chassis.graphql.connection import Narrow, Shaped
from services.org.domain.codes import ancestors_of
from services.org.domain.periods import Period
from services.org.domain.regions import Holder
from services.org.storage import tables as t
from services.org.storage.in_force import in_force
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession

Key: TypeAlias = "tuple[UUID, date]"
"""What to read, and the day it is asked about."""

_V = t.region_version
_COLUMNS = (
    _V.c.region_id,
    _V.c.level,
    _V.c.code,
    _V.c.name,
    _V.c.parent_id,
    _V.c.valid_from,
    _V.c.valid_to,
    t.region.c.version,
)


_HOLDERS = text("SELECT region_id, valid_from, valid_to FROM region_version WHERE code = :code")


def by_day(keys: Sequence[tuple[UUID, date]]) -> dict[date, list[UUID]]:
    """Return the ids to read for each day."""
    days: dict[date, list[UUID]] = defaultdict(list)
    for id_, day in keys:
        days[day].append(id_)
    return days


def regions_in_force(day: date | ColumnElement[Any]) -> Select[tuple[object, ...]]:
    """Return the statement of all regions as they are on `day`."""
    return select(*_COLUMNS).join(t.region, t.region.c.id == _V.c.region_id).where(in_force(_V, day))


async def load_regions(session: ReadSession, keys: list[Key]) -> list[RowMapping | None]:
    """Return each region as it was on the day; one that ended before as it was last, one not begun as it began."""
    found: dict[Key, RowMapping] = {}
    for day, ids in by_day(keys).items():
        rows = await session.rows(shaped(_then), {"ids": ids, "day": day})
        found |= {(row["region_id"], day): row for row in rows}
    return [found.get(key) for key in keys]


def _then() -> Select[Any]:
    lived = or_(_V.c.valid_to.is_(None), _V.c.valid_to > _V.c.valid_from)
    # Of the versions begun by then the last one, else the first of all.
    begun = case((_V.c.valid_from <= named("day", Date()), _V.c.valid_from))
    return (
        select(*_COLUMNS)
        .ext(distinct_on(_V.c.region_id))
        .join(t.region, t.region.c.id == _V.c.region_id)
        .where(_V.c.region_id == any_(named("ids", ARRAY(Uuid()))), lived)
        .order_by(_V.c.region_id, begun.desc().nulls_last(), _V.c.valid_from)
    )


async def load_ancestors(session: ReadSession, keys: list[tuple[str, date]]) -> list[list[RowMapping]]:
    """Return for each (code, day) the regions above, highest first."""
    found: dict[tuple[str, date], RowMapping] = {}
    days: dict[date, set[str]] = defaultdict(set)
    for code, day in keys:
        days[day].update(ancestors_of(code))
    for day, codes in days.items():
        rows = await session.rows(shaped(_of_codes), {"codes": sorted(codes), "day": day})
        found |= {(row["code"], day): row for row in rows}
    return [[found[above, day] for above in ancestors_of(code) if (above, day) in found] for code, day in keys]


def _of_codes() -> Select[Any]:
    return regions_in_force(named("day", Date())).where(_V.c.code == any_(named("codes", ARRAY(Text()))))


async def holders_of(session: ReadSession, code: str) -> list[Holder]:
    """Return every region that ever bore `code`."""
    rows = await session.rows(_HOLDERS, {"code": code})
    return [Holder(row["region_id"], Period(row["valid_from"], row["valid_to"])) for row in rows]


async def load_history(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return all versions of each region in their order."""
    histories: dict[UUID, list[RowMapping]] = defaultdict(list)
    statement = select(_V).where(_V.c.region_id.in_(ids)).order_by(_V.c.region_id, _V.c.seq)
    for row in await session.rows(statement):
        histories[row["region_id"]].append(row)
    return [histories[id_] for id_ in ids]


def children_of(region_id: UUID, day: date) -> Shaped:
    """Return the statement of the regions directly below one, on `day`."""
    return Shaped(_children, (), {"parent": region_id, "day": day})


def _children(narrow: Narrow) -> Select[Any]:
    return narrow(regions_in_force(named("day", Date())).where(_V.c.parent_id == named("parent", Uuid())))


def descendants_of(code: str, level: str | None, day: date) -> Select[tuple[object, ...]]:
    """Return the statement of all regions below the one that bears `code` on `day`, of a level if given."""
    below = regions_in_force(day).where(in_prefix(_V.c.code, code), _V.c.code != code)
    return below if level is None else below.where(_V.c.level == level)


CODE = _V.c.code
"""The order of lists of regions; unique on any one day."""
