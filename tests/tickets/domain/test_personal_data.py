"""How long personal data is kept, by rule."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.tickets.domain.calendar import ZONE
from services.tickets.domain.personal_data import PersonalData, kept_until, latest_over

_DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def until(rule: PersonalData, day: date) -> date:
    found = kept_until(rule, datetime.combine(day, datetime.max.time(), ZONE))
    assert found is not None
    return found


@given(st.integers(1, 120), _DAYS)
def test_the_sweep_of_a_day_takes_what_is_over_that_day_and_leaves_what_is_not(months: int, day: date) -> None:
    rule = PersonalData(months=months)
    last = latest_over(rule, day)
    assert until(rule, last) <= day < until(rule, last + timedelta(days=1))


def test_months_end_on_the_day_of_the_same_number_or_the_last() -> None:
    assert until(PersonalData(months=1), date(2026, 1, 31)) == date(2026, 2, 28)
    assert until(PersonalData(months=24), date(2026, 2, 28)) == date(2028, 2, 28)
    assert kept_until(PersonalData(), None) is None
