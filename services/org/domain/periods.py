"""Periods of days: from a first day, to the first day on which it no longer holds (None: open).

Half-open periods meet without gap or overlap: what ends on a day is followed by what begins on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chassis.problems import Refused
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

# The whole country keeps one time.
ZONE = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """Return today's calendar day where the practices are."""
    return datetime.now(ZONE).date()


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` until the day before `until`; an `until` of None leaves it open."""

    start: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether `day` lies in the period."""
        return self.start <= day and (self.until is None or day < self.until)

    @property
    def is_empty(self) -> bool:
        """Whether no day lies in it: what began was taken back on the same day."""
        return self.until is not None and self.until <= self.start

    def meets(self, other: Period) -> bool:
        """Tell whether the two have a day in common."""
        if self.is_empty or other.is_empty:
            return False
        return (other.until is None or self.start < other.until) and (self.until is None or other.start < self.until)

    def spans(self, other: Period) -> bool:
        """Tell whether every day of `other` lies in this one."""
        ends_with = self.until is None or (other.until is not None and other.until <= self.until)
        return other.is_empty or (self.start <= other.start and ends_with)


def most_at_once(periods: Iterable[Period], within: Period) -> int:
    """Return on how many of `periods` some one day of `within` lies, at the most."""
    meeting = [period for period in periods if period.meets(within)]
    starts = {max(period.start, within.start) for period in meeting}
    return max((sum(period.holds(day) for period in meeting) for day in starts), default=0)


def check_period(period: Period, *path: str) -> None:
    """Refuse a period that ends before it begins, or has no day. Raises Refused."""
    if period.is_empty:
        raise Refused(OrgProblem.PERIOD_REVERSED, *path, start=period.start, until=period.until)


def check_not_future(day: date, now: date, *path: str) -> None:
    """Refuse a day after `now`. Raises Refused."""
    if day > now:
        raise Refused(OrgProblem.DATE_IN_FUTURE, *path, date=day)


def ended(period: Period, on: date, *path: str) -> Period:
    """Return `period` ended on `on`, its first day without.

    Raises Refused when it ended by then already, or had not begun.
    """
    if period.until is not None and period.until <= on:
        raise Refused(OrgProblem.ALREADY_ENDED, *path, date=period.until)
    if on < period.start:
        raise Refused(OrgProblem.DATE_TOO_EARLY, *path, date=on, earliest=period.start)
    return Period(period.start, on)


def check_existence(existence: Period, needed: Period, what: str, *path: str) -> None:
    """Refuse a period in which `what` (a region, an organisation, ...) does not exist throughout. Raises Refused."""
    if not existence.spans(needed):
        raise Refused(OrgProblem.OUTSIDE_EXISTENCE, *path, what=what)
