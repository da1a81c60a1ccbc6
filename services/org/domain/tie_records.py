"""The records of an import file for who looks after places, and what partner units do there."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from uuid import UUID  # noqa: TC003

import msgspec

from services.org.domain.record_base import RecordBase


class ContactRecord(RecordBase, frozen=True, tag="contact"):
    """Somebody who looks after a grid, a building or a unit, or one household in it."""

    id: UUID
    kind: str
    person: UUID
    region_code: str
    valid_from: date
    valid_to: date | None = None
    household: str | None = None
    pairing: UUID | None = None


class VisitRecord(RecordBase, frozen=True, tag="visit"):
    """A visit by who looks after a place."""

    id: UUID
    contact: UUID
    on: date
    household: str | None = None
    finding: str | None = None


class RecommendationRuleRecord(RecordBase, frozen=True, tag="recommendation_rule"):
    """How holders of a title are recommended by a branch."""

    title: str
    turnout_percent: int
    agree_percent: int
    days: int

    @property
    def key(self) -> str:
        """See the base."""
        return self.title


class NomineeRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who was nominated, with their votes where these were counted."""

    person: UUID
    votes: int = 0
    reason: str | None = None


class RecommendationRecord(RecordBase, frozen=True, tag="recommendation"):
    """A recommendation: under way, or with `electors` and `voted` one that was counted; `duty` was given on it."""

    id: UUID
    title: str
    region_code: str
    organisation: UUID
    opened_on: date
    nominees: tuple[NomineeRecord, ...] = ()
    electors: int | None = None
    voted: int | None = None
    duty: UUID | None = None
