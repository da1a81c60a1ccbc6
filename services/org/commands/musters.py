"""Give people their place for an emergency, and switch a community between peacetime and emergency (平急转换)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import func, insert, or_, select, text, update
from sqlalchemy.exc import IntegrityError

from chassis.ids import new_id
from chassis.problems import Refused
from services.org.commands.places import check_version, find, lock_region, region_in_force
from services.org.commands.publishing import publish
from services.org.commands.reserve import end_call_ups_in
from services.org.domain import events
from services.org.domain.muster import Mode, check_community, check_post, check_reason, switched
from services.org.domain.periods import Period, check_existence, ended, today
from services.org.domain.problems import OrgProblem
from services.org.storage import tables as t

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(hashtextextended('muster ' || :person, 0))")


class AssignMuster(msgspec.Struct, frozen=True):
    """What is asked: a person has a place in a group of a community, from a day on."""

    person_id: UUID
    group: str
    region_code: str
    valid_from: date
    post: str | None = None


class SwitchMode(msgspec.Struct, frozen=True):
    """What is asked: a community goes over to a mode, for a reason."""

    region_code: str
    mode: Mode
    reason: str
    expected_version: int


async def assign_muster(session: WriteSession, permit: Permit, asked: AssignMuster) -> UUID:
    """Give a person a place in a group; the place they had, in whatever community, ends that day."""
    region = await region_in_force(session, asked.region_code, "regionCode")
    permit.require(region.code, what="region")
    await lock_region(session, region.id)
    check_community(region.code, region.level, "regionCode")
    check_existence(region.existence, Period(asked.valid_from), "region", "validFrom")
    post = check_post(asked.post, "post")
    group = await session.row(select(t.muster_group).where(t.muster_group.c.code == asked.group))
    if group is None:
        raise Refused(OrgProblem.UNKNOWN_MUSTER_GROUP, "group", group=asked.group[:40])
    await find(session, t.person, asked.person_id, OrgProblem.UNKNOWN_PERSON, "personId")
    # Two who place a person at once take turns; the person's own row may not be the caller's to lock.
    await session.execute(_TAKE_TURNS, {"person": str(asked.person_id)})
    replaces = await _end_previous(session, permit, asked)
    row: dict[str, Any] = {
        "id": new_id(),
        "person_id": asked.person_id,
        "group_code": asked.group,
        "region_id": region.id,
        "region_code": region.code,
        "post": post,
        "valid_from": asked.valid_from,
    }
    try:
        await session.execute(insert(t.muster), row)
    except IntegrityError as error:
        # The place they have may lie where the caller does not see it.
        if "uq_muster_open_person" in str(error.orig):
            raise Refused(OrgProblem.ALREADY_MUSTERED, "personId") from error
        raise
    session.changed("muster", row["id"], region.code, person_id=asked.person_id, group=asked.group)
    event = events.MusterAssigned(
        muster_id=row["id"],
        person_id=asked.person_id,
        group=asked.group,
        region_id=region.id,
        region_code=region.code,
        valid_from=asked.valid_from,
        replaces=replaces,
    )
    await publish(session, event, event.muster_id, 1, region.code)
    return event.muster_id


async def switch_mode(session: WriteSession, permit: Permit, asked: SwitchMode) -> UUID:
    """Switch a community's mode; the event tells how it mustered, group by group."""
    region = await region_in_force(session, asked.region_code, "regionCode")
    permit.require(region.code, what="region")
    check_community(region.code, region.level, "regionCode")
    await lock_region(session, region.id)
    reason = check_reason(asked.reason, "reason")
    m = t.community_mode
    last = await session.row(select(m).where(m.c.region_id == region.id).order_by(m.c.version.desc()).limit(1))
    check_version(last["version"] if last else 0, asked.expected_version)
    mode = switched(Mode(last["mode"]) if last else Mode.PEACETIME, asked.mode)
    version = asked.expected_version + 1
    groups = await _mustered(session, region.id)
    row = {"region_id": region.id, "version": version, "region_code": region.code}
    mustered = {one.group: one.people for one in groups}
    await session.execute(insert(m), row | {"mode": mode.value, "reason": reason, "mustered": mustered})
    if mode is Mode.PEACETIME:
        await end_call_ups_in(session, region.id)
    session.changed("community_mode", region.id, region.code, mode=mode.value, reason=reason)
    event = events.ModeSwitched(
        region_id=region.id,
        region_code=region.code,
        mode=mode.value,
        reason=reason,
        groups=groups,
    )
    await publish(session, event, region.id, version, region.code)
    return region.id


async def _end_previous(session: WriteSession, permit: Permit, asked: AssignMuster) -> UUID | None:
    """End the place that a person has; return its id."""
    m = t.muster
    held = await session.row(
        select(m)
        .where(m.c.person_id == asked.person_id, or_(m.c.valid_to.is_(None), m.c.valid_to > asked.valid_from))
        .order_by(m.c.valid_from.desc())
        .limit(1)
        .with_for_update()
    )
    if held is None:
        return None
    permit.require(held["region_code"], what="muster")
    period = ended(Period(held["valid_from"], held["valid_to"]), asked.valid_from, "validFrom")
    await session.execute(
        update(m).where(m.c.id == held["id"]).values(valid_to=period.until, version=held["version"] + 1)
    )
    session.changed("muster", held["id"], held["region_code"], valid_to=period.until)
    muster_id: UUID = held["id"]
    return muster_id


async def _mustered(session: WriteSession, region_id: UUID) -> tuple[events.MusterCount, ...]:
    """Count who has a place in each group today, in the order of the groups."""
    m, g, day = t.muster, t.muster_group, today()
    in_force = (m.c.valid_from <= day) & or_(m.c.valid_to.is_(None), m.c.valid_to > day)
    rows = await session.rows(
        select(g.c.code, func.count(m.c.id).label("people"))
        .outerjoin(m, (m.c.group_code == g.c.code) & (m.c.region_id == region_id) & in_force)
        .group_by(g.c.code, g.c.position)
        .order_by(g.c.position, g.c.code)
    )
    return tuple(events.MusterCount(group=row["code"], people=row["people"]) for row in rows)
