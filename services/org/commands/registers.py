"""Classify communities, count grids, award distinctions, pair partner units, check members in; and end each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import or_, select, text, update

from chassis.problems import Refused
from services.org.commands.assignments import assign, end_with_check_in
from services.org.commands.handing_over import hand_over_rows
from services.org.commands.places import check_kind, find, lock, standing_organisation
from services.org.commands.register_steps import end, enter, gone, place, place_of, where
from services.org.domain import register_events as events
from services.org.domain.assignments import Assignment
from services.org.domain.muster import check_community
from services.org.domain.people import PartyStatus
from services.org.domain.periods import Period
from services.org.domain.problems import OrgProblem
from services.org.domain.registers import (
    check_check_in,
    check_classified,
    check_remark,
)
from services.org.domain.staffing import check_count, check_grid
from services.org.storage import tables as t

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing

_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(hashtextextended('check-in ' || :person, 0))")


class ClassifyCommunity(msgspec.Struct, frozen=True):
    """What is asked: a community is of a type from a day on."""

    region_code: str
    type: str
    valid_from: date


class RecordCensus(msgspec.Struct, frozen=True):
    """What is asked: so many households and people live in a grid from a day on."""

    region_code: str
    households: int
    residents: int
    valid_from: date


class AwardDistinction(msgspec.Struct, frozen=True):
    """What is asked: a region, or a person there, holds a distinction from a day on."""

    kind: str
    region_code: str
    valid_from: date
    person_id: UUID | None = None
    reason: str | None = None


class CheckIn(msgspec.Struct, frozen=True):
    """What is asked: an in-service party member, or somebody of a `group`, serves in a region from a day on.

    With a branch or party group, a post, or both, they are assigned to it from the same day on.
    """

    person_id: UUID
    region_code: str
    valid_from: date
    unit_id: UUID | None = None
    group: str | None = None
    organisation_id: UUID | None = None
    post: str | None = None


async def classify_community(session: WriteSession, permit: Permit, asked: ClassifyCommunity) -> UUID:
    """Give a community a type; the one it had ends that day."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    check_community(region.code, region.level, "regionCode")
    p = t.community_profile
    if await session.row(select(t.community_type.c.code).where(t.community_type.c.code == asked.type)) is None:
        raise Refused(OrgProblem.UNKNOWN_COMMUNITY_TYPE, "type", type=asked.type[:40])
    held = await session.row(select(p).where(p.c.region_id == region.id, p.c.valid_to.is_(None)).with_for_update())
    check_classified(held["type"] if held else None, held["valid_from"] if held else None, asked.type, asked.valid_from)
    if held is not None:
        over = {"valid_to": asked.valid_from, "version": held["version"] + 1}
        await session.execute(update(p).where(p.c.id == held["id"]).values(**over))

    def told(row: dict[str, Any]) -> Event:
        return events.CommunityClassified(profile_id=row["id"], type=asked.type, **where(row))

    await enter(session, p, region, {"type": asked.type, "valid_from": asked.valid_from}, told)
    return region.id


async def record_census(session: WriteSession, permit: Permit, asked: RecordCensus) -> UUID:
    """Store a grid's count; the one before it ends that day. Return the grid."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    check_grid(region.code, region.level, "regionCode")
    count: dict[str, Any] = {
        "households": check_count(asked.households, "households"),
        "residents": check_count(asked.residents, "residents"),
    }
    c = t.census
    before = await session.row(select(c).where(c.c.region_id == region.id, c.c.valid_to.is_(None)).with_for_update())
    if before is not None:
        if asked.valid_from < before["valid_from"]:
            raise Refused(OrgProblem.DATE_TOO_EARLY, "validFrom", date=asked.valid_from, earliest=before["valid_from"])
        over = {"valid_to": asked.valid_from, "version": before["version"] + 1}
        await session.execute(update(c).where(c.c.id == before["id"]).values(**over))

    def told(row: dict[str, Any]) -> Event:
        return events.CensusRecorded(census_id=row["id"], **count, **where(row))

    await enter(session, c, region, {**count, "valid_from": asked.valid_from}, told)
    return region.id


async def award_distinction(session: WriteSession, permit: Permit, asked: AwardDistinction) -> UUID:
    """Award a distinction to a region or to a person there."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    await check_kind(session, "distinction", asked.kind)
    if asked.person_id is not None:
        await find(session, t.person, asked.person_id, OrgProblem.UNKNOWN_PERSON, "personId")
    row = {
        "kind": asked.kind,
        "person_id": asked.person_id,
        "reason": check_remark(asked.reason, "reason"),
        "valid_from": asked.valid_from,
    }

    def told(row: dict[str, Any]) -> Event:
        return events.DistinctionAwarded(
            distinction_id=row["id"], kind=asked.kind, person_id=asked.person_id, **where(row)
        )

    return await enter(session, t.distinction, region, row, told)


async def check_in(session: WriteSession, permit: Permit, asked: CheckIn) -> UUID:
    """Check an in-service party member in; two check-ins of one person wait for each other."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    person = await find(session, t.person, asked.person_id, OrgProblem.UNKNOWN_PERSON, "personId")
    if asked.unit_id is not None:
        await standing_organisation(session, asked.unit_id, asked.valid_from, "unitId")
    await session.execute(_TAKE_TURNS, {"person": str(asked.person_id)})
    c = t.check_in
    earlier = await session.rows(select(c.c.valid_from, c.c.valid_to).where(c.c.person_id == asked.person_id))
    periods = [Period(row["valid_from"], row["valid_to"]) for row in earlier]
    if asked.group is not None:
        await check_kind(session, "check_in", asked.group)
    check_check_in(PartyStatus(person["party_status"]), periods, Period(asked.valid_from), group=asked.group)

    def told(row: dict[str, Any]) -> Event:
        return events.CheckInBegun(
            check_in_id=row["id"], person_id=asked.person_id, unit_id=asked.unit_id, group=asked.group, **where(row)
        )

    row = {"person_id": asked.person_id, "unit_id": asked.unit_id, "group": asked.group, "valid_from": asked.valid_from}
    check_in_id = await enter(session, c, region, row, told)
    if asked.organisation_id is not None or asked.post is not None:
        wanted = Assignment(asked.organisation_id, asked.post, Period(asked.valid_from))
        await assign(session, await lock(session, c, check_in_id, "check_in"), wanted)
    return check_in_id


async def hand_over_check_ins(session: WriteSession, gone_id: UUID, into_id: UUID, on: date) -> None:
    """Let who checked in work for the organisation `into_id` that their unit is merged into on `on`."""
    c = t.check_in
    theirs = (c.c.unit_id == gone_id) & or_(c.c.valid_to.is_(None), c.c.valid_to > on)

    def told(row: RowMapping) -> Event:
        return events.CheckInHandedOver(
            check_in_id=row["id"], person_id=row["person_id"], unit_id=into_id, **place_of(row)
        )

    await hand_over_rows(session, c.c.unit_id, theirs, into_id, told)


async def end_distinction(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """Take a distinction back."""

    def told(row: RowMapping) -> Event:
        return events.DistinctionEnded(distinction_id=row["id"], kind=row["kind"], **gone(row, asked.on))

    return await end(session, permit, t.distinction, asked, told)


async def end_check_in(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """End a check-in, and with it what they were assigned to."""

    def told(row: RowMapping) -> Event:
        return events.CheckInEnded(check_in_id=row["id"], person_id=row["person_id"], **gone(row, asked.on))

    check_in_id = await end(session, permit, t.check_in, asked, told)
    await end_with_check_in(session, await lock(session, t.check_in, check_in_id, "check_in"), asked.on)
    return check_in_id
