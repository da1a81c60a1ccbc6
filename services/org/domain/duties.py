"""Duties: who holds which title of the practice, where and when, and the rules of taking one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.periods import Period, check_period, most_at_once
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from services.org.domain.levels import Level
    from services.org.domain.people import PartyStatus


class TeamRole(StrEnum):
    """What a duty title is in the 1+1+N team of a grid (网格服务队伍)."""

    GRID_LEADER = "GRID_LEADER"
    GRID_WORKER = "GRID_WORKER"
    BUILDING_LEADER = "BUILDING_LEADER"
    UNIT_LEADER = "UNIT_LEADER"


@dataclass(frozen=True, slots=True)
class DutyTitle:
    """A duty title (职务) of the practice and its rules.

    `level` is that of the regions it is held in, None for any; `organisation_kind` the kind of organisation it
    belongs to, None for any or none; `fewest` and `most` say how many hold it in one region at once, a `most` of None
    any number.
    """

    code: str
    name_zh: str
    name_en: str
    level: Level | None = None
    party_member: bool = False
    organisation_kind: str | None = None
    fewest: int = 0
    most: int | None = None
    team_role: TeamRole | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A duty that is held already: by whom and when."""

    person_id: UUID
    period: Period


@dataclass(frozen=True, slots=True)
class Candidate:
    """A duty that somebody is about to take, with what the rules ask about."""

    person_id: UUID
    party_status: PartyStatus
    period: Period
    region_code: str
    region_level: Level
    region_existence: Period
    organisation_kind: str | None = None
    organisation_existence: Period | None = None


def check_assignment(title: DutyTitle, candidate: Candidate, held: Sequence[Held]) -> None:
    """Refuse a duty that breaks a rule of its title; `held` are the duties of this title in this region.

    Raises Refused with the rule that it breaks.
    """
    check_period(candidate.period, "validTo")
    _check_place(title, candidate)
    if title.party_member and not candidate.party_status.is_member:
        raise Refused(OrgProblem.PARTY_MEMBER_REQUIRED, "personId", title=title.code)
    if any(one.person_id == candidate.person_id and one.period.meets(candidate.period) for one in held):
        raise Refused(OrgProblem.ALREADY_HELD, "personId")
    if title.most is not None and most_at_once((one.period for one in held), candidate.period) >= title.most:
        raise Refused(OrgProblem.POST_TAKEN, "title", title=title.code, code=candidate.region_code, most=title.most)


def _check_place(title: DutyTitle, candidate: Candidate) -> None:
    if title.level is not None and candidate.region_level is not title.level:
        raise Refused(
            OrgProblem.WRONG_LEVEL,
            "region",
            title=title.code,
            wanted=title.level.name,
            code=candidate.region_code,
            found=candidate.region_level.name,
        )
    if title.organisation_kind is not None and candidate.organisation_kind != title.organisation_kind:
        raise Refused(
            OrgProblem.WRONG_ORGANISATION_KIND,
            "organisationId",
            title=title.code,
            wanted=title.organisation_kind,
            found=candidate.organisation_kind or "none",
        )
    if not candidate.region_existence.spans(candidate.period):
        raise Refused(OrgProblem.OUTSIDE_EXISTENCE, "region", what="region")
    organisation = candidate.organisation_existence
    if organisation is not None and not organisation.spans(candidate.period):
        raise Refused(OrgProblem.OUTSIDE_EXISTENCE, "organisationId", what="organisation")
