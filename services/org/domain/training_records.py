"""The records of an import file for duty guides, training, the talent pool and qualifications."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import Any, Literal
from uuid import UUID  # noqa: TC003

import msgspec

from services.org.domain.record_base import RecordBase


class DutyGuideRecord(RecordBase, frozen=True, tag="duty_guide"):
    """What holders of a duty title, or teams of a kind, are there for; a changed guide has a higher version."""

    of: Literal["title", "team"]
    code: str
    version: int
    since: date
    name_zh: str
    name_en: str
    items: tuple[str, ...]

    @property
    def key(self) -> Any:
        """See the base."""
        return self.of, self.code, self.version


class TrainingRecord(RecordBase, frozen=True, tag="training"):
    """A programme of training for the holders of duty titles."""

    id: UUID
    region_code: str
    name: str
    titles: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None


class AttendeeRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who attended a session for a title that they held in a region."""

    person: UUID
    title: str
    region_code: str


class TrainingSessionRecord(RecordBase, frozen=True, tag="training_session"):
    """A session of a programme, and who attended."""

    id: UUID
    training: UUID
    region_code: str
    on: date
    subject: str
    lessons: int
    attendees: tuple[AttendeeRecord, ...] = ()


class TalentRecord(RecordBase, frozen=True, tag="talent"):
    """Somebody's stage in the talent pool of a community; one that is over `left` for a reason."""

    id: UUID
    person: UUID
    region_code: str
    stage: str
    valid_from: date
    valid_to: date | None = None
    mentor: UUID | None = None
    planned_to: date | None = None
    reason: str | None = None


class QualificationRecord(RecordBase, frozen=True, tag="qualification"):
    """What a worker of a community is qualified for."""

    id: UUID
    person: UUID
    region_code: str
    kind: str
    valid_from: date
    valid_to: date | None = None


TrainingRecords = DutyGuideRecord | TrainingRecord | TrainingSessionRecord | TalentRecord | QualificationRecord
"""The records of this module."""
