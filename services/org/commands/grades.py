"""Give community workers posts and grades, assess them, step them up by the rule, and let them leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import insert, select, text, update

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from services.org.commands.places import find, lock, region_in_force
from services.org.commands.publishing import publish
from services.org.commands.register_steps import end, enter, gone, place, where
from services.org.domain import career_events as events
from services.org.domain.assessment import check_assessed_year, check_scores, result_of
from services.org.domain.grades import GradeReason, WorkerPost, check_years, entry_grade, grade_in, progress, stepped_up
from services.org.domain.muster import check_community
from services.org.domain.periods import check_not_future, today
from services.org.domain.problems import OrgProblem
from services.org.storage import career_tables as c
from services.org.storage import tables as t
from services.org.storage.grades import load_criteria, load_worker_assessments, post_of

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing

_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(hashtextextended('grade ' || :person, 0))")


class GradeWorker(msgspec.Struct, frozen=True):
    """What is asked: a worker enters a post in a community, or changes to another; the grade follows by rule."""

    person_id: UUID
    region_code: str
    post: str
    valid_from: date
    years_of_service: int = 0


class StepUpWorker(msgspec.Struct, frozen=True):
    """What is asked: a worker's grade goes a step up on a day."""

    id: UUID
    expected_version: int
    on: date


class AssessWorker(msgspec.Struct, frozen=True):
    """What is asked: a worker got these scores for a year, by criterion."""

    person_id: UUID
    year: int
    scores: dict[str, int]
    on: date


async def grade_worker(session: WriteSession, permit: Permit, asked: GradeWorker) -> UUID:
    """Give a worker a post; two who grade one person wait for each other."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    check_community(region.code, region.level, "regionCode")
    person = await find(session, t.person, asked.person_id, OrgProblem.UNKNOWN_PERSON, "personId")
    post = await _post(session, asked.post)
    served = check_years(asked.years_of_service, "yearsOfService")
    await session.execute(_TAKE_TURNS, {"person": str(asked.person_id)})
    latest = await _latest(session, asked.person_id)
    values: dict[str, Any] = {"person_id": asked.person_id, "post": post.code, "valid_from": asked.valid_from}
    values |= {"stepped_on": asked.valid_from, "reason": GradeReason.ENTERED.value}
    if latest is None or latest["valid_to"] is not None:
        _check_after(latest, asked.valid_from)
        values["grade"] = entry_grade(post, served, await _credited(session, person["education"]))
    else:
        permit.require(latest["region_code"], what="worker_grade")
        if (latest["post"], latest["region_id"]) == (post.code, region.id):
            raise Refused(OrgProblem.NOTHING_CHANGES, "post")
        values["grade"] = grade_in(post, latest["grade"])
        values["reason"] = GradeReason.CHANGED_POST.value
        if values["grade"] == latest["grade"]:
            values["stepped_on"] = latest["stepped_on"]
        await _give_way(session, latest, asked.valid_from)
    return await enter(session, c.worker_grade, region, values, _told)


async def step_up_worker(session: WriteSession, permit: Permit, asked: StepUpWorker) -> UUID:
    """Step a worker up, when the rule says that it is due; return the new grade."""
    row = await lock(session, c.worker_grade, asked.id, "worker_grade", asked.expected_version)
    permit.require(row["region_code"], what="worker_grade")
    check_not_future(asked.on, today(), "on")
    if row["valid_to"] is not None:
        raise Refused(OrgProblem.ALREADY_ENDED, "id", date=row["valid_to"])
    region = await region_in_force(session, row["region_code"], "id")
    post = await _post(session, row["post"])
    (assessed,) = await load_worker_assessments(session, [row["person_id"]])
    results = [(one["assessed_on"], one["result"]) for one in assessed]
    grade = stepped_up(post, row["grade"], progress(post, row["stepped_on"], results, asked.on), asked.on)
    await _give_way(session, row, asked.on)
    values = {"person_id": row["person_id"], "post": post.code, "grade": grade, "stepped_on": asked.on}
    values |= {"reason": GradeReason.STEPPED_UP.value, "valid_from": asked.on}
    return await enter(session, c.worker_grade, region, values, _told)


async def assess_worker(session: WriteSession, permit: Permit, asked: AssessWorker) -> UUID:
    """Enter the assessment of a worker who has a grade; one of the same year is replaced. Return the assessment."""
    await session.execute(_TAKE_TURNS, {"person": str(asked.person_id)})
    latest = await _latest(session, asked.person_id)
    if latest is None or latest["valid_to"] is not None:
        if await session.row(select(t.person.c.id).where(t.person.c.id == asked.person_id)) is None:
            raise NotFound(what="person")
        raise Refused(OrgProblem.NOT_GRADED, "personId")
    permit.require(latest["region_code"], what="worker_grade")
    check_not_future(asked.on, today(), "on")
    check_assessed_year(asked.year, today().year)
    criteria = await load_criteria(session)
    check_scores(criteria, asked.scores)
    values = {"scores": asked.scores, "result": result_of(criteria, asked.scores), "assessed_on": asked.on}
    row = await _keep(session, latest, asked, values)
    session.changed("worker_assessment", row["id"], row["region_code"], person_id=asked.person_id, year=asked.year)
    event = events.WorkerAssessed(
        worker_assessment_id=row["id"],
        person_id=asked.person_id,
        year=asked.year,
        region_id=row["region_id"],
        region_code=row["region_code"],
    )
    await publish(session, event, row["id"], row["version"], row["region_code"])
    return event.worker_assessment_id


async def end_worker_grade(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """Let a worker leave the post."""

    def told(row: RowMapping) -> Event:
        return events.WorkerGradeEnded(
            worker_grade_id=row["id"], person_id=row["person_id"], post=row["post"], **gone(row, asked.on)
        )

    return await end(session, permit, c.worker_grade, asked, told)


def _told(row: dict[str, Any]) -> Event:
    return events.WorkerGraded(worker_grade_id=row["id"], person_id=row["person_id"], post=row["post"], **where(row))


async def _post(session: WriteSession, code: str) -> WorkerPost:
    row = await session.row(select(c.worker_post).where(c.worker_post.c.code == code))
    if row is None:
        raise Refused(OrgProblem.UNKNOWN_WORKER_POST, "post", post=code[:40])
    return post_of(row)


async def _credited(session: WriteSession, education: str | None) -> int:
    years = select(c.grade_credit.c.years).where(c.grade_credit.c.education == education)
    return int(await session.scalar(years) or 0)


async def _latest(session: WriteSession, person_id: UUID) -> RowMapping | None:
    """Return the grade that a person got last, locked: the open one when there is one."""
    g = c.worker_grade
    mine = select(g).where(g.c.person_id == person_id)
    last_first = mine.order_by(g.c.valid_to.desc().nulls_first(), g.c.valid_from.desc())
    return await session.row(last_first.limit(1).with_for_update())


def _check_after(latest: RowMapping | None, on: date) -> None:
    if latest is not None and on < latest["valid_to"]:
        raise Refused(OrgProblem.DATE_TOO_EARLY, "validFrom", date=on, earliest=latest["valid_to"])


async def _give_way(session: WriteSession, row: RowMapping, on: date) -> None:
    """End a grade on the day on which the next begins; the next one's event tells of both."""
    if on < row["valid_from"]:
        raise Refused(OrgProblem.DATE_TOO_EARLY, "on", date=on, earliest=row["valid_from"])
    over = {"valid_to": on, "version": row["version"] + 1}
    await session.execute(update(c.worker_grade).where(c.worker_grade.c.id == row["id"]).values(**over))
    session.changed("worker_grade", row["id"], row["region_code"], valid_to=on)


async def _keep(
    session: WriteSession, graded: RowMapping, asked: AssessWorker, values: dict[str, Any]
) -> dict[str, Any]:
    a = c.worker_assessment
    mine = select(a).where(a.c.person_id == asked.person_id, a.c.year == asked.year)
    there = await session.row(mine.with_for_update())
    of = {"region_id": graded["region_id"], "region_code": graded["region_code"]}
    if there is not None:
        row = {**there, **of, **values, "version": there["version"] + 1}
        await session.execute(update(a).where(a.c.id == there["id"]).values(version=row["version"], **of, **values))
        return row
    row = {"id": new_id(), "person_id": asked.person_id, "year": asked.year, "version": 1, **of, **values}
    await session.execute(insert(a), row)
    return row
