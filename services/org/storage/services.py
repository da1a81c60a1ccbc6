"""Reads of items of service: which are in force in a region, how many, and at which stations they are handled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, any_, case, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.org.domain.levels import Level
from services.org.domain.services import NEARBY, Handling, Way
from services.org.storage.in_force import Place, in_force
from services.org.storage.place_tables import service_item
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, RowMapping, Select

    from chassis.database import ReadSession

_I = service_item


def above(code: str) -> list[str]:
    """Return the codes of a region and of those above it."""
    return [code[: level.value] for level in Level if level.value <= len(code)]


def offered_in(place: Place) -> ColumnElement[bool]:
    """Return the condition that an item is offered in a place on its day: kept there, above it, or below."""
    here = or_(_I.c.region_code.in_(above(place.code)), in_prefix(_I.c.region_code, place.code))
    return here & in_force(_I, place.as_of)


def by_way(way: Way) -> ColumnElement[bool]:
    """Return the condition that an item is handled by a way."""
    return _I.c.ways.contains([way.value])


def nearby() -> ColumnElement[bool]:
    """Return the condition that an item is handled where people live."""
    found: ColumnElement[bool] = _I.c.ways.overlap([way.value for way in sorted(NEARBY)])
    return found


def at_station(station: RowMapping, day: date) -> Select[Any]:
    """Return the items that are handled at a station on a day; the rule is `domain.services.is_handled_at`."""
    functions = literal(list(station["functions"]), ARRAY(Text))
    fits = or_(_I.c.function.is_(None), _I.c.function == any_(functions))
    there = _I.c.region_code.in_(above(station["region_code"])) & by_way(Way.STATION)
    return select(_I).where(there, _I.c.station_kinds.contains([station["kind"]]), fits, in_force(_I, day))


async def items_at(session: ReadSession, stations: Sequence[RowMapping], day: date, most: int) -> list[RowMapping]:
    """Return items that may be handled at one of the stations, by title; the rule says at which."""
    kinds = sorted({station["kind"] for station in stations})
    regions = sorted({code for station in stations for code in above(station["region_code"])})
    there = _I.c.region_code.in_(regions) & _I.c.station_kinds.overlap(kinds)
    statement = select(_I).where(there, by_way(Way.STATION), in_force(_I, day))
    return list(await session.rows(statement.order_by(_I.c.title, _I.c.id).limit(most)))


async def count_items(session: ReadSession, place: Place) -> RowMapping:
    """Count the items that are offered in a place on its day."""
    ways = [func.count().filter(by_way(way)).label(way.value.lower()) for way in Way]
    row = await session.row(
        select(
            func.count().label("items"),
            func.count().filter(nearby()).label("nearby"),
            func.count(_I.c.department_id.distinct()).label("departments"),
            func.count(case((nearby(), _I.c.department_id)).distinct()).label("departments_nearby"),
            *ways,
        ).where(offered_in(place))
    )
    if row is None:
        raise LookupError("a count has a row")
    return row


def handling_of(row: RowMapping) -> Handling:
    """Return how an item is handled, from its row."""
    return Handling(tuple(Way(way) for way in row["ways"]), tuple(row["station_kinds"]), row["function"])
