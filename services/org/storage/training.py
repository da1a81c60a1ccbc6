"""Reads of training, duty guides, the talent pool and qualifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, and_, func, select

from services.org.domain.talents import TalentOutcome
from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force, within
from services.org.storage.prefixes import in_prefix
from services.org.storage.training_tables import (
    duty_guide,
    qualification,
    talent,
    training,
    training_attendance,
)

if TYPE_CHECKING:
    from datetime import date
    from typing import Any
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession


async def load_trainings(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return programmes in the order of `ids`, None for what is not in scope."""
    found = {row["id"]: row for row in await session.rows(select(training).where(training.c.id.in_(ids)))}
    return [found.get(id_) for id_ in ids]


async def load_guides(session: ReadSession, keys: list[tuple[str, str, date]]) -> list[RowMapping | None]:
    """Return for each (`title` or `team`, code, day) the version of its guide in force that day."""
    g = duty_guide
    rows = await session.rows(select(g).where(g.c.code.in_({code for _, code, _ in keys})).order_by(g.c.version))
    found: dict[tuple[str, str, date], RowMapping] = {}
    for key in keys:
        for row in rows:
            if (row["of"], row["code"]) == key[:2] and row["since"] <= key[2]:
                found[key] = row
    return [found.get(key) for key in keys]


async def count_attendees(session: ReadSession, sessions: list[UUID]) -> list[int]:
    """Return how many people attended each session."""
    a = training_attendance
    counted = select(a.c.session_id, func.count(a.c.person_id.distinct()).label("people"))
    rows = await session.rows(counted.where(a.c.session_id.in_(sessions)).group_by(a.c.session_id))
    found = {row["session_id"]: row["people"] for row in rows}
    return [found.get(one, 0) for one in sessions]


def holders(place: Place, title: str, first: date, last: date) -> Select[Any]:
    """Return the duties of a title in a place on its day, with whether the holder was trained in a period."""
    d, a = t.duty, training_attendance
    trained = (
        select(a.c.session_id)
        .where(a.c.person_id == d.c.person_id, a.c.title == title, a.c.held_on.between(first, last))
        .exists()
    )
    return select(d, trained.label("trained")).where(
        within(d.c.region_id, d.c.region_code, place, direct=False), in_force(d, place.as_of), d.c.title == title
    )


async def count_rotation(session: ReadSession, place: Place, title: str, first: date, last: date) -> tuple[int, int]:
    """Return how many people hold a title in a place, and how many of them were trained for it in a period."""
    held = holders(place, title, first, last).subquery()
    people = func.count(held.c.person_id.distinct())
    row = await session.row(select(people.label("holders"), people.filter(held.c.trained).label("trained")))
    return (0, 0) if row is None else (row["holders"], row["trained"])


async def count_talents(session: ReadSession, place: Place, first: date, last: date) -> tuple[list[RowMapping], Any]:
    """Return how many are in each stage on the day of a place, and how stages ended in a period."""
    g = talent
    here = in_prefix(g.c.region_code, place.code)
    stages = (
        select(g.c.stage, func.count().label("people"), func.count(g.c.mentor_id).label("mentored"))
        .where(here, in_force(g, place.as_of))
        .group_by(g.c.stage)
        .order_by(g.c.stage)
    )
    outcomes = select(
        *(func.count().filter(g.c.outcome == one.value).label(one.name.lower()) for one in TalentOutcome)
    ).where(here, g.c.valid_to.between(first, last))
    return list(await session.rows(stages)), await session.row(outcomes)


async def count_qualified(session: ReadSession, place: Place, title: str) -> tuple[int, int, dict[str, int]]:
    """Return holders of a title in a place, how many are qualified for every window, and how many for each."""
    d, q, k = t.duty, qualification, t.kind
    windows = {
        row["code"]: 0
        for row in await session.rows(select(k.c.code).where(k.c.category == "window").order_by(k.c.code))
    }
    here = (
        select(d.c.person_id)
        .where(within(d.c.region_id, d.c.region_code, place, direct=False), in_force(d, place.as_of))
        .where(d.c.title == title)
        .distinct()
        .subquery()
    )
    has = and_(q.c.person_id == here.c.person_id, in_force(q, place.as_of), q.c.kind.in_(windows))
    by_person = select(here.c.person_id, func.count(q.c.kind.distinct()).label("windows")).outerjoin(q, has)
    people = await session.rows(by_person.group_by(here.c.person_id))
    counted = select(q.c.kind, func.count(q.c.person_id.distinct()).label("people")).join(here, has).group_by(q.c.kind)
    windows |= {row["kind"]: row["people"] for row in await session.rows(counted)}
    all_round = sum(bool(windows) and row["windows"] == len(windows) for row in people)
    return len(people), all_round, windows
