"""How far a search looks at once."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.tickets.domain.windows import PACED, Ahead, Window, day_of, days_for, narrower, to_compare, wider

INSTANTS = st.datetimes(datetime(2001, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SHARES = st.sampled_from([0.0, 0.0005, 0.002, 0.01, 0.1, 0.5, 1.0])


@given(next_at=INSTANTS, last_at=INSTANTS, widths=st.lists(st.integers(1, 900), min_size=1))
def test_windows_follow_each_other_from_the_next_ticket_to_the_last_and_miss_no_day(
    next_at: datetime, last_at: datetime, widths: list[int]
) -> None:
    ahead, days, window = Ahead(next_at, last_at, 1.0), list[int](), None
    first, last = day_of(next_at), day_of(last_at)
    for width in [*widths, 1_000_000]:
        window = ahead.window(window, width)
        if window is None:
            break
        assert 0 < window.days <= width
        inside = list(range(window.first, window.end))
        days += inside if first < last else inside[::-1]
    assert days == list(range(first, last + 1) if first < last else range(first, last - 1, -1))
    assert window is None or ahead.window(window, 1) is None


@given(at=INSTANTS, first=st.integers(-700, 0), end=st.integers(1, 700))
def test_whatever_lies_in_a_window_has_one_of_its_marks(at: datetime, first: int, end: int) -> None:
    window = Window(day_of(at) + first, day_of(at) + end)
    begins, ends = window.bounds()
    assert begins <= at < ends
    marks = window.marks()
    assert not marks or {f"d{day_of(at)}", f"m{12 * at.year + at.month}"} & set(marks)
    assert bool(marks) == (window.days <= 400)
    assert len(marks) <= 31


@given(share=SHARES, size=st.integers(1, 101), pace=st.floats(0.01, 1e6))
def test_the_first_window_should_hold_two_pages_and_no_more_than_a_day_too_much(
    share: float, size: int, pace: float
) -> None:
    days = days_for(share, size, pace)
    assert days >= 1
    expected = (share or 0.001) * pace
    assert days == 1_000_000 or days * expected >= 2 * size * 0.999
    assert (days - 1) * expected <= 2 * size


@given(share=SHARES, size=st.integers(1, 101), pace=st.none() | st.floats(0.01, 1e6))
def test_tickets_are_compared_where_they_are_few_or_matches_are_many(
    share: float, size: int, pace: float | None
) -> None:
    count = to_compare(share, size, pace)
    if pace is None:
        assert count == (PACED if share else 0)
    elif count:
        assert share * pace > 300
        assert 2 * size <= count * share < 2 * size + 1
        assert count <= 2000


@given(first=st.integers(0, 20_000), days=st.integers(1, 5000), found=st.integers(0, 100), missing=st.integers(1, 100))
def test_windows_grow_by_what_is_missing_and_shrink_when_there_is_too_much(
    first: int, days: int, found: int, missing: int
) -> None:
    window = Window(first, first + days)
    grown = wider(window, found, missing)
    assert grown >= 1_000_000 if not found else 2 * days <= grown <= 16 * days
    assert found == 0 or grown >= 16 * days or grown * found >= 2 * missing * days
    narrow, steps = window, 0
    while narrow.days > 1:
        narrow, steps = Window(first, first + narrower(narrow)), steps + 1
    assert steps <= math.ceil(math.log(days, 8)) + 1


def test_the_pace_is_told_by_tickets_that_come_next() -> None:
    at = datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert Ahead.of(at, at, at - timedelta(days=2)).pace == PACED / 2
    assert Ahead.of(at, at, at + timedelta(days=2)).pace == PACED / 2
    few = Ahead.of(at, at - timedelta(days=2), None)
    assert (few.is_within(PACED), few.is_within(PACED - 1)) == (True, False)
    assert days_for(0.5, 20, few.pace) > 100_000
    assert Ahead.of(at, at, at).pace is not None
