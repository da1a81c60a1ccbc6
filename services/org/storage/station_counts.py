"""Counts of stations: by function, and how the communities of each type are covered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal_column, select

from services.org.domain.levels import Level
from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, RowMapping, Select

    from chassis.database import ReadSession

_DIGITS = Level.COMMUNITY.code_length


def chosen(place: Place, kind: str | None, function: str | None) -> list[ColumnElement[bool]]:
    """Return the conditions of the stations of a place that are open on its day, of a kind and with a function."""
    s = t.station
    wanted = [within(s.c.region_id, s.c.region_code, place, direct=False), in_force(s, place.as_of)]
    if kind is not None:
        wanted.append(s.c.kind == kind)
    if function is not None:
        wanted.append(s.c.functions.contains([function]))
    return wanted


async def count_stations(session: ReadSession, place: Place, kind: str | None, function: str | None) -> RowMapping:
    """Count the stations, their kinds, and those of which the place is known."""
    s = t.station
    counted = select(
        func.count().label("stations"),
        func.count(s.c.kind.distinct()).label("kinds"),
        func.count(s.c.latitude).label("located"),
    ).where(*chosen(place, kind, function))
    row = await session.row(counted)
    if row is None:
        raise LookupError("a count has a row")
    return row


async def count_functions(
    session: ReadSession, place: Place, kind: str | None, function: str | None
) -> Sequence[RowMapping]:
    """Count the stations that have each function, by function."""
    s = t.station
    each = select(func.unnest(s.c.functions).label("name")).where(*chosen(place, kind, function)).subquery()
    return await session.rows(
        select(each.c.name, func.count().label("stations")).group_by(each.c.name).order_by(each.c.name)
    )


async def count_by_type(
    session: ReadSession, place: Place, kind: str | None, function: str | None
) -> Sequence[RowMapping]:
    """Count communities and stations of each type of community, and the communities that have any station."""
    p, words = t.community_profile, t.community_type
    there = _by_community(place, kind, function).subquery("there")
    return await session.rows(
        select(
            p.c.type,
            func.count().label("communities"),
            func.count(there.c.stations).label("covered"),
            func.coalesce(func.sum(there.c.stations), 0).label("stations"),
        )
        .select_from(p.join(words, words.c.code == p.c.type).outerjoin(there, there.c.code == p.c.region_code))
        .where(within(p.c.region_id, p.c.region_code, place, direct=False), in_force(p, place.as_of))
        .group_by(p.c.type, words.c.position)
        .order_by(words.c.position)
    )


def without(place: Place, kind: str | None, function: str | None) -> ColumnElement[bool]:
    """Return the condition that a region's version is that of a community without any such station."""
    v = t.region_version
    covered = select(_community()).where(*chosen(place, kind, function))
    return (v.c.level == Level.COMMUNITY.name) & v.c.region_code.not_in(covered)


def _by_community(place: Place, kind: str | None, function: str | None) -> Select[Any]:
    code = _community()
    return select(code, func.count().label("stations")).where(*chosen(place, kind, function)).group_by(code)


def _community() -> Any:
    # A number in the text, not a parameter: grouping by a parameter is not grouping by what is selected.
    return func.left(t.station.c.region_code, literal_column(str(_DIGITS))).label("code")
