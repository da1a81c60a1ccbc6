"""The rows and events that the activities of an import become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.org.domain import activity_events as events
from services.org.domain.activities import ActivityState, Part, check_optional, check_text
from services.org.domain.activity_records import ActivityRecord
from services.org.storage.place_tables import activity, activity_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from sqlalchemy import Table

    from chassis.events.event import Event
    from services.org.domain.practice_known import Known


def activity_rows(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of activities and of what took part in them."""
    records: list[ActivityRecord] = accepted[ActivityRecord]
    yield activity, [_activity(record, known) for record in records]
    yield (
        activity_part,
        [
            {"activity_id": record.id, "thing_id": thing, "part": part.value, "region_code": record.region_code}
            for record in records
            for part, things in _parts(record, known).items()
            for thing in things
        ],
    )


def activity_told(record: ActivityRecord, known: Known) -> Event:
    """Return what tells of an activity: how it stands with it."""
    about: dict[str, Any] = {
        "activity_id": record.id,
        "kind": record.kind,
        "on_day": record.on,
        "region_id": known.region(record.region_code).id,
        "region_code": record.region_code,
    }
    if record.state is ActivityState.CANCELLED:
        return events.ActivityCancelled(**about)
    about |= {"organisation_id": record.organisation, "team_id": record.team, "station_id": record.station}
    if record.state is ActivityState.PLANNED:
        return events.ActivityPlanned(**about)
    parts = _parts(record, known)
    return events.ActivityHeld(
        **about,
        participants=record.participants,
        people=parts[Part.PERSON],
        teams=parts[Part.TEAM],
        communities=parts[Part.COMMUNITY],
    )


def _parts(record: ActivityRecord, known: Known) -> dict[Part, tuple[UUID, ...]]:
    joined = (known.region(code).id for code in record.communities if code != record.region_code)
    return {
        Part.PERSON: tuple(dict.fromkeys(record.people)),
        Part.TEAM: tuple(dict.fromkeys(record.teams)),
        Part.COMMUNITY: tuple(dict.fromkeys(joined)),
    }


def _activity(record: ActivityRecord, known: Known) -> dict[str, Any]:
    return {
        "id": record.id,
        "kind": record.kind,
        "title": check_text(record.title, "title"),
        "region_id": known.region(record.region_code).id,
        "region_code": record.region_code,
        "state": record.state.value,
        "on_day": record.on,
        "starts_at": record.starts_at,
        "organisation_id": record.organisation,
        "team_id": record.team,
        "station_id": record.station,
        "ticket_id": record.ticket,
        "participants": record.participants,
        "result": check_optional(record.result, "result"),
    }
