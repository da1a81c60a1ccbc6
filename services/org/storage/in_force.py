"""What holds on a day, and what lies in a region on a day: the two conditions of every read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, Table, and_, or_, select

from services.org.domain.periods import today
from services.org.storage import tables as t
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

_PERIODS = {
    t.region_version: ("valid_from", "valid_to"),
    t.organisation: ("established_on", "dissolved_on"),
    t.duty: ("valid_from", "valid_to"),
    t.team: ("formed_on", "disbanded_on"),
    t.team_member: ("valid_from", "valid_to"),
    t.station: ("opened_on", "closed_on"),
    t.muster: ("valid_from", "valid_to"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A region as a read sees it: on which day, with which code then, and whether it was still there."""

    id: UUID
    code: str
    as_of: date
    exists: bool


def in_force(table: Table, day: date) -> ColumnElement[bool]:
    """Return the condition that a row of `table` holds on `day`."""
    start, until = (table.c[name] for name in _PERIODS[table])
    return and_(start <= day, or_(until.is_(None), until > day))


def within(
    region_id: ColumnElement[Any], stamp: ColumnElement[Any], place: Place, *, direct: bool
) -> ColumnElement[bool]:
    """Return the condition that a row belongs to a place or, unless `direct`, to anything below it on that day.

    Today, and later, the row's stamp of the current code says so; for a day in the past the tree of that day does.
    """
    if direct or not place.exists:
        return region_id == place.id
    if place.as_of >= today():
        return in_prefix(stamp, place.code)
    return region_id.in_(_subtree(place))


def _subtree(place: Place) -> Select[tuple[UUID]]:
    v = t.region_version
    return select(v.c.region_id).where(in_prefix(v.c.code, place.code), in_force(v, place.as_of))
