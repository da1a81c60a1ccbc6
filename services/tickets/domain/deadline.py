"""When a period ends: 民法典 articles 201 to 203 and 1259, with pauses.

* The day on which it starts does not count; a period in hours runs from its start (201).
* A period of days ends at 24:00 of its last day; of months, on the day of the same number, or the last of that month
  when it has none (202).
* When a period of calendar days or months ends on a day that is not worked, it ends on the next working day (203).
* "Within n days" includes the n-th (1259): what is done before 24:00 of the last day is in time.
* While the clock pauses, hours do not run; of days, those count on which it ran from 0:00 to 24:00.
"""

from __future__ import annotations

import calendar as months_of
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from services.tickets.domain.calendar import DAY, WorkingCalendar, end_of, local_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_MONTHS = 12
_LONGEST = 3660
"""No period is longer: in its own unit."""


class Duration(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How long a period is, in one unit: working days, working hours (business hours), calendar days, months, hours."""

    working_days: int | None = None
    working_hours: int | None = None
    days: int | None = None
    months: int | None = None
    hours: int | None = None

    def __post_init__(self) -> None:
        given = [amount for amount in msgspec.structs.astuple(self) if amount is not None]
        if len(given) != 1 or not 1 <= given[0] <= _LONGEST:
            raise ValueError(f"a duration is one of working_days, working_hours, days, months, hours: 1 to {_LONGEST}")


class Pause(msgspec.Struct, frozen=True):
    """The clock stood still from `since` until `until`."""

    since: datetime
    until: datetime


class Due(msgspec.Struct, frozen=True):
    """When a period ends; provisional when it was counted over days whose holidays are not published yet."""

    at: datetime
    provisional: bool


def due(duration: Duration, started: datetime, calendar: WorkingCalendar, pauses: Sequence[Pause] = ()) -> Due:
    """Return when a period that started at `started` ends. What happens before that instant is in time."""
    if duration.hours is not None:
        return Due(_run(_always(started), timedelta(hours=duration.hours), pauses), provisional=False)
    start_day = local_day(started)
    if duration.working_hours is not None:
        ends = _run(calendar.open_periods(started), timedelta(hours=duration.working_hours), pauses)
    else:
        ends = end_of(_last_day(duration, start_day, calendar, pauses))
    last_day = local_day(ends - timedelta(microseconds=1))
    return Due(ends, provisional=not (calendar.is_published(start_day) and calendar.is_published(last_day)))


def moment_left(
    hours: int, within: int, started: datetime, calendar: WorkingCalendar, pauses: Sequence[Pause]
) -> datetime:
    """Return when `hours` of a period of `within` working hours are left: in business hours, after the pauses.

    There are two such moments when that is at a close of business: people are told at the next opening, not at night.
    `hours` are fewer than `within`, and at least 1.
    """
    return _run(calendar.open_periods(started), timedelta(hours=within - hours), pauses, before_closing=True)


def moment_after(hours: int, ends: datetime, calendar: WorkingCalendar) -> datetime:
    """Return when so many working hours, at least 1, have passed since a period ended: in business hours."""
    return _run(calendar.open_periods(ends), timedelta(hours=hours), (), before_closing=True)


def _last_day(duration: Duration, start: date, calendar: WorkingCalendar, pauses: Sequence[Pause]) -> date:
    paused = sorted(day for day in _paused_days(pauses) if day > start)
    if duration.working_days is not None:
        working = [day for day in paused if calendar.is_working(day)]
        return _with_skips(working, duration.working_days, lambda count: calendar.working_day_after(start, count))
    if duration.days is not None:
        last = _with_skips(paused, duration.days, lambda count: start + count * DAY)
    else:
        nominal = (_months_after(start, duration.months or 0) - start).days
        last = _with_skips(paused, nominal, lambda count: start + count * DAY)
    return calendar.on_or_after(last)


def _with_skips(skipped: Sequence[date], count: int, nth: Callable[[int], date]) -> date:
    """Return the `count`-th day of the sequence `nth` of which the days in `skipped` do not count."""
    last = nth(count)
    while True:
        later = nth(count + sum(day <= last for day in skipped))
        if later == last:
            return last
        last = later


def _months_after(day: date, count: int) -> date:
    year, month = divmod(day.year * _MONTHS + day.month - 1 + count, _MONTHS)
    return date(year, month + 1, min(day.day, months_of.monthrange(year, month + 1)[1]))


def _paused_days(pauses: Iterable[Pause]) -> set[date]:
    """Return the days on which the clock stood still for a while."""
    days: set[date] = set()
    for pause in pauses:
        first, last = local_day(pause.since), local_day(pause.until)
        days.update(first + number * DAY for number in range((last - first).days + 1))
    return days


def _always(started: datetime) -> Iterator[tuple[datetime, datetime]]:
    yield started, started + timedelta(hours=_LONGEST * 100)


def _run(
    periods: Iterator[tuple[datetime, datetime]],
    length: timedelta,
    pauses: Sequence[Pause],
    *,
    before_closing: bool = False,
) -> datetime:
    """Return when `length` has run, counting only what lies in `periods` and in no pause.

    With `before_closing`, what has run at the end of a period is over at the beginning of the next.
    """
    for opens, closes in periods:
        for since, until in _without(opens, closes, pauses):
            if since + length < until or (since + length == until and not before_closing):
                return since + length
            length -= until - since
    raise AssertionError("the periods go on")


def _without(opens: datetime, closes: datetime, pauses: Sequence[Pause]) -> Iterator[tuple[datetime, datetime]]:
    """Yield what of a period is left without the pauses, which are in order."""
    for pause in pauses:
        if pause.until <= opens or pause.since >= closes:
            continue
        if pause.since > opens:
            yield opens, pause.since
        opens = pause.until
    if opens < closes:
        yield opens, closes
