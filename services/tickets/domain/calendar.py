"""The working calendar: weekly frame, statutory holidays, make-up working days (调休), business hours, one zone.

The State Council's yearly arrangements come from the package `chinesecalendar`. For a year whose arrangement is not
published yet only the weekly frame is known: what is counted over such days is marked provisional, and counted again
when the arrangement is there. Both kinds of exception can be given by hand too (`CalendarRule`).
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from datetime import date, datetime, time, timedelta
from importlib.metadata import version
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
from chinese_calendar.constants import holidays, workdays

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONE = ZoneInfo("Asia/Shanghai")
"""The whole country keeps one time."""

DAY = timedelta(days=1)
_SATURDAY = 5
_FIRST_PUBLISHED, _LAST_PUBLISHED = min(holidays).year, max(holidays).year


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Business hours of a working day, without a break: from `opens` until `closes`."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes or self.opens.tzinfo or self.closes.tzinfo:
            raise ValueError("business hours open before they close, in local time")


class CalendarRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a city adds to the national calendar."""

    business_hours: tuple[Hours, ...] = (Hours(time(8, 30), time(12)), Hours(time(13, 30), time(17, 30)))
    holidays: tuple[date, ...] = ()
    working_days: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        if not self.business_hours:
            raise ValueError("there must be business hours")
        if any(first.closes > second.opens for first, second in pairwise(self.business_hours)):
            raise ValueError("business hours are in order and do not overlap")
        if both := set(self.holidays) & set(self.working_days):
            raise ValueError(f"{min(both)} is both a holiday and a working day")


class WorkingCalendar:
    """Knows which days are worked and when."""

    def __init__(self, rule: CalendarRule | None = None) -> None:
        self.rule = rule or CalendarRule()
        self._holidays = frozenset(self.rule.holidays)
        self._working = frozenset(self.rule.working_days)
        self._years: dict[int, tuple[date, ...]] = {}
        facts = version("chinesecalendar").encode() + msgspec.json.encode(self.rule)
        self.label = f"{_LAST_PUBLISHED}:{hashlib.sha256(facts).hexdigest()[:12]}"
        """Names this calendar: clocks remember under which one they were counted."""

    def is_working(self, day: date) -> bool:
        """Tell whether `day` is worked."""
        if day in self._working:
            return True
        if day in self._holidays or day in holidays:
            return False
        return day in workdays or day.weekday() < _SATURDAY

    def is_published(self, day: date) -> bool:
        """Tell whether holidays and make-up days around `day` are known, not only the weekly frame."""
        return _FIRST_PUBLISHED <= day.year <= _LAST_PUBLISHED or day in self._holidays or day in self._working

    def working_day_after(self, day: date, count: int = 1) -> date:
        """Return the `count`-th working day after `day`, which itself does not count."""
        year, seen = day.year, bisect_right(self._of_year(day.year), day)
        while len(self._of_year(year)) - seen < count:
            count -= len(self._of_year(year)) - seen
            year, seen = year + 1, 0
        return self._of_year(year)[seen + count - 1]

    def working_day_before(self, day: date, count: int = 1) -> date:
        """Return the `count`-th working day before `day`, which itself does not count."""
        while count:
            day -= DAY
            count -= self.is_working(day)
        return day

    def on_or_after(self, day: date) -> date:
        """Return `day` when it is worked, else the next working day (民法典 article 203)."""
        return self.working_day_after(day - DAY)

    def open_periods(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the business hours from `start` on, without end, as instants."""
        day = start.astimezone(ZONE).date()
        while True:
            for hours in self.rule.business_hours if self.is_working(day) else ():
                closes = at(day, hours.closes)
                if closes > start:
                    yield max(start, at(day, hours.opens)), closes
            day += DAY

    def opens(self, day: date) -> datetime:
        """Return the instant at which business begins on `day`."""
        return at(day, self.rule.business_hours[0].opens)

    def _of_year(self, year: int) -> tuple[date, ...]:
        if year not in self._years:
            first, length = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
            days = (first + number * DAY for number in range(length))
            self._years[year] = tuple(day for day in days if self.is_working(day))
        return self._years[year]


def at(day: date, moment: time) -> datetime:
    """Return the instant of a local time."""
    return datetime.combine(day, moment, ZONE)


def end_of(day: date) -> datetime:
    """Return the instant at which `day` ends: its 24:00 (民法典 article 203)."""
    return at(day + DAY, time.min)


def local_day(instant: datetime) -> date:
    """Return the calendar day of an instant."""
    return instant.astimezone(ZONE).date()
