"""Periods of absence, and who can stand in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.tickets.domain.absence import FARTHEST, LONGEST, Away, checked_period, may_stand_in
from services.tickets.domain.ticket import Held

TODAY = date(2026, 3, 2)
DAYS = st.integers(-400, 400).map(lambda days: TODAY + timedelta(days))
CODE = st.sampled_from(["3703", "370321", "370321002", "370321002001", "370321002001001", "370321002001002"])


@given(DAYS, DAYS)
def test_a_period_is_of_whole_days_ahead_and_not_too_long(first: date, last: date) -> None:
    sound = TODAY <= first <= last and last - first < LONGEST and first - TODAY <= FARTHEST
    if not sound:
        with pytest.raises(Refused):
            checked_period(first, last, TODAY)
        return
    away = checked_period(first, last, TODAY)
    assert (away.valid_from, away.valid_to - timedelta(days=1)) == (first, last)


@given(DAYS, st.integers(1, 9), DAYS, st.integers(1, 9))
def test_two_periods_overlap_when_they_have_a_day_in_common(first: date, long: int, other: date, longer: int) -> None:
    one, two = Away(first, first + timedelta(long)), Away(other, other + timedelta(longer))
    days = {first + timedelta(n) for n in range(long)} & {other + timedelta(n) for n in range(longer)}
    assert one.overlaps(two) == two.overlaps(one) == bool(days)


@given(CODE, CODE)
def test_a_deputy_is_in_duty_at_the_same_place_or_above(place: str, theirs: str) -> None:
    assert may_stand_in(Held("worker", place), [Held("any", theirs)]) == place.startswith(theirs)
    assert not may_stand_in(Held("worker", place), [])


@given(CODE, CODE, st.permutations(["team:police_team", "team:doctor_team", "checked_in:member", "checked_in:rider"]))
def test_a_member_of_a_team_and_who_checked_in_stand_in_for_their_own_alone(
    place: str, theirs: str, posts: list[str]
) -> None:
    own, *others = posts
    member = [Held(own, theirs)]
    assert may_stand_in(Held(own, place), member) == place.startswith(theirs)
    assert not any(may_stand_in(Held(other, place), member) for other in (*others, "secretary"))
    assert may_stand_in(Held(own, place), [Held("secretary", place)])
