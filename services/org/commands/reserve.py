"""Keep a community's reserve; call people up from it, say where they go, record who arrived, and end the call-up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import func, insert, select, text, update

from chassis.ids import new_id
from chassis.problems import Refused
from services.org.commands.places import check_kind, find, lock, lock_region, region_in_force
from services.org.commands.publishing import publish
from services.org.commands.register_steps import end, enter, gone, place, where
from services.org.domain import reserve_events as events
from services.org.domain.muster import Mode, check_community
from services.org.domain.periods import Period, today
from services.org.domain.problems import OrgProblem
from services.org.domain.reserve import (
    CallState,
    Reservist,
    answered,
    check_call_up,
    check_enrolled,
    check_words,
    chosen,
)
from services.org.storage import tables as t
from services.org.storage.in_force import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing

_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(hashtextextended('reserve ' || :person, 0))")


class EnrolReservist(msgspec.Struct, frozen=True):
    """What is asked: a person is in the reserve of a community from a day on."""

    person_id: UUID
    source: str
    region_code: str
    valid_from: date


class CallUp(msgspec.Struct, frozen=True):
    """What is asked: so many people of a community's reserve are called up."""

    region_code: str
    people: int
    purpose: str
    is_drill: bool = False


class PostCalledUp(msgspec.Struct, frozen=True):
    """What is asked: somebody who was called up goes somewhere."""

    call_up_id: UUID
    person_id: UUID
    post: str


class AnswerCallUp(msgspec.Struct, frozen=True):
    """What is asked: somebody who was called up has arrived or, with an `excuse`, does not come."""

    call_up_id: UUID
    person_id: UUID
    excuse: str | None = None


class EndCallUp(msgspec.Struct, frozen=True):
    """What is asked: a call-up is over."""

    id: UUID
    expected_version: int


async def enrol_reservist(session: WriteSession, permit: Permit, asked: EnrolReservist) -> UUID:
    """Enrol a person; two who enrol one person wait for each other."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    check_community(region.code, region.level, "regionCode")
    await check_kind(session, "reserve", asked.source)
    await find(session, t.person, asked.person_id, OrgProblem.UNKNOWN_PERSON, "personId")
    await session.execute(_TAKE_TURNS, {"person": str(asked.person_id)})
    r = t.reservist
    earlier = await session.rows(select(r.c.valid_from, r.c.valid_to).where(r.c.person_id == asked.person_id))
    check_enrolled([Period(row["valid_from"], row["valid_to"]) for row in earlier], Period(asked.valid_from))

    def told(row: dict[str, Any]) -> Event:
        return events.ReservistEnrolled(
            reservist_id=row["id"], person_id=asked.person_id, kind=asked.source, **where(row)
        )

    values = {"person_id": asked.person_id, "source": asked.source, "valid_from": asked.valid_from}
    return await enter(session, r, region, values, told)


async def end_reservist(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """Take a person out of the reserve."""

    def told(row: RowMapping) -> Event:
        return events.ReservistLeft(reservist_id=row["id"], person_id=row["person_id"], **gone(row, asked.on))

    return await end(session, permit, t.reservist, asked, told)


async def call_up(session: WriteSession, permit: Permit, asked: CallUp) -> UUID:
    """Call people up: who was called least lately first, nobody who is called up already."""
    region = await region_in_force(session, asked.region_code, "regionCode")
    permit.require(region.code, what="region")
    check_community(region.code, region.level, "regionCode")
    # Two call-ups of a community wait for each other, so that nobody is called by both.
    await lock_region(session, region.id)
    check_call_up(await _mode_of(session, region.id), is_drill=asked.is_drill, people=asked.people)
    purpose = check_words(asked.purpose, "purpose")
    reserve = await _available(session, region.id)
    called = chosen([Reservist(one["person_id"], one["last_called"]) for one in reserve], asked.people)
    id_, sources = new_id(), {one["person_id"]: one["source"] for one in reserve}
    row = {"id": id_, "region_id": region.id, "region_code": region.code, "asked": asked.people}
    await session.execute(insert(t.call_up), {**row, "purpose": purpose, "is_drill": asked.is_drill})
    people = [
        {
            "call_up_id": id_,
            "person_id": one.person_id,
            "region_code": region.code,
            "source": sources[one.person_id],
            "state": CallState.CALLED.value,
        }
        for one in called
    ]
    await session.execute(insert(t.called_up), people)
    session.changed("call_up", id_, region.code, asked=asked.people, called=len(people), is_drill=asked.is_drill)
    event = events.CallUpBegun(
        call_up_id=id_,
        people=tuple(one.person_id for one in called),
        is_drill=asked.is_drill,
        region_id=region.id,
        region_code=region.code,
    )
    await publish(session, event, id_, 1, region.code)
    return id_


async def post_called_up(session: WriteSession, permit: Permit, asked: PostCalledUp) -> UUID:
    """Say where somebody who was called up goes; saying it again sends them elsewhere."""
    row, _ = await _called(session, permit, asked.call_up_id, asked.person_id)
    post = check_words(asked.post, "post")
    await _set(session, row, asked.person_id, post=post)
    session.changed("call_up", row["id"], row["region_code"], person_id=asked.person_id, post=post)
    version = await _bump(session, row)
    facts = {name: row[name] for name in ("region_id", "region_code")}
    event = events.CallUpPosted(call_up_id=row["id"], person_id=asked.person_id, **facts)
    await publish(session, event, row["id"], version, row["region_code"])
    return asked.call_up_id


async def answer_call_up(session: WriteSession, permit: Permit, asked: AnswerCallUp) -> UUID:
    """Record that somebody arrived or is excused, now."""
    row, called = await _called(session, permit, asked.call_up_id, asked.person_id)
    excuse = None if asked.excuse is None else check_words(asked.excuse, "excuse")
    state = answered(CallState(called["state"]), CallState.ARRIVED if excuse is None else CallState.EXCUSED)
    values = {"state": state.value, "excuse": excuse, "answered_at": datetime.now(UTC)}
    await _set(session, row, asked.person_id, **values)
    version = await _bump(session, row)
    session.changed("call_up", row["id"], row["region_code"], person_id=asked.person_id, state=state.value)
    counts = await _counts(session, row["id"])
    event = events.CallUpAnswered(
        call_up_id=row["id"],
        person_id=asked.person_id,
        arrived=counts[CallState.ARRIVED],
        excused=counts[CallState.EXCUSED],
        region_id=row["region_id"],
        region_code=row["region_code"],
    )
    await publish(session, event, row["id"], version, row["region_code"])
    return asked.call_up_id


async def end_call_up(session: WriteSession, permit: Permit, asked: EndCallUp) -> UUID:
    """End a call-up."""
    row = await lock(session, t.call_up, asked.id, "call_up", asked.expected_version)
    permit.require(row["region_code"], what="call_up")
    await _end(session, row)
    return asked.id


async def end_call_ups_in(session: WriteSession, region_id: UUID) -> None:
    """End the call-ups of a community that returns to peacetime; drills go on."""
    c = t.call_up
    mine = select(c).where(c.c.region_id == region_id, c.c.ended_at.is_(None), c.c.is_drill.is_(False))
    for row in await session.rows(mine.order_by(c.c.id).with_for_update()):
        await _end(session, row)


async def _bump(session: WriteSession, row: RowMapping) -> int:
    """Count a change of a locked call-up; return its new version."""
    version = int(row["version"]) + 1
    await session.execute(update(t.call_up).where(t.call_up.c.id == row["id"]).values(version=version))
    return version


async def _end(session: WriteSession, row: RowMapping) -> None:
    if row["ended_at"] is not None:
        raise Refused(OrgProblem.CALL_UP_OVER, "id")
    version = row["version"] + 1
    over = {"ended_at": func.greatest(datetime.now(UTC), row["called_at"]), "version": version}
    await session.execute(update(t.call_up).where(t.call_up.c.id == row["id"]).values(**over))
    counts = await _counts(session, row["id"])
    called, arrived = sum(counts.values()), counts[CallState.ARRIVED]
    session.changed("call_up", row["id"], row["region_code"], ended=True, called=called, arrived=arrived)
    event = events.CallUpEnded(
        call_up_id=row["id"],
        called=called,
        arrived=arrived,
        region_id=row["region_id"],
        region_code=row["region_code"],
    )
    await publish(session, event, row["id"], version, row["region_code"])


async def _called(
    session: WriteSession, permit: Permit, call_up_id: UUID, person_id: UUID
) -> tuple[RowMapping, RowMapping]:
    """Return a call-up, locked, and how it stands with somebody in it. Raises NotFound and Refused."""
    row = await lock(session, t.call_up, call_up_id, "call_up")
    permit.require(row["region_code"], what="call_up")
    if row["ended_at"] is not None:
        raise Refused(OrgProblem.CALL_UP_OVER, "callUpId")
    p = t.called_up
    mine = select(p).where(p.c.call_up_id == call_up_id, p.c.person_id == person_id)
    called = await session.row(mine)
    if called is None:
        raise Refused(OrgProblem.NOT_CALLED_UP, "personId")
    return row, called


async def _set(session: WriteSession, row: RowMapping, person_id: UUID, **values: Any) -> None:
    p = t.called_up
    mine = (p.c.call_up_id == row["id"]) & (p.c.person_id == person_id)
    await session.execute(update(p).where(mine).values(**values))


async def _counts(session: WriteSession, call_up_id: UUID) -> dict[CallState, int]:
    p = t.called_up
    found = select(p.c.state, func.count().label("people")).where(p.c.call_up_id == call_up_id).group_by(p.c.state)
    counts = dict.fromkeys(CallState, 0)
    return counts | {CallState(row["state"]): row["people"] for row in await session.rows(found)}


async def _mode_of(session: WriteSession, region_id: UUID) -> Mode:
    m = t.community_mode
    last = select(m.c.mode).where(m.c.region_id == region_id).order_by(m.c.version.desc()).limit(1)
    row = await session.row(last)
    return Mode.PEACETIME if row is None else Mode(row["mode"])


async def _available(session: WriteSession, region_id: UUID) -> list[RowMapping]:
    """Return who is in a community's reserve today and not called up, with when they were last called."""
    r, p, c = t.reservist, t.called_up, t.call_up
    before = (
        select(
            p.c.person_id,
            func.max(c.c.called_at).label("last_called"),
            func.bool_or(c.c.ended_at.is_(None)).label("out"),
        )
        .join(c, c.c.id == p.c.call_up_id)
        .where(p.c.person_id.in_(select(r.c.person_id).where(r.c.region_id == region_id)))
        .group_by(p.c.person_id)
        .subquery()
    )
    statement = (
        select(r.c.person_id, r.c.source, before.c.last_called)
        .outerjoin(before, before.c.person_id == r.c.person_id)
        .where(r.c.region_id == region_id, in_force(r, today()), func.coalesce(before.c.out, False).is_(False))
    )
    return list(await session.rows(statement))
