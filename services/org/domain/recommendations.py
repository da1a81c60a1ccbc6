"""推荐楼栋长、党员中心户: who is nominated for a duty, and whom the members of a branch recommend by secret vote.

A ballot names one of those nominated, or nobody. The practice says how many members must vote, and what share of them
somebody needs; a tie recommends nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.problems import Refused
from chassis.texts import demanded
from services.org.domain.people import PartyStatus
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from services.org.domain.duties import DutyTitle
    from services.org.domain.levels import Level

_HUNDRED = 100
MOST_DAYS = 366
MOST_NOMINEES = 10
FEWEST_ELECTORS = 3
"""With fewer, who voted for whom would be plain from the count."""
LONGEST_REASON = 200
NOBODY = UUID(int=0)
"""Stands on a ballot that names nobody, so that all ballots are of one length."""


class State(StrEnum):
    """How far a recommendation is."""

    NOMINATING = "NOMINATING"
    VOTING = "VOTING"
    RECOMMENDED = "RECOMMENDED"
    NOBODY_RECOMMENDED = "NOBODY_RECOMMENDED"
    ASSIGNED = "ASSIGNED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


OPEN = (State.NOMINATING, State.VOTING, State.RECOMMENDED)
"""What something can still come of."""


@dataclass(frozen=True, slots=True)
class RecommendationRule:
    """How a title is recommended: least share of electors who vote, share of these that is exceeded, within days."""

    title: str
    turnout_percent: int
    agree_percent: int
    days: int


@dataclass(frozen=True, slots=True)
class Result:
    """What a count found: votes of each nominee, ballots that named nobody, and who is recommended if anybody."""

    votes: Mapping[UUID, int]
    abstained: int
    recommended: UUID | None


def check_rule(rule: RecommendationRule, title: DutyTitle | None) -> None:
    """Refuse a rule for a title that is not held by region, or with shares and days that nothing fulfils."""
    if title is None or title.level is None:
        raise Refused(OrgProblem.UNKNOWN_DUTY_TITLE, "title", title=rule.title[:40])
    for name in ("turnout_percent", "agree_percent"):
        if not 0 <= getattr(rule, name) <= _HUNDRED - (name == "agree_percent"):
            raise Refused(OrgProblem.INVALID_COUNT, name, most=_HUNDRED)
    if not 0 < rule.days <= MOST_DAYS:
        raise Refused(OrgProblem.INVALID_COUNT, "days", most=MOST_DAYS)


def check_post(title: DutyTitle, code: str, level: Level, branch: str) -> None:
    """Refuse a region of another level than the title's, or one outside the branch's region. Raises Refused."""
    if title.level is not level:
        wanted = title.level.name if title.level else "-"
        names = {"title": title.code, "wanted": wanted, "code": code, "found": level.name}
        raise Refused(OrgProblem.WRONG_LEVEL, "regionCode", **names)
    if not code.startswith(branch):
        raise Refused(OrgProblem.NOT_OF_THIS_BRANCH, "organisationId", code=code)


def check_state(now: State, *wanted: State) -> None:
    """Refuse what a recommendation is not ready for, or is past. Raises Refused."""
    if now not in wanted:
        raise Refused(OrgProblem.RECOMMENDATION_STATE, "id", state=now.value)


def check_nominee(title: DutyTitle, status: PartyStatus, person: UUID, nominated: Collection[UUID]) -> None:
    """Refuse who could not hold the title, is nominated already, or is one too many. Raises Refused."""
    if title.party_member and status is PartyStatus.NONE:
        raise Refused(OrgProblem.PARTY_MEMBER_REQUIRED, "personId", title=title.code)
    if person in nominated:
        raise Refused(OrgProblem.ALREADY_NOMINATED, "personId")
    if len(nominated) >= MOST_NOMINEES:
        raise Refused(OrgProblem.TOO_MANY_NOMINEES, "personId", most=MOST_NOMINEES)


def check_reason(reason: str, field: str = "reason") -> str:
    """Return why, as it is stored. Raises Refused."""
    return demanded(reason, field, LONGEST_REASON, field)


def check_vote_opens(nominees: int, electors: int, now: datetime, closes_at: datetime, expires_on: date) -> None:
    """Refuse a vote on nobody, of too few, or that is over before it begins or after the recommendation expires."""
    if not nominees:
        raise Refused(OrgProblem.NOBODY_NOMINATED, "id")
    if electors < FEWEST_ELECTORS:
        raise Refused(OrgProblem.TOO_FEW_ELECTORS, "id", fewest=FEWEST_ELECTORS, electors=electors)
    if closes_at.tzinfo is None or closes_at <= now or closes_at.date() >= expires_on:
        raise Refused(OrgProblem.INVALID_CLOSING, "closesAt", last=expires_on - timedelta(days=1))


def check_ballot(choice: UUID | None, nominees: Collection[UUID], *, has_voted: bool) -> UUID:
    """Return what goes on the ballot. Raises Refused for a second ballot, or for who was not nominated."""
    if has_voted:
        raise Refused(OrgProblem.ALREADY_VOTED, "id")
    if choice is None:
        return NOBODY
    if choice not in nominees:
        raise Refused(OrgProblem.NOT_NOMINATED, "personId")
    return choice


def check_closed(now: datetime, closes_at: datetime, *, everybody_voted: bool) -> None:
    """Refuse to count while somebody may still vote. Raises Refused."""
    if now < closes_at and not everybody_voted:
        raise Refused(OrgProblem.VOTE_STILL_OPEN, "id")


def counted(ballots: Sequence[UUID], nominees: Collection[UUID], electors: int, rule: RecommendationRule) -> Result:
    """Return the result: who has more votes than anybody else, and more than the needed share of all ballots.

    Nobody is recommended when fewer than the needed share of the electors voted.
    """
    votes = {one: sum(ballot == one for ballot in ballots) for one in nominees}
    abstained, most = len(ballots) - sum(votes.values()), max(votes.values(), default=0)
    leading = [one for one, got in votes.items() if got == most]
    enough_came = len(ballots) * _HUNDRED >= rule.turnout_percent * electors
    enough_agree = most * _HUNDRED > rule.agree_percent * len(ballots)
    passed = enough_came and enough_agree and most > 0 and len(leading) == 1
    return Result(votes, abstained, leading[0] if passed else None)


def check_recommended(state: State, recommended: UUID | None, person: UUID, *, same_post: bool) -> None:
    """Refuse to give a duty on a recommendation of somebody else, for another post, or that is over."""
    check_state(state, State.RECOMMENDED)
    if recommended != person or not same_post:
        raise Refused(OrgProblem.NOT_RECOMMENDED, "recommendationId")
