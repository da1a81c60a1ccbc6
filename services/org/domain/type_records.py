"""The records of an import file by which organisations are assessed, and communities given what their type needs."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import Any
from uuid import UUID  # noqa: TC003

import msgspec

from services.org.domain.assessment import CountedFrom  # noqa: TC001
from services.org.domain.record_base import RecordBase


class CapacityRecord(RecordBase, frozen=True, tag="capacity"):
    """One of the capacities that organisations are assessed by."""

    code: str
    name_zh: str
    name_en: str
    position: int
    weight: int = 1
    counted: CountedFrom | None = None
    full_points: int | None = None


class AssessmentLevelRecord(RecordBase, frozen=True, tag="assessment_level"):
    """A level, and the lowest result that reaches it, in hundredths."""

    code: str
    name_zh: str
    name_en: str
    least: int


class AllocationRuleRecord(RecordBase, frozen=True, tag="allocation_rule"):
    """What communities of a type are given of a kind in a year: each, and for each thousand households."""

    kind: str
    type: str
    each: int
    per_thousand: int = 0

    @property
    def key(self) -> tuple[Any, ...]:
        """See the base."""
        return self.kind, self.type


class AssessmentRecord(RecordBase, frozen=True, tag="assessment"):
    """How an organisation was assessed for a year: its score in each capacity, or the points it is counted from."""

    id: UUID
    organisation: UUID
    region_code: str
    year: int
    scores: dict[str, int]
    assessed_on: date
    points: dict[str, int] = msgspec.field(default_factory=dict)


class AllocationRecord(RecordBase, frozen=True, tag="allocation"):
    """What a community was given of a kind in a year, with the numbers of the rule; `amount` where it departs."""

    id: UUID
    kind: str
    region_code: str
    year: int
    type: str
    each: int
    allocated_on: date
    per_thousand: int = 0
    households: int = 0
    amount: int | None = None
    reason: str | None = None
