"""Keep the talent pool, and what workers are qualified for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select, text, update

from chassis.problems import Refused
from services.org.commands.places import check_kind, find, lock, region_in_force
from services.org.commands.publishing import publish
from services.org.commands.register_steps import end, enter, gone, place, where
from services.org.domain import training_events as events
from services.org.domain.muster import check_community
from services.org.domain.periods import Period, check_not_future, ended, today
from services.org.domain.problems import OrgProblem
from services.org.domain.registers import check_remark
from services.org.domain.talents import TalentOutcome, check_advanced, check_pooled, check_talent, outcome_of
from services.org.storage import tables as t
from services.org.storage.training_tables import qualification, talent

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing

_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(hashtextextended('pool ' || :person, 0))")


class PoolTalent(msgspec.Struct, frozen=True):
    """What is asked: a person is in a stage of the pool from a day on."""

    person_id: UUID
    region_code: str
    stage: str
    valid_from: date
    mentor_id: UUID | None = None
    planned_to: date | None = None


class AdvanceTalent(msgspec.Struct, frozen=True):
    """What is asked: somebody in the pool goes on to another stage, or gets another mentor, on a day."""

    id: UUID
    expected_version: int
    on: date
    stage: str
    mentor_id: UUID | None = None
    planned_to: date | None = None


class EndTalent(msgspec.Struct, frozen=True):
    """What is asked: somebody leaves the pool on a day: appointed to a duty, or for a reason."""

    id: UUID
    expected_version: int
    on: date
    duty_id: UUID | None = None
    reason: str | None = None


class QualifyWorker(msgspec.Struct, frozen=True):
    """What is asked: a worker of a community is qualified for a post or window from a day on."""

    person_id: UUID
    region_code: str
    kind: str
    valid_from: date


async def pool_talent(session: WriteSession, permit: Permit, asked: PoolTalent) -> UUID:
    """Take a person into the pool; two who take one person wait for each other."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    check_community(region.code, region.level, "regionCode")
    await check_kind(session, "talent", asked.stage)
    await find(session, t.person, asked.person_id, OrgProblem.UNKNOWN_PERSON, "personId")
    await session.execute(_TAKE_TURNS, {"person": str(asked.person_id)})
    earlier = select(talent.c.valid_from, talent.c.valid_to).where(talent.c.person_id == asked.person_id)
    periods = [Period(row["valid_from"], row["valid_to"]) for row in await session.rows(earlier)]
    check_pooled(periods, Period(asked.valid_from))
    values = await _values(session, asked.person_id, asked, asked.valid_from)
    return await enter(session, talent, region, values, _pooled)


async def advance_talent(session: WriteSession, permit: Permit, asked: AdvanceTalent) -> UUID:
    """End a stage and begin the next one that day; return the next one."""
    row = await lock(session, talent, asked.id, "talent", asked.expected_version)
    permit.require(row["region_code"], what="talent")
    check_not_future(asked.on, today(), "on")
    await check_kind(session, "talent", asked.stage)
    check_advanced(row["stage"], row["mentor_id"], asked.stage, asked.mentor_id)
    values = await _values(session, row["person_id"], asked, asked.on)
    await _leave(session, row, asked.on, outcome=TalentOutcome.ADVANCED.value)
    region = await region_in_force(session, row["region_code"], "id")
    return await enter(session, talent, region, values, _pooled)


async def end_talent(session: WriteSession, permit: Permit, asked: EndTalent) -> UUID:
    """Let a person leave the pool."""
    row = await lock(session, talent, asked.id, "talent", asked.expected_version)
    permit.require(row["region_code"], what="talent")
    check_not_future(asked.on, today(), "on")
    held = None
    if asked.duty_id is not None:
        duty = await find(session, t.duty, asked.duty_id, OrgProblem.UNKNOWN_DUTY, "dutyId")
        held = duty["person_id"], Period(duty["valid_from"], duty["valid_to"])
    outcome = outcome_of(held, row["person_id"], asked.on, asked.reason)
    reason = check_remark(asked.reason, "reason")
    await _leave(session, row, asked.on, outcome=outcome.value, duty_id=asked.duty_id, reason=reason)
    return asked.id


async def qualify_worker(session: WriteSession, permit: Permit, asked: QualifyWorker) -> UUID:
    """Record what a worker is qualified for; the community is locked, so that it is recorded once."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    check_community(region.code, region.level, "regionCode")
    await check_kind(session, "window", asked.kind)
    await find(session, t.person, asked.person_id, OrgProblem.UNKNOWN_PERSON, "personId")
    await session.execute(_TAKE_TURNS, {"person": str(asked.person_id)})
    q = qualification
    there = select(q.c.valid_from, q.c.valid_to).where(q.c.person_id == asked.person_id, q.c.kind == asked.kind)
    wanted = Period(asked.valid_from)
    if any(Period(row["valid_from"], row["valid_to"]).meets(wanted) for row in await session.rows(there)):
        raise Refused(OrgProblem.ALREADY_QUALIFIED, "personId")

    def told(row: dict[str, Any]) -> Event:
        return events.Qualified(qualification_id=row["id"], person_id=asked.person_id, kind=asked.kind, **where(row))

    values = {"person_id": asked.person_id, "kind": asked.kind, "valid_from": asked.valid_from}
    return await enter(session, q, region, values, told)


async def end_qualification(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """End a qualification."""

    def told(row: RowMapping) -> Event:
        return events.QualificationEnded(
            qualification_id=row["id"], person_id=row["person_id"], kind=row["kind"], **gone(row, asked.on)
        )

    return await end(session, permit, qualification, asked, told)


async def _values(
    session: WriteSession, person_id: UUID, asked: PoolTalent | AdvanceTalent, since: date
) -> dict[str, Any]:
    check_talent(person_id, asked.mentor_id, Period(since), asked.planned_to)
    if asked.mentor_id is not None:
        await find(session, t.person, asked.mentor_id, OrgProblem.UNKNOWN_PERSON, "mentorId")
    return {
        "person_id": person_id,
        "stage": asked.stage,
        "mentor_id": asked.mentor_id,
        "planned_to": asked.planned_to,
        "valid_from": since,
    }


async def _leave(session: WriteSession, row: RowMapping, on: date, **how: Any) -> None:
    """End a stage and tell of it; why somebody leaves is in no event and no audit record."""
    ended(Period(row["valid_from"], row["valid_to"]), on, "on")
    version = row["version"] + 1
    over = {"valid_to": on, "version": version, **how}
    await session.execute(update(talent).where(talent.c.id == row["id"]).values(**over))
    session.changed("talent", row["id"], row["region_code"], valid_to=on, outcome=how["outcome"])
    event = events.TalentLeft(talent_id=row["id"], person_id=row["person_id"], outcome=how["outcome"], **gone(row, on))
    await publish(session, event, row["id"], version, row["region_code"])


def _pooled(row: dict[str, Any]) -> Event:
    return events.TalentPooled(talent_id=row["id"], person_id=row["person_id"], kind=row["stage"], **where(row))
