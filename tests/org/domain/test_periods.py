"""Periods, against a slow and obvious count of days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.periods import Period, check_not_future, check_period, ended, most_at_once

FIRST = date(2024, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(40)]
days = st.sampled_from(DAYS)
periods = st.builds(Period, days, st.none() | days)


@given(periods, periods)
def test_two_periods_meet_when_some_day_lies_in_both(one: Period, other: Period) -> None:
    assert one.meets(other) == any(one.holds(day) and other.holds(day) for day in DAYS)


@given(periods, periods)
def test_a_period_spans_another_when_all_its_days_lie_in_it(one: Period, other: Period) -> None:
    # A day far beyond stands for the open end.
    assert one.spans(other) == all(one.holds(day) for day in [*DAYS, date(2100, 1, 1)] if other.holds(day))


@given(st.lists(periods, max_size=8), periods)
def test_the_most_at_once_equals_the_busiest_day(many: list[Period], within: Period) -> None:
    busiest = max((sum(one.holds(day) for one in many) for day in DAYS if within.holds(day)), default=0)
    assert most_at_once(many, within) == busiest


@given(periods, days)
def test_an_ended_period_holds_until_its_end_and_not_on_it(period: Period, on: date) -> None:
    try:
        result = ended(period, on)
    except Refused as refused:
        assert on < period.start or (period.until is not None and period.until <= on)
        assert refused.problem.code in {"DATE_TOO_EARLY", "ALREADY_ENDED"}  # noqa: PT017
        return
    assert [result.holds(day) for day in DAYS] == [period.holds(day) and day < on for day in DAYS]


@given(periods)
def test_a_period_without_a_day_is_refused(period: Period) -> None:
    if any(period.holds(day) for day in DAYS):
        check_period(period, "validTo")
    else:
        with pytest.raises(Refused, match="PERIOD_REVERSED"):
            check_period(period, "validTo")


def test_a_day_after_today_is_refused() -> None:
    check_not_future(FIRST, FIRST)
    with pytest.raises(Refused, match="DATE_IN_FUTURE"):
        check_not_future(FIRST + timedelta(days=1), FIRST, "effectiveOn")
