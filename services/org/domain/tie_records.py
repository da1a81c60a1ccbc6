"""The records of an import file for who looks after places, and what partner units do there."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import Literal
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
    ticket: UUID | None = None
    """What became of the finding, in the tickets service."""


class AllianceMemberRecord(RecordBase, frozen=True, tag="alliance_member"):
    """An organisation that belongs to an alliance; where the alliance lies."""

    id: UUID
    alliance: UUID
    organisation: UUID
    valid_from: date
    valid_to: date | None = None


class CoveringRecord(RecordBase, frozen=True, tag="covering"):
    """Which compounds an organisation covers from a day on; said once of each organisation."""

    organisation: UUID
    compounds: tuple[UUID, ...]
    valid_from: date

    @property
    def key(self) -> UUID:
        """See the base."""
        return self.organisation


class CheckInAssignmentRecord(RecordBase, frozen=True, tag="check_in_assignment"):
    """To which branch or party group, and which post, somebody who checked in is assigned."""

    id: UUID
    check_in: UUID
    valid_from: date
    valid_to: date | None = None
    organisation: UUID | None = None
    post: str | None = None


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


class FilingRuleRecord(RecordBase, frozen=True, tag="filing_rule"):
    """A title that is given on a filing alone, within `days` of it."""

    title: str
    days: int

    @property
    def key(self) -> str:
        """See the base."""
        return self.title


class DutyFilingRecord(RecordBase, frozen=True, tag="duty_filing"):
    """A filing: under review, or with `reviewed_on` and `verdict` one that was reviewed; `duty` was given on it."""

    id: UUID
    title: str
    region_code: str
    organisation: UUID
    person: UUID
    grounds: str
    submitted_on: date
    reviewed_on: date | None = None
    verdict: Literal["FILED", "RETURNED"] = "FILED"
    reason: str | None = None
    duty: UUID | None = None


class ContributionRuleRecord(RecordBase, frozen=True, tag="contribution_rule"):
    """What contributions of a kind count for in a year."""

    kind: str
    per: int
    points: int
    most: int

    @property
    def key(self) -> str:
        """See the base."""
        return self.kind


class PairingRuleRecord(RecordBase, frozen=True, tag="pairing_rule"):
    """How many problems of a compound a unit paired in this way helps to settle in a year."""

    kind: str
    fewest: int
    most: int

    @property
    def key(self) -> str:
        """See the base."""
        return self.kind


class ContributionRecord(RecordBase, frozen=True, tag="contribution"):
    """What a partner unit did where it is paired."""

    id: UUID
    pairing: UUID
    kind: str
    amount: int
    on: date
    note: str | None = None


class JointProblemRecord(RecordBase, frozen=True, tag="joint_problem"):
    """A problem of a list that a partner unit took on, and what came of it."""

    id: UUID
    pairing: UUID
    list_item: UUID
    taken_on: date
    compound: UUID | None = None
    settled_on: date | None = None
    result: str | None = None


TieRecord = (
    ContactRecord
    | VisitRecord
    | AllianceMemberRecord
    | CoveringRecord
    | CheckInAssignmentRecord
    | RecommendationRuleRecord
    | RecommendationRecord
    | FilingRuleRecord
    | DutyFilingRecord
    | ContributionRuleRecord
    | ContributionRecord
    | PairingRuleRecord
    | JointProblemRecord
)
"""The records of this module."""
