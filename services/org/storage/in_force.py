"""What holds on a day, and what lies in a region on a day: the two conditions of every read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Date, Select, Table, Text, Uuid, and_, literal, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from chassis.built import named
from chassis.graphql.connection import Narrow, Shaped
from services.org.domain.periods import today
from services.org.storage import tables as t
from services.org.storage.career_tables import DATED as CAREERS
from services.org.storage.carried import CARRIED
from services.org.storage.place_tables import KEPT
from services.org.storage.prefixes import in_prefix
from services.org.storage.training_tables import DATED as TRAINING

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
    t.community_profile: ("valid_from", "valid_to"),
    t.census: ("valid_from", "valid_to"),
    t.distinction: ("valid_from", "valid_to"),
    t.pairing: ("valid_from", "valid_to"),
    t.check_in: ("valid_from", "valid_to"),
    t.alliance_member: ("valid_from", "valid_to"),
    t.organisation_compound: ("valid_from", "valid_to"),
    t.check_in_assignment: ("valid_from", "valid_to"),
    t.contact: ("valid_from", "valid_to"),
    t.reservist: ("valid_from", "valid_to"),
    t.special_need: ("valid_from", "valid_to"),
    t.list_item: ("valid_from", "valid_to"),
    **dict.fromkeys(KEPT, ("valid_from", "valid_to")),
    **dict.fromkeys((*CAREERS, *TRAINING), ("valid_from", "valid_to")),
}
_RELOCATED = (t.organisation, t.team, t.station, t.person, *CARRIED)
"""What keeps its identity when it comes into another region; `relocation` says where it lay before."""


@dataclass(frozen=True, slots=True)
class Place:
    """A region as a read sees it: on which day, with which code then, and whether it was still there."""

    id: UUID
    code: str
    as_of: date
    exists: bool


def in_force(table: Table, day: date | ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that a row of `table` holds on `day`."""
    start, until = (table.c[name] for name in _PERIODS[table])
    return and_(start <= day, or_(until.is_(None), until > day))


def within(
    region_id: ColumnElement[Any], stamp: ColumnElement[Any], place: Place, *, direct: bool
) -> ColumnElement[bool]:
    """Return the condition that a row belongs to a place or, unless `direct`, to anything below it on that day.

    Today, and later, the row's stamp of the current code says so; for a day in the past the tree of that day does, and
    where the thing lay then.
    """
    if place.as_of >= today():
        return region_id == place.id if direct or not place.exists else in_prefix(stamp, place.code)
    chosen = select(literal(place.id, Uuid)) if direct or not place.exists else _subtree(place)
    table = getattr(region_id, "table", None)
    if table not in _RELOCATED:
        return region_id.in_(chosen)
    return or_(
        region_id.in_(chosen) & table.c.id.not_in(_later_moves(place.as_of).with_only_columns(t.relocation.c.thing_id)),
        table.c.id.in_(_lay_in(chosen, place.as_of)),
    )


def held(table: Table, which: ColumnElement[bool], day: date, **equal: Any) -> Select[Any]:
    """Return the statement of the rows of `table` that hold on `day` and that `which` chooses.

    Each named column is equal to a value, unless that is None.
    """
    same = (table.c[name] == value for name, value in equal.items() if value is not None)
    return select(table).where(which, in_force(table, day), *same)


def held_in(table: Table, place: Place, *, direct: bool = False, **equal: Any) -> Select[Any] | Shaped:
    """Return the statement of the rows of `table` that hold and belong to a place on its day.

    They belong to the place itself or, unless `direct`, to anything below it; each named column is equal to a value,
    unless that is None. For reading a page of them today it is put together once (0110).
    """
    given = {name: value for name, value in equal.items() if value is not None}
    if place.as_of < today():
        return held(table, within(table.c.region_id, table.c.region_code, place, direct=direct), place.as_of, **given)
    values = {"place": place.id, "code": place.code, "beyond": place.code + ":", "day": place.as_of, **given}
    return Shaped(_held_now, (table, direct or not place.exists, tuple(given)), values)


def _held_now(narrow: Narrow, table: Table, direct: bool, given: tuple[str, ...]) -> Select[Any]:  # noqa: FBT001
    c = table.c
    inside = and_(c.region_code >= named("code", Text()), c.region_code < named("beyond", Text()))
    here = c.region_id == named("place", Uuid()) if direct else inside
    same = (c[name] == named(name, c[name].type) for name in given)
    return narrow(select(table).where(here, in_force(table, named("day", Date())), *same))


def _later_moves(day: date) -> Select[Any]:
    return select(t.relocation).where(t.relocation.c.until > day)


def _lay_in(chosen: Select[tuple[UUID]], day: date) -> Select[tuple[UUID]]:
    """Return the things that lay in one of the chosen regions on a day and were moved later."""
    r = t.relocation
    first = _later_moves(day).ext(distinct_on(r.c.thing_id)).order_by(r.c.thing_id, r.c.until).subquery()
    return select(first.c.thing_id).where(first.c.region_id.in_(chosen))


def _subtree(place: Place) -> Select[tuple[UUID]]:
    v = t.region_version
    return select(v.c.region_id).where(in_prefix(v.c.code, place.code), in_force(v, place.as_of))
