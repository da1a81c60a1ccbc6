"""任职备案: whom the subdistrict nominates for a post in a Party organisation, and whether the district files it.

A practice says for which titles it is needed (小区党支部书记由街道提名、县区审核备案): such a title is given on a
filing alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.levels import Level
from services.org.domain.problems import OrgProblem
from services.org.domain.recommendations import check_reason

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from services.org.domain.duties import DutyTitle

MOST_DAYS = 366


class FilingState(StrEnum):
    """How far a filing is."""

    SUBMITTED = "SUBMITTED"
    FILED = "FILED"
    RETURNED = "RETURNED"
    ASSIGNED = "ASSIGNED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


OPEN = (FilingState.SUBMITTED, FilingState.FILED)
"""What something can still come of."""


class FilingVerdict(StrEnum):
    """What the district finds."""

    FILED = "FILED"
    RETURNED = "RETURNED"


@dataclass(frozen=True, slots=True)
class FilingRule:
    """A title that is given on a filing alone, within `days` of it."""

    title: str
    days: int


@dataclass(frozen=True, slots=True)
class Seat:
    """A post in an organisation, and who is to have it or has it."""

    title: str
    region_id: UUID
    organisation_id: UUID | None
    person_id: UUID


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What becomes of a filing by a review; `expires_on` is the first day on which nothing comes of it any more."""

    state: FilingState
    reason: str | None
    expires_on: date | None


def check_rule(rule: FilingRule, title: DutyTitle | None) -> None:
    """Refuse a rule for a title that is not held in an organisation of a community or below, or without days."""
    below = title is not None and title.level is not None and title.level.value >= Level.COMMUNITY.value
    if title is None or not below or title.organisation_kind is None:
        raise Refused(OrgProblem.UNKNOWN_DUTY_TITLE, "title", title=rule.title[:40])
    if not 0 < rule.days <= MOST_DAYS:
        raise Refused(OrgProblem.INVALID_COUNT, "days", most=MOST_DAYS)


def check_state(now: FilingState, *wanted: FilingState) -> None:
    """Refuse what a filing is not ready for, or is past. Raises Refused."""
    if now not in wanted:
        raise Refused(OrgProblem.FILING_STATE, "id", state=now.value)


def review(
    now: FilingState, verdict: FilingVerdict, reason: str | None, on: date, days: int, *, is_own: bool
) -> Reviewed:
    """Return what a review on a day makes of a filing; `is_own` when who reviews it submitted it.

    Whoever returns it says why. Raises Refused, also to who would review what they submitted.
    """
    check_state(now, FilingState.SUBMITTED)
    if is_own:
        raise Refused(OrgProblem.OWN_FILING, "id")
    if verdict is FilingVerdict.RETURNED:
        return Reviewed(FilingState.RETURNED, check_reason(reason or ""), None)
    remark = check_reason(reason) if reason else None
    return Reviewed(FilingState.FILED, remark, on + timedelta(days=days))


def check_given(state: FilingState, filed: Seat, wanted: Seat, reviewed_on: date | None, start: date) -> None:
    """Refuse a duty on a filing that is not filed, is for another seat, or was filed later than the duty begins."""
    if state is not FilingState.FILED or reviewed_on is None:
        raise Refused(OrgProblem.FILING_STATE, "filingId", state=state.value)
    if filed != wanted:
        raise Refused(OrgProblem.NOT_FILED, "filingId")
    if start < reviewed_on:
        raise Refused(OrgProblem.DATE_TOO_EARLY, "validFrom", date=start, earliest=reviewed_on)
