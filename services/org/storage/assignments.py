"""Reads of what members who checked in are assigned to, and how many of them are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, exists, func, select

from services.org.domain.activities import ActivityState, Part
from services.org.domain.assignments import Assignment
from services.org.domain.periods import Period
from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force, within
from services.org.storage.place_tables import activity, activity_part
from services.org.storage.reads import rows_by_id
from services.org.storage.regions import Key, by_day

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement, RowMapping

    from chassis.database import ReadSession


def assignment_of(row: RowMapping) -> Assignment:
    """Return the assignment of a row as the rules see it."""
    return Assignment(row["organisation_id"], row["post"], Period(row["valid_from"], row["valid_to"]))


async def load_assignments(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return for each check-in its assignments, the latest first; what was taken back on its day is none."""
    a = t.check_in_assignment
    lasted = a.c.valid_to.is_(None) | (a.c.valid_to > a.c.valid_from)
    found: dict[UUID, list[RowMapping]] = defaultdict(list)
    rows = select(a).where(a.c.check_in_id.in_(ids), lasted).order_by(a.c.valid_from.desc(), a.c.id)
    for row in await session.rows(rows):
        found[row["check_in_id"]].append(row)
    return [found[id_] for id_ in ids]


async def load_check_ins(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return check-ins in the order of `ids`, None for what is not in scope."""
    return await rows_by_id(session, t.check_in, ids)


async def load_check_ins_of_people(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return for each person their check-ins, the latest first."""
    i = t.check_in
    found: dict[UUID, list[RowMapping]] = defaultdict(list)
    for row in await session.rows(select(i).where(i.c.person_id.in_(ids)).order_by(i.c.valid_from.desc(), i.c.id)):
        found[row["person_id"]].append(row)
    return [found[id_] for id_ in ids]


async def load_contacts_of_people(session: ReadSession, keys: list[Key]) -> list[list[RowMapping]]:
    """Return for each (person, day) what they look after, by region."""
    c = t.contact
    found: dict[Key, list[RowMapping]] = defaultdict(list)
    for day, ids in by_day(keys).items():
        rows = select(c).where(c.c.person_id.in_(ids), in_force(c, day)).order_by(c.c.region_code, c.c.id)
        for row in await session.rows(rows):
            found[row["person_id"], day].append(row)
    return [found[key] for key in keys]


async def count_check_ins(session: ReadSession, place: Place) -> RowMapping:
    """Return how many have checked in in a place on its day, and how many of them are assigned to what."""
    i, a, c = _checked_in(place).subquery().c, t.check_in_assignment, t.contact
    looks_after = exists(select(c.c.id).where(c.c.person_id == i.person_id, in_force(c, place.as_of)))
    statement = select(
        func.count().label("checked_in"),
        func.count().filter(i.group.is_(None)).label("members"),
        func.count(a.c.organisation_id).label("assigned"),
        func.count(a.c.organisation_id.distinct()).label("branches"),
        func.count(a.c.post).label("with_post"),
        func.count().filter(looks_after).label("looking_after"),
    ).select_from(_with_assignment(i, place))
    (row,) = await session.rows(statement)
    return row


async def count_responded(session: ReadSession, place: Place, first: date, last: date) -> int:
    """Return how many who checked in in a place took part, by name, in what was held there from one day to another."""
    i, took_part = _checked_in(place).subquery().c, _took_part()
    here = within(activity.c.region_id, activity.c.region_code, place, direct=False)
    theirs = took_part.where(here, activity.c.on_day.between(first, last)).subquery()
    responded = select(func.count()).select_from(i.id.table).where(i.person_id.in_(select(theirs.c.person_id)))
    return int(await session.scalar(responded))


async def load_activities_of_check_in(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return for each check-in what its person took part in, by name, while it held; the latest day first."""
    i, part = t.check_in, activity_part
    while_it_held = (activity.c.on_day >= i.c.valid_from) & (
        i.c.valid_to.is_(None) | (activity.c.on_day < i.c.valid_to)
    )
    rows = (
        _took_part()
        .add_columns(activity, i.c.id.label("check_in_id"))
        .join(i, i.c.person_id == part.c.thing_id)
        .where(i.c.id.in_(ids), while_it_held)
        .order_by(activity.c.on_day.desc(), activity.c.id)
    )
    found: dict[UUID, list[RowMapping]] = defaultdict(list)
    for row in await session.rows(rows):
        found[row["check_in_id"]].append(row)
    return [found[id_] for id_ in ids]


def has_post(post: str, day: date) -> ColumnElement[bool]:
    """Return the condition that a check-in has a post on a day."""
    a = t.check_in_assignment
    return t.check_in.c.id.in_(select(a.c.check_in_id).where(a.c.post == post, in_force(a, day)))


def _took_part() -> Select[Any]:
    part = activity_part
    return (
        select(part.c.thing_id.label("person_id"))
        .join(activity, activity.c.id == part.c.activity_id)
        .where(part.c.part == Part.PERSON.value, activity.c.state == ActivityState.HELD.value)
    )


async def count_posts(session: ReadSession, place: Place) -> list[RowMapping]:
    """Return for each post how many who checked in in a place have taken it on, by code."""
    i, a = _checked_in(place).subquery().c, t.check_in_assignment
    statement = (
        select(a.c.post, func.count().label("people"))
        .select_from(_with_assignment(i, place))
        .where(a.c.post.is_not(None))
        .group_by(a.c.post)
        .order_by(a.c.post)
    )
    return list(await session.rows(statement))


def _checked_in(place: Place) -> Select[Any]:
    i = t.check_in
    return select(i).where(within(i.c.region_id, i.c.region_code, place, direct=False), in_force(i, place.as_of))


def _with_assignment(check_ins: Any, place: Place) -> Any:
    a = t.check_in_assignment
    mine = (a.c.check_in_id == check_ins.id) & in_force(a, place.as_of)
    return check_ins.id.table.outerjoin(a, mine)
