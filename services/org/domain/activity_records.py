"""The record of an import file for activities."""

from __future__ import annotations

from datetime import date, time  # noqa: TC003 (msgspec reads annotations at run time)
from uuid import UUID  # noqa: TC003

from services.org.domain.activities import ActivityState
from services.org.domain.record_base import RecordBase


class ActivityRecord(RecordBase, frozen=True, tag="activity"):
    """An activity that is planned, was held, or was called off; who and what took part in it."""

    id: UUID
    kind: str
    title: str
    region_code: str
    on: date
    state: ActivityState = ActivityState.HELD
    starts_at: time | None = None
    organisation: UUID | None = None
    team: UUID | None = None
    station: UUID | None = None
    participants: int = 0
    people: tuple[UUID, ...] = ()
    teams: tuple[UUID, ...] = ()
    communities: tuple[str, ...] = ()
    ticket: UUID | None = None
    result: str | None = None
