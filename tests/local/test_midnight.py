from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.midnight import LONG_ENOUGH, ZONE, time_to_wait


@given(st.timedeltas(timedelta(), timedelta(days=2)))
def test_what_begins_after_the_wait_ends_on_the_same_day(passed: timedelta) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC) + passed
    begins = now + time_to_wait(now)
    assert begins.astimezone(ZONE).date() == (begins + LONG_ENOUGH - timedelta(microseconds=1)).astimezone(ZONE).date()


def test_only_the_last_seconds_before_midnight_in_china_are_waited_for() -> None:
    assert time_to_wait(datetime(2026, 3, 1, 15, 59, 50, tzinfo=UTC)) == timedelta(seconds=10)
    assert time_to_wait(datetime(2026, 3, 1, 15, 59, 20, tzinfo=UTC)) == timedelta()
    assert time_to_wait(datetime(2026, 3, 1, 16, tzinfo=UTC)) == timedelta()
