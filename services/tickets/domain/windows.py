"""How far a search looks at once: so many days as should hold a page, by how frequent the words are.

Days are numbered from 1970-01-01 in UTC and months from the year 0, as the index of words has them.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Self

PACED = 200
"""By how many tickets it is told how many a day has."""
_SELDOM = 0.001
"""The share of tickets that are taken to say words whose share is not known, for they are none of the frequent ones."""
_TIMES = 2.0
"""How many times as many tickets are looked through as should hold a page."""
_MANY_A_DAY = 300
"""From how many matches a day on tickets are compared with the words one by one: no window is less than a day."""
_MOST_COMPARED = 2000
_NARROWER, _WIDER = 8, 16
_DAYS_OF_MONTHS, _DAYS_OF_YEARS = 31, 400
"""Beyond how many days the index is asked for months, and beyond how many for no time at all."""
_EVER = 1_000_000
"""More days than any city's tickets go back."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY, _MOMENT = timedelta(days=1), timedelta(minutes=1)


class Window(NamedTuple):
    """Days in which is looked."""

    first: int
    end: int
    """The first day that is none of them."""

    @property
    def days(self) -> int:
        """How many it has."""
        return self.end - self.first

    def bounds(self) -> tuple[datetime, datetime]:
        """Return the instants at which it begins and ends."""
        return _begin(self.first), _begin(self.end)

    def marks(self) -> list[str]:
        """Return by what the index finds what lies within it: its days, or each month of which it has a part.

        Nothing for years, which narrow little and would have the index put together much.
        """
        if self.days <= _DAYS_OF_MONTHS:
            return [f"d{day}" for day in range(self.first, self.end)]
        if self.days > _DAYS_OF_YEARS:
            return []
        return [f"m{month}" for month in range(_month(self.first), _month(self.end - 1) + 1)]


class Ahead(NamedTuple):
    """What lies ahead of where a page begins, in its order."""

    next_at: datetime
    """When the next ticket was raised."""
    last_at: datetime
    """When the very last one was."""
    pace: float | None
    """How many tickets a day has there, about; None when there are no more than `PACED` in all."""

    @classmethod
    def of(cls, next_at: datetime, last_at: datetime, paced_at: datetime | None) -> Self:
        """Make it of when the next, the very last and, if there is one, that after `PACED` others were raised."""
        pace = None if paced_at is None else PACED * _DAY / max(abs(next_at - paced_at), _MOMENT)
        return cls(next_at, last_at, pace)

    def is_within(self, count: int) -> bool:
        """Return whether there are no more than so many tickets in all."""
        return self.pace is None and count >= PACED

    def window(self, before: Window | None, days: int) -> Window | None:
        """Return the window of at most so many days that follows another one; None when nothing lies there."""
        first, last = day_of(self.next_at), day_of(self.last_at)
        if first >= last:
            end = first + 1 if before is None else before.first
            return Window(max(last, end - days), end) if end > last else None
        start = first if before is None else before.end
        return Window(start, min(last + 1, start + days)) if start <= last else None


def day_of(at: datetime) -> int:
    """Return the number of an instant's day."""
    return (at - _EPOCH).days


def to_compare(share: float, size: int, pace: float | None) -> int:
    """Return how many of the tickets that come next are compared with words that a share of all say; 0 for none.

    All that are left when they are few; else so many as should hold a page of `size`, where a day (`pace` tickets) has
    more matches than are wanted.
    """
    if pace is None:
        return PACED if share else 0
    if share * pace <= _MANY_A_DAY:
        return 0
    enough = math.ceil(_TIMES * size / share)
    return enough if enough <= _MOST_COMPARED else 0


def days_for(share: float, size: int, pace: float | None) -> int:
    """Return how many days should hold a page of `size` tickets that say what a share of all say (0: unknown)."""
    if pace is None:
        return _EVER
    return min(_EVER, math.ceil(_TIMES * size / ((share or _SELDOM) * pace)))


def narrower(window: Window) -> int:
    """Return of how many days the window is to be instead, in which there was too much."""
    return max(1, window.days // _NARROWER)


def wider(window: Window, found: int, missing: int) -> int:
    """Return of how many days the next window is to be, when in this one so many were found and some are missing.

    Where nothing was found there is hardly anything: all the rest is looked up together.
    """
    if not found:
        return _EVER
    return min(_EVER, window.days * min(_WIDER, max(2, math.ceil(_TIMES * missing / found))))


def _begin(day: int) -> datetime:
    return _EPOCH + timedelta(days=day)


def _month(day: int) -> int:
    at = _begin(day)
    return 12 * at.year + at.month
