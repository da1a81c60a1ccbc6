"""Plan training, record its sessions and who attended."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.ids import new_id
from chassis.problems import Refused
from services.org.commands.places import check_version, lock
from services.org.commands.publishing import publish
from services.org.commands.register_steps import end, enter, gone, place, where
from services.org.domain import training_events as events
from services.org.domain.levels import Level
from services.org.domain.periods import Period, check_not_future, today
from services.org.domain.problems import OrgProblem
from services.org.domain.training import attended_for, check_attendees, check_programme, check_session, check_text
from services.org.storage import tables as t
from services.org.storage import training_tables as tt
from services.org.storage.in_force import in_force
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing


class PlanTraining(msgspec.Struct, frozen=True):
    """What is asked: the holders of these titles are trained in a region from a day on."""

    region_code: str
    name: str
    titles: list[str]
    valid_from: date
    valid_to: date | None = None


class HoldTrainingSession(msgspec.Struct, frozen=True):
    """What is asked: a session of a programme was held, and these people attended."""

    training_id: UUID
    on: date
    subject: str
    lessons: int
    person_ids: list[UUID]


class TakeBackAttendance(msgspec.Struct, frozen=True):
    """What is asked: people were recorded by mistake as having attended a session."""

    session_id: UUID
    expected_version: int
    person_ids: list[UUID]


class RecordAttendance(msgspec.Struct, frozen=True):
    """What is asked: more people attended a session."""

    session_id: UUID
    expected_version: int
    person_ids: list[UUID]


async def plan_training(session: WriteSession, permit: Permit, asked: PlanTraining) -> UUID:
    """Plan a programme in a community or above."""
    region = await place(session, permit, asked.region_code, min(asked.valid_from, today()))
    if len(region.code) > Level.COMMUNITY.code_length:
        raise Refused(OrgProblem.NOT_A_COMMUNITY, "regionCode", code=region.code)
    known = {row["code"] for row in await session.rows(select(t.duty_title.c.code))}
    titles = check_programme(asked.titles, known, Period(asked.valid_from, asked.valid_to))
    values: dict[str, Any] = {"name": check_text(asked.name, "name"), "titles": titles}
    values |= {"valid_from": asked.valid_from, "valid_to": asked.valid_to}

    def told(row: dict[str, Any]) -> Event:
        return events.TrainingPlanned(
            training_id=row["id"], name=row["name"], titles=tuple(titles), valid_to=asked.valid_to, **where(row)
        )

    return await enter(session, tt.training, region, values, told)


async def end_training(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """End a programme on another day than planned."""

    def told(row: RowMapping) -> Event:
        return events.TrainingEnded(training_id=row["id"], **gone(row, asked.on))

    return await end(session, permit, tt.training, asked, told)


async def hold_training_session(session: WriteSession, permit: Permit, asked: HoldTrainingSession) -> UUID:
    """Record a session and who attended; return the session."""
    training = await lock(session, tt.training, asked.training_id, "training")
    permit.require(training["region_code"], what="training")
    check_not_future(asked.on, today(), "on")
    check_session(Period(training["valid_from"], training["valid_to"]), asked.on, asked.lessons)
    id_ = new_id()
    row = {
        "id": id_,
        "training_id": training["id"],
        "region_id": training["region_id"],
        "region_code": training["region_code"],
        "held_on": asked.on,
        "subject": check_text(asked.subject, "subject"),
        "lessons": asked.lessons,
    }
    await session.execute(insert(tt.training_session), row)
    await _attend(session, training, row, asked.person_ids)
    await _tell(session, row, 1)
    return id_


async def record_attendance(session: WriteSession, permit: Permit, asked: RecordAttendance) -> UUID:
    """Add people to those who attended a session; who is there already stays there once."""
    s = tt.training_session
    row = await lock(session, s, asked.session_id, "training_session")
    permit.require(row["region_code"], what="training_session")
    check_version(row["version"], asked.expected_version)
    training = await session.row(select(tt.training).where(tt.training.c.id == row["training_id"]))
    if training is None:
        raise LookupError("a session has its programme, in its region")
    if not await _attend(session, training, row, asked.person_ids):
        raise Refused(OrgProblem.NOTHING_CHANGES, "personIds")
    version = row["version"] + 1
    await session.execute(update(s).where(s.c.id == row["id"]).values(version=version))
    await _tell(session, row, version)
    return asked.session_id


async def take_back_attendance(session: WriteSession, permit: Permit, asked: TakeBackAttendance) -> UUID:
    """Take people out of those who attended a session, for all titles of theirs; the audit record keeps whom."""
    s, a = tt.training_session, tt.training_attendance
    row = await lock(session, s, asked.session_id, "training_session")
    permit.require(row["region_code"], what="training_session")
    check_version(row["version"], asked.expected_version)
    check_attendees(len(asked.person_ids))
    mine = (a.c.session_id == row["id"]) & a.c.person_id.in_(asked.person_ids)
    there = {one["person_id"] for one in await session.rows(select(a.c.person_id).where(mine))}
    if not there or not there.issuperset(asked.person_ids):
        raise Refused(OrgProblem.DID_NOT_ATTEND, "personIds")
    await session.execute(delete(a).where(mine))
    version = row["version"] + 1
    await session.execute(update(s).where(s.c.id == row["id"]).values(version=version))
    session.changed("training_attendance", row["id"], row["region_code"], taken_back=sorted(map(str, there)))
    await _tell(session, row, version)
    return asked.session_id


async def _attend(session: WriteSession, training: Any, held: Any, people: Sequence[UUID]) -> int:
    """Store who attended, each for the titles held that day within the region; return how many rows are new."""
    check_attendees(len(people))
    if not people:
        return 0
    d = t.duty
    mine = (
        select(d.c.person_id, d.c.title, d.c.region_id, d.c.region_code)
        .where(d.c.person_id.in_(people), d.c.title.in_(training["titles"]), in_force(d, held["held_on"]))
        .where(in_prefix(d.c.region_code, training["region_code"]))
        .order_by(d.c.region_code.desc())
    )
    duties: dict[UUID, dict[str, RowMapping]] = defaultdict(dict)
    for row in await session.rows(mine):
        duties[row["person_id"]][row["title"]] = row
    rows = [
        {**duties[person][title], "session_id": held["id"], "held_on": held["held_on"]}
        for person in dict.fromkeys(people)
        for title in attended_for(training["titles"], duties[person].keys())
    ]
    stored = await session.execute(upsert(tt.training_attendance).values(rows).on_conflict_do_nothing())
    return int(stored.rowcount)


async def _tell(session: WriteSession, row: Any, version: int) -> None:
    a = tt.training_attendance
    counted = select(func.count(a.c.person_id.distinct())).where(a.c.session_id == row["id"])
    attendees = int(await session.scalar(counted) or 0)
    session.changed("training_session", row["id"], row["region_code"], on=row["held_on"], attendees=attendees)
    event = events.TrainingHeld(
        training_session_id=row["id"],
        training_id=row["training_id"],
        held_on=row["held_on"],
        attendees=attendees,
        region_id=row["region_id"],
        region_code=row["region_code"],
    )
    await publish(session, event, row["id"], version, row["region_code"])
