"""雁阵工程、后备人才库: secretaries and reserves in a pool, stage by stage, with a mentor and a planned end.

Each stage is a period of its own. It ends by going on to another, by an appointment to a duty that the person holds
then, or by leaving for a reason; what became of somebody stays to be read.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from chassis.problems import CommonProblem, Refused
from services.org.domain.problems import OrgProblem
from services.org.domain.registers import check_remark

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from services.org.domain.periods import Period


class TalentOutcome(StrEnum):
    """How a stage in the pool ended."""

    ADVANCED = "ADVANCED"
    APPOINTED = "APPOINTED"
    LEFT = "LEFT"


def check_talent(person: UUID, mentor: UUID | None, period: Period, planned_to: date | None) -> None:
    """Refuse who is their own mentor, and a plan that ends before it begins. Raises Refused."""
    if person == mentor:
        raise Refused(OrgProblem.OWN_MENTOR, "mentorId")
    if planned_to is not None and planned_to <= period.start:
        raise Refused(OrgProblem.PERIOD_REVERSED, "plannedTo", start=period.start, until=planned_to)


def check_pooled(earlier: Iterable[Period], wanted: Period) -> None:
    """Refuse who is in a pool already in that time. Raises Refused."""
    if any(period.meets(wanted) for period in earlier):
        raise Refused(OrgProblem.ALREADY_IN_POOL, "personId")


def check_advanced(stage: str, mentor: UUID | None, wanted: str, wanted_mentor: UUID | None) -> None:
    """Refuse to go on to the stage and mentor that somebody has. Raises Refused."""
    if (stage, mentor) == (wanted, wanted_mentor):
        raise Refused(OrgProblem.NOTHING_CHANGES, "stage")


def outcome_of(duty: tuple[UUID, Period] | None, person: UUID, on: date, reason: str | None) -> TalentOutcome:
    """Return how somebody leaves the pool: appointed to a `duty` (whose it is, and when), or left for a reason.

    Raises Refused when the duty is another's or not held that day, and when neither is said.
    """
    if duty is not None:
        holder, period = duty
        if holder != person or not period.holds(on):
            raise Refused(OrgProblem.NOT_THEIR_DUTY, "dutyId")
        return TalentOutcome.APPOINTED
    if check_remark(reason, "reason") is None:
        raise Refused(CommonProblem.REQUIRED, "reason", field="reason")
    return TalentOutcome.LEFT
