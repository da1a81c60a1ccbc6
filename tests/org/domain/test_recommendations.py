"""Rules of recommendations: the count follows from the ballots alone, and a vote that is open is not counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.recommendations import (
    NOBODY,
    RecommendationRule,
    check_ballot,
    check_closed,
    check_vote_opens,
    counted,
)

PEOPLE = [UUID(int=number) for number in range(1, 5)]
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
RULES = st.builds(
    RecommendationRule, st.just("building_leader"), st.integers(0, 100), st.integers(0, 99), st.integers(1, 366)
)
BALLOTS = st.lists(st.sampled_from([NOBODY, *PEOPLE]), max_size=40)


@given(BALLOTS, st.integers(0, 20), RULES, st.randoms())
def test_the_result_is_a_matter_of_the_ballots_and_not_of_their_order(
    ballots: list[UUID], absent: int, rule: RecommendationRule, random: object
) -> None:
    electors = len(ballots) + absent
    result = counted(ballots, PEOPLE, electors, rule)
    shuffled = list(ballots)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    assert counted(shuffled, PEOPLE, electors, rule) == result
    assert sum(result.votes.values()) + result.abstained == len(ballots)
    if result.recommended is None:
        return
    votes = result.votes[result.recommended]
    assert all(votes > other for person, other in result.votes.items() if person != result.recommended)
    assert votes * 100 > rule.agree_percent * len(ballots)
    assert len(ballots) * 100 >= rule.turnout_percent * electors


@given(BALLOTS, st.sampled_from(PEOPLE))
def test_a_further_vote_for_who_is_recommended_changes_nothing(ballots: list[UUID], person: UUID) -> None:
    rule = RecommendationRule("building_leader", 50, 50, 30)
    if counted(ballots, PEOPLE, len(ballots), rule).recommended == person:
        more = [*ballots, person]
        assert counted(more, PEOPLE, len(more), rule).recommended == person


def test_shares_are_reached_by_turnout_and_exceeded_by_agreement() -> None:
    rule = RecommendationRule("building_leader", 60, 50, 30)
    one, other, *_ = PEOPLE
    assert counted([one, one, other], PEOPLE, 5, rule).recommended == one
    assert counted([one, one, other], PEOPLE, 6, rule).recommended is None
    assert counted([one, one, other, NOBODY], PEOPLE, 4, rule).recommended is None, "half is not more than half"
    assert counted([one, other], PEOPLE, 2, RecommendationRule("x", 0, 0, 1)).recommended is None, "a tie"
    assert counted([], PEOPLE, 0, RecommendationRule("x", 0, 0, 1)).recommended is None


@given(st.integers(0, 5), st.integers(0, 6), st.integers(-3, 40))
def test_a_vote_opens_on_somebody_for_three_members_until_a_day_in_time(
    nominees: int, electors: int, days: int
) -> None:
    closes, expires = NOW + timedelta(days=days), date(2026, 3, 31)
    fits = nominees > 0 and electors >= 3 and days > 0 and closes.date() < expires
    if fits:
        check_vote_opens(nominees, electors, NOW, closes, expires)
    else:
        with pytest.raises(Refused):
            check_vote_opens(nominees, electors, NOW, closes, expires)


def test_a_time_without_a_zone_closes_no_vote() -> None:
    with pytest.raises(Refused, match="INVALID_CLOSING"):
        check_vote_opens(1, 3, NOW, datetime(2026, 3, 5), date(2026, 3, 31))  # noqa: DTZ001


def test_a_ballot_names_somebody_who_is_nominated_or_nobody_once() -> None:
    assert check_ballot(None, PEOPLE, has_voted=False) == NOBODY
    assert check_ballot(PEOPLE[0], PEOPLE, has_voted=False) == PEOPLE[0]
    for choice, voted, code in ((NOBODY, False, "NOT_NOMINATED"), (PEOPLE[0], True, "ALREADY_VOTED")):
        with pytest.raises(Refused, match=code):
            check_ballot(choice, PEOPLE, has_voted=voted)


def test_counting_waits_until_nobody_can_vote_any_more() -> None:
    check_closed(NOW, NOW, everybody_voted=False)
    check_closed(NOW, NOW + timedelta(hours=1), everybody_voted=True)
    with pytest.raises(Refused, match="VOTE_STILL_OPEN"):
        check_closed(NOW, NOW + timedelta(hours=1), everybody_voted=False)
