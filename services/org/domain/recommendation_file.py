"""The rules of an import file for recommendations: how they are made, and those that were made."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003

from chassis.problems import Refused
from services.org.domain.people import PartyStatus
from services.org.domain.problems import OrgProblem
from services.org.domain.recommendations import (
    FEWEST_ELECTORS,
    NOBODY,
    OPEN,
    RecommendationRule,
    Result,
    State,
    check_nominee,
    check_post,
    check_reason,
    check_recommended,
    check_rule,
    counted,
)

if TYPE_CHECKING:
    from services.org.domain import records as r
    from services.org.domain.practice_known import Known


def check_recommendation_rule(known: Known, record: r.RecommendationRuleRecord) -> bool:
    """Take a rule; the one that is known of a title is brought up to date. Raises Refused."""
    rule = RecommendationRule(record.title, record.turnout_percent, record.agree_percent, record.days)
    check_rule(rule, known.titles.get(record.title))
    known.recommendation_rules[record.title] = rule
    return True


def check_recommendation(known: Known, record: r.RecommendationRecord) -> bool:
    """Take a recommendation; what was counted follows from the votes, by the rule. Raises Refused."""
    if record.id in known.registered:
        return False
    title = known.titles.get(record.title)
    if title is None:
        raise Refused(OrgProblem.UNKNOWN_DUTY_TITLE, "title", title=record.title[:40])
    if record.title not in known.recommendation_rules:
        raise Refused(OrgProblem.NO_RECOMMENDATION_RULE, "title", title=record.title)
    if record.organisation not in known.branches:
        raise Refused(OrgProblem.UNKNOWN_ORGANISATION, "organisation")
    region = known.region(record.region_code)
    check_post(title, region.code, region.level, known.branches[record.organisation])
    nominated: set[UUID] = set()
    for one in record.nominees:
        check_nominee(title, known.people.get(one.person, PartyStatus.OTHER), one.person, nominated)
        if one.person not in known.people:
            raise Refused(OrgProblem.UNKNOWN_PERSON, "nominees")
        if one.reason is not None:
            check_reason(one.reason, "nominees")
        nominated.add(one.person)
    _check_counts(record)
    state, recommended = state_of(known, record)
    if record.duty is not None:
        duty = known.duties.get(record.duty)
        if duty is None:
            raise Refused(OrgProblem.UNKNOWN_DUTY, "duty")
        same = (duty.title, duty.region_code) == (record.title, region.code)
        check_recommended(State.RECOMMENDED, recommended, duty.person_id, same_post=same)
    if state in OPEN:
        if (record.title, region.code) in known.recommended_posts:
            raise Refused(OrgProblem.RECOMMENDATION_OPEN, "title")
        known.recommended_posts.add((record.title, region.code))
    known.registered.add(record.id)
    return True


def result_of(known: Known, record: r.RecommendationRecord) -> Result | None:
    """Return the result of a recommendation that was counted; None for one under way."""
    if record.electors is None or record.voted is None:
        return None
    ballots = [one.person for one in record.nominees for _ in range(one.votes)]
    ballots += [NOBODY] * (record.voted - len(ballots))
    nominees = [one.person for one in record.nominees]
    return counted(ballots, nominees, record.electors, known.recommendation_rules[record.title])


def state_of(known: Known, record: r.RecommendationRecord) -> tuple[State, UUID | None]:
    """Return how far a recommendation is, and whom the branch recommends."""
    result = result_of(known, record)
    if result is None:
        return State.NOMINATING, None
    if result.recommended is None:
        return State.NOBODY_RECOMMENDED, None
    return State.RECOMMENDED if record.duty is None else State.ASSIGNED, result.recommended


def _check_counts(record: r.RecommendationRecord) -> None:
    """Refuse votes without a count, and counts that do not fit each other. Raises Refused."""
    votes = [one.votes for one in record.nominees]
    if (record.electors is None) is not (record.voted is None):
        raise Refused(OrgProblem.INVALID_COUNT, "voted", most=record.electors or 0)
    electors, voted = record.electors or 0, record.voted or 0
    if record.electors is not None and electors < FEWEST_ELECTORS:
        raise Refused(OrgProblem.TOO_FEW_ELECTORS, "electors", fewest=FEWEST_ELECTORS, electors=electors)
    if min(votes, default=0) < 0 or not sum(votes) <= voted <= electors:
        raise Refused(OrgProblem.INVALID_COUNT, "voted", most=electors)
