"""Deadlines against a slow, obvious computation that walks day by day or minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.tickets.domain.calendar import ZONE, CalendarRule, Hours, WorkingCalendar
from services.tickets.domain.deadline import Duration, Pause, due
from tests.tickets.domain.generated import instants

CALENDAR = WorkingCalendar()
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def slow_days(start: date, duration: Duration, paused: set[date], calendar: WorkingCalendar) -> date:
    """The last day of a period of days: the start day does not count (201)."""
    day = start
    if duration.months is not None:
        month = start.month - 1 + duration.months
        year, month, number = start.year + month // 12, month % 12 + 1, start.day
        while True:
            try:
                target = date(year, month, number)
                break
            except ValueError:
                number -= 1
        left = (target - start).days
    else:
        left = duration.working_days or duration.days or 0
    while left:
        day += DAY
        if day in paused or (duration.working_days and not calendar.is_working(day)):
            continue
        left -= 1
    while duration.working_days is None and not calendar.is_working(day):
        day += DAY
    return day


def slow_minutes(start: datetime, duration: Duration, pauses: list[Pause], calendar: WorkingCalendar) -> datetime:
    """When a period in hours ends, for a start on a whole minute."""
    left = (duration.working_hours or duration.hours or 0) * 60
    at = start
    while left:
        local = at.astimezone(ZONE)
        inside = duration.hours is not None or (
            calendar.is_working(local.date())
            and any(one.opens <= local.time() < one.closes for one in calendar.rule.business_hours)
        )
        if inside and not any(pause.since <= at < pause.until for pause in pauses):
            left -= 1
        at += MINUTE
    return at


@st.composite
def paused(draw: st.DrawFn, start: datetime, scale: timedelta) -> list[Pause]:
    """Pauses after the start, in order."""
    pauses, at = [], start
    for _ in range(draw(st.integers(0, 3))):
        since = at + draw(st.integers(0, 6)) * scale
        at = since + draw(st.integers(1, 9)) * scale
        pauses.append(Pause(since, at))
    return pauses


@given(
    st.data(),
    instants,
    st.one_of(
        st.integers(1, 40).map(lambda n: Duration(working_days=n)),
        st.integers(1, 90).map(lambda n: Duration(days=n)),
        st.integers(1, 18).map(lambda n: Duration(months=n)),
    ),
)
def test_a_period_of_days_ends_where_counting_day_by_day_ends(
    data: st.DataObject, start: datetime, duration: Duration
) -> None:
    pauses = data.draw(paused(start, timedelta(hours=17)))
    days = set()
    for pause in pauses:
        day = pause.since.astimezone(ZONE).date()
        while day <= pause.until.astimezone(ZONE).date():
            days.add(day)
            day += DAY
    last = slow_days(start.astimezone(ZONE).date(), duration, days, CALENDAR)
    assert due(duration, start, CALENDAR, pauses).at == datetime.combine(last + DAY, time.min, ZONE)


@settings(max_examples=40)
@given(
    st.data(),
    instants,
    st.integers(1, 30).map(lambda n: Duration(working_hours=n)) | st.integers(1, 60).map(lambda n: Duration(hours=n)),
)
def test_a_period_of_hours_ends_where_counting_minute_by_minute_ends(
    data: st.DataObject, start: datetime, duration: Duration
) -> None:
    start = start.replace(second=0, microsecond=0)
    pauses = data.draw(paused(start, timedelta(minutes=100)))
    # The end is the last minute that runs, whole: no closed minutes follow it.
    assert due(duration, start, CALENDAR, pauses).at == slow_minutes(start, duration, pauses, CALENDAR)


@given(st.dates(date(2004, 1, 1), date(2026, 12, 31)), st.integers(1, 300))
def test_working_days_are_counted_as_a_walk_over_the_days_counts_them(day: date, count: int) -> None:
    after, left = day, count
    while left:
        after += DAY
        left -= CALENDAR.is_working(after)
    assert CALENDAR.working_day_after(day, count) == after
    assert CALENDAR.working_day_before(after + DAY, count) > day


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        ("2026-02-14", True),  # a Saturday worked for the Spring Festival (调休)
        ("2026-02-16", False),  # a Monday of the Spring Festival
        ("2026-02-28", True),  # a Saturday worked after it
        ("2026-10-01", False),
        ("2026-10-10", True),
        ("2026-11-23", True),
        ("2026-11-22", False),
    ],
)
def test_holidays_and_make_up_days_are_those_of_the_state_council(day: str, is_working: bool) -> None:
    assert CALENDAR.is_working(date.fromisoformat(day)) is is_working


@pytest.mark.parametrize(
    ("duration", "start", "end"),
    [
        # A Friday before the Spring Festival: the make-up Saturday counts, the festival does not.
        (Duration(working_days=2), "2026-02-13 09:00", "2026-02-25 00:00"),
        (Duration(working_days=1), "2026-02-13 23:59", "2026-02-15 00:00"),
        # Calendar days that end in the National Day holiday end after it (203).
        (Duration(days=3), "2026-09-29 10:00", "2026-10-09 00:00"),
        # No 31 September: the month's last day (202).
        (Duration(months=1), "2026-08-31 08:00", "2026-10-01 00:00"),
        # Business hours: 16:30 on a Friday leaves one hour, the rest is on Monday.
        (Duration(working_hours=4), "2026-11-20 16:30", "2026-11-23 11:30"),
        (Duration(hours=24), "2026-02-14 10:00", "2026-02-15 10:00"),
    ],
)
def test_known_deadlines(duration: Duration, start: str, end: str) -> None:
    ends = due(duration, beijing(start), CALENDAR)
    assert ends.at == beijing(end)
    assert not ends.provisional


def test_what_is_counted_over_unpublished_days_says_so() -> None:
    assert due(Duration(working_days=30), beijing("2026-12-20 09:00"), CALENDAR).provisional
    assert not due(Duration(hours=2000), beijing("2026-12-20 09:00"), CALENDAR).provisional
    assert WorkingCalendar().is_published(date(2026, 12, 31))
    assert not WorkingCalendar().is_published(date(2027, 1, 1))


def test_a_city_adds_holidays_working_days_and_hours_of_its_own() -> None:
    rule = CalendarRule(
        business_hours=(Hours(time(9), time(17)),),
        holidays=(date(2027, 2, 8),),
        working_days=(date(2027, 2, 13),),
    )
    calendar = WorkingCalendar(rule)
    assert not calendar.is_working(date(2027, 2, 8))
    assert calendar.is_working(date(2027, 2, 13))
    assert calendar.is_published(date(2027, 2, 8))
    assert due(Duration(working_hours=2), beijing("2027-02-05 16:00"), calendar).at == beijing("2027-02-09 10:00")
    assert calendar.label != CALENDAR.label


@pytest.mark.parametrize("wrong", [{}, {"days": 0}, {"days": 1, "hours": 1}, {"working_days": 99999}])
def test_a_duration_is_one_amount_in_one_unit(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="a duration is one of"):
        Duration(**wrong)


def test_an_offset_makes_no_difference() -> None:
    local = beijing("2026-03-02 00:30")
    assert due(Duration(working_days=1), local, CALENDAR) == due(
        Duration(working_days=1), local.astimezone(UTC), CALENDAR
    )
