"""Days, months, quarters and years as the calendar has them in China, and when points expire."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.credit.domain.catalogue import Period

ZONE = ZoneInfo("Asia/Shanghai")

_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


def local_day(at: datetime) -> date:
    """Return the day in China of an instant."""
    return at.astimezone(ZONE).date()


def beginning(day: date) -> datetime:
    """Return the instant at which a day begins in China."""
    return datetime.combine(day, time.min, ZONE)


def after_months(day: date, months: int) -> date:
    """Return the first day of the month that lies `months` after the month of `day`."""
    counted = day.year * 12 + day.month - 1 + months
    return date(counted // 12, counted % 12 + 1, 1)


def period_of(day: date, period: Period) -> tuple[date, date]:
    """Return the first day of the period that `day` lies in, and the first day after it."""
    if period is Period.DAY:
        return day, day + timedelta(days=1)
    months = _MONTHS[period]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return first, after_months(first, months)


def expiry(day: date, valid_months: int | None) -> date | None:
    """Return the day on which points of `day` expire: after so many whole months, so that all of a month go as one."""
    return None if valid_months is None else after_months(day, valid_months + 1)


def same_day(day: date, months: int) -> date:
    """Return the same day so many months later; the last day of that month when it is shorter."""
    first = after_months(day, months)
    last = after_months(day, months + 1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)
