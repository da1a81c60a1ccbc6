"""Plan activities, record that they were held and who took part, or call them off."""

from __future__ import annotations

from datetime import date, time  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003

import msgspec
from sqlalchemy import insert, update

from chassis.ids import new_id
from services.org.commands.activity_parts import Joined, check_joining, joined_of
from services.org.commands.places import check_kind, find, hold_organisation, lock, lock_region, region_in_force
from services.org.commands.publishing import publish
from services.org.domain import activity_events as events
from services.org.domain.activities import (
    LONGEST_TITLE,
    ActivityState,
    Attendance,
    Part,
    check_attendance,
    check_held_on,
    check_optional,
    check_planned,
    check_text,
)
from services.org.domain.periods import Period, check_existence, today
from services.org.domain.problems import OrgProblem
from services.org.storage import tables as t
from services.org.storage.place_tables import activity, activity_part

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class PlanActivity(msgspec.Struct, frozen=True):
    """What is asked: something is held in a region on a day, by an organisation or a team, at a station."""

    kind: str
    title: str
    region_code: str
    on: date
    starts_at: time | None = None
    organisation_id: UUID | None = None
    team_id: UUID | None = None
    station_id: UUID | None = None
    team_ids: list[UUID] = []
    communities: list[str] = []
    ticket_id: UUID | None = None


class RecordActivity(msgspec.Struct, frozen=True):
    """What is asked: something was held that had not been planned."""

    plan: PlanActivity
    participants: int
    people: list[UUID] = []
    result: str | None = None


class HoldActivity(msgspec.Struct, frozen=True):
    """What is asked: a planned activity was held."""

    id: UUID
    expected_version: int
    participants: int
    on: date | None = None
    people: list[UUID] = []
    result: str | None = None


class CancelActivity(msgspec.Struct, frozen=True):
    """What is asked: a planned activity is called off."""

    id: UUID
    expected_version: int
    reason: str


async def plan_activity(session: WriteSession, permit: Permit, asked: PlanActivity) -> UUID:
    """Plan an activity; return it."""
    row, joined = await _new(session, permit, asked)
    await _enter(session, {**row, "state": ActivityState.PLANNED.value}, joined, ())
    await publish(session, events.ActivityPlanned(**_about(row), **_holders(row)), row["id"], 1, row["region_code"])
    activity_id: UUID = row["id"]
    return activity_id


async def record_activity(session: WriteSession, permit: Permit, asked: RecordActivity) -> UUID:
    """Record an activity that was held without having been planned here; return it."""
    row, joined = await _new(session, permit, asked.plan)
    check_held_on(asked.plan.on, today())
    attendance = await _attendance(session, asked.participants, asked.people)
    held = {"state": ActivityState.HELD.value, "participants": attendance.participants}
    await _enter(session, {**row, **held, "result": check_optional(asked.result, "result")}, joined, attendance.people)
    await _tell_held(session, row, 1, attendance, joined)
    activity_id: UUID = row["id"]
    return activity_id


async def hold_activity(session: WriteSession, permit: Permit, asked: HoldActivity) -> UUID:
    """Record that a planned activity was held, on its day or another."""
    row = await _planned(session, permit, asked.id, asked.expected_version)
    on = asked.on or row["on_day"]
    check_held_on(on, today())
    attendance = await _attendance(session, asked.participants, asked.people)
    joined = await joined_of(session, asked.id)
    changes = {
        "state": ActivityState.HELD.value,
        "on_day": on,
        "participants": attendance.participants,
        "result": check_optional(asked.result, "result"),
    }
    version = await _change(session, row, changes)
    await _name(session, asked.id, row["region_code"], attendance.people)
    session.changed("activity", asked.id, row["region_code"], held_on=on, participants=attendance.participants)
    await _tell_held(session, {**row, "on_day": on}, version, attendance, joined)
    return asked.id


async def cancel_activity(session: WriteSession, permit: Permit, asked: CancelActivity) -> UUID:
    """Call a planned activity off."""
    row = await _planned(session, permit, asked.id, asked.expected_version)
    changes = {"state": ActivityState.CANCELLED.value, "result": check_text(asked.reason, "reason")}
    version = await _change(session, row, changes)
    session.changed("activity", asked.id, row["region_code"], state=changes["state"])
    await publish(session, events.ActivityCancelled(**_about(row)), asked.id, version, row["region_code"])
    return asked.id


async def _new(session: WriteSession, permit: Permit, asked: PlanActivity) -> tuple[dict[str, Any], Joined]:
    """Return the row of a new activity, checked, and what joins it; the region is locked."""
    region = await region_in_force(session, asked.region_code, "regionCode")
    permit.require(region.code, what="region")
    await lock_region(session, region.id)
    title = check_text(asked.title, "title", LONGEST_TITLE)
    await check_kind(session, "activity", asked.kind)
    check_existence(region.existence, Period(asked.on), "region", "regionCode")
    if asked.organisation_id is not None:
        await hold_organisation(session, asked.organisation_id, "organisationId")
    for id_, table, unknown, path in (
        (asked.team_id, t.team, OrgProblem.UNKNOWN_TEAM, "teamId"),
        (asked.station_id, t.station, OrgProblem.UNKNOWN_STATION, "stationId"),
    ):
        if id_ is not None:
            await find(session, table, id_, unknown, path)
    joined = await check_joining(session, asked.kind, region, asked.on, asked.team_ids, asked.communities)
    row = {
        "id": new_id(),
        "kind": asked.kind,
        "title": title,
        "region_id": region.id,
        "region_code": region.code,
        "on_day": asked.on,
        "starts_at": asked.starts_at,
        "organisation_id": asked.organisation_id,
        "team_id": asked.team_id,
        "station_id": asked.station_id,
        "ticket_id": asked.ticket_id,
    }
    return row, joined


async def _attendance(session: WriteSession, participants: int, people: list[UUID]) -> Attendance:
    attendance = check_attendance(participants, people)
    for person in attendance.people:
        await find(session, t.person, person, OrgProblem.UNKNOWN_PERSON, "people")
    return attendance


async def _enter(session: WriteSession, row: dict[str, Any], joined: Joined, people: tuple[UUID, ...]) -> None:
    await session.execute(insert(activity), row)
    parts = [(Part.TEAM, one) for one in joined.teams] + [(Part.COMMUNITY, one) for one in joined.communities]
    stamp = {"activity_id": row["id"], "region_code": row["region_code"]}
    if parts:
        rows = [{**stamp, "thing_id": thing, "part": part.value} for part, thing in parts]
        await session.execute(insert(activity_part), rows)
    await _name(session, row["id"], row["region_code"], people)
    told = {name: row[name] for name in ("kind", "state", "on_day")}
    session.changed("activity", row["id"], row["region_code"], **told)


async def _name(session: WriteSession, id_: UUID, region_code: str, people: tuple[UUID, ...]) -> None:
    if people:
        stamp = {"activity_id": id_, "region_code": region_code, "part": Part.PERSON.value}
        await session.execute(insert(activity_part), [{**stamp, "thing_id": person} for person in people])


async def _planned(session: WriteSession, permit: Permit, id_: UUID, expected_version: int) -> RowMapping:
    row = await lock(session, activity, id_, "activity", expected_version)
    permit.require(row["region_code"], what="activity")
    check_planned(ActivityState(row["state"]))
    return row


async def _change(session: WriteSession, row: RowMapping, changes: dict[str, Any]) -> int:
    version: int = row["version"] + 1
    await session.execute(update(activity).where(activity.c.id == row["id"]).values(version=version, **changes))
    return version


async def _tell_held(session: WriteSession, row: Any, version: int, attendance: Attendance, joined: Joined) -> None:
    event = events.ActivityHeld(
        **_about(row),
        **_holders(row),
        participants=attendance.participants,
        people=attendance.people,
        teams=joined.teams,
        communities=joined.communities,
    )
    await publish(session, event, row["id"], version, row["region_code"])


def _about(row: Any) -> dict[str, Any]:
    return {"activity_id": row["id"], **{name: row[name] for name in ("kind", "on_day", "region_id", "region_code")}}


def _holders(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in ("organisation_id", "team_id", "station_id")}
