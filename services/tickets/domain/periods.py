"""How a period falls into whole years, whole months and single days, for which counts are kept.

Days are days of the one zone (`calendar.ZONE`). An open end is everything before or after.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

_DAY = timedelta(days=1)
_DECEMBER = 12


class Span(StrEnum):
    """For how long a count is kept in one row."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Stretch(NamedTuple):
    """Spans of one length in a row: those that start from `first` to before `end`."""

    span: Span
    first: date
    end: date


def _next(span: Span, start: date) -> date:
    if span is Span.YEAR:
        return date(start.year + 1, 1, 1)
    if start.month == _DECEMBER:
        return date(start.year + 1, 1, 1)
    return date(start.year, start.month + 1, 1)


def _whole(span: Span, first: date, end: date) -> tuple[date, date]:
    """Return the whole spans inside [first, end), as [start, stop); the same day twice when there is none."""
    month = 1 if span is Span.YEAR else first.month
    start = date(first.year, month, 1)
    if start < first:
        start = _next(span, start)
    stop = date(end.year, 1 if span is Span.YEAR else end.month, 1)
    return (start, stop) if start < stop else (first, first)


def stretches(first: date | None, last: date | None) -> list[Stretch]:
    """Return the fewest spans that make up the days from `first` to `last`, both included; None is without end."""
    begin = date.min if first is None else first
    end = date.max if last is None or last == date.max else last + _DAY
    found: list[Stretch] = []
    if begin < end:
        _fill(found, (Span.YEAR, Span.MONTH, Span.DAY), begin, end)
    return found


def _fill(found: list[Stretch], spans: tuple[Span, ...], first: date, end: date) -> None:
    if first >= end:
        return
    span, *shorter = spans
    start, stop = (first, end) if span is Span.DAY else _whole(span, first, end)
    if start < stop:
        found.append(Stretch(span, start, stop))
        _fill(found, tuple(shorter), first, start)
        _fill(found, tuple(shorter), stop, end)
    elif shorter:
        _fill(found, tuple(shorter), first, end)
