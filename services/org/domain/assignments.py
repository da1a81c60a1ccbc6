"""下沉编组: to which branch or party group a member who checked in is assigned, and which post they take on there.

A member who reports where they live is known there by four things (认人认亲认事认岗): who they are, whom they look
after, what they do, and at which post. The person is the check-in's, whom they look after is said by contacts; the
branch or group, by where they live, and the post are said here, by date. A check-in has one assignment at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.people import PartyStatus
from services.org.domain.periods import Period, check_existence
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Branch:
    """An organisation that a member could be assigned to: where it lies, and whether its kind is a Party one."""

    region_code: str
    is_party: bool
    existence: Period


@dataclass(frozen=True, slots=True)
class Assignment:
    """To which branch and post, either of them or both, in a period."""

    organisation_id: UUID | None
    post: str | None
    period: Period


def check_said(wanted: Assignment, *path: str) -> None:
    """Refuse an assignment to nothing. Raises Refused with NOTHING_ASSIGNED."""
    if wanted.organisation_id is None and wanted.post is None:
        raise Refused(OrgProblem.NOTHING_ASSIGNED, *path)


def check_branch(branch: Branch, code: str, status: PartyStatus, period: Period, *path: str) -> None:
    """Refuse a branch that somebody who lives in the region `code` cannot belong to. Raises Refused.

    It is a Party organisation, for party members; it lies in or above the region; and it exists throughout.
    """
    if not branch.is_party:
        raise Refused(OrgProblem.NOT_A_PARTY_ORGANISATION, *path)
    if status is PartyStatus.NONE:
        raise Refused(OrgProblem.BRANCH_FOR_MEMBERS, *path)
    if not (code.startswith(branch.region_code) or branch.region_code.startswith(code)):
        raise Refused(OrgProblem.BRANCH_ELSEWHERE, *path, code=code, branch=branch.region_code)
    check_existence(branch.existence, period, "organisation", *path)


def check_follows(earlier: Sequence[Assignment], wanted: Assignment, check_in: Period, *path: str) -> None:
    """Refuse an assignment outside of the check-in, one that is there already, or before another one. Raises Refused.

    `earlier` are all of this check-in; the open one, if any, ends when `wanted` begins.
    """
    check_existence(check_in, wanted.period, "check-in", *path)
    for one in earlier:
        latest = one.period.start if one.period.until is None else one.period.until
        if wanted.period.start < latest:
            raise Refused(OrgProblem.DATE_TOO_EARLY, *path, date=wanted.period.start, earliest=latest)
        same = (one.organisation_id, one.post) == (wanted.organisation_id, wanted.post)
        if same and one.period.until is None:
            raise Refused(OrgProblem.NOTHING_CHANGES)


def cut(period: Period, on: date) -> Period | None:
    """Return what an assignment's period becomes when its check-in ends on `on`; None when it is over by then."""
    if period.until is not None and period.until <= on:
        return None
    return Period(period.start, max(on, period.start))
