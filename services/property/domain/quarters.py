"""Quarters of a year, written as 2026Q1."""

from __future__ import annotations

import re
from datetime import date

from chassis.problems import Refused
from services.property.domain.problems import PropertyProblem

_QUARTER = re.compile(r"(20[0-9]{2})Q([1-4])", re.ASCII)
_MONTHS = 3


def quarter_of(day: date) -> str:
    """Return the quarter of a day."""
    return f"{day.year:04d}Q{(day.month - 1) // _MONTHS + 1}"


def bounds_of(quarter: str, *path: str) -> tuple[date, date]:
    """Return the first day of a quarter and the first day after it. Raises Refused."""
    match = _QUARTER.fullmatch(quarter)
    if match is None:
        raise Refused(PropertyProblem.INVALID_QUARTER, *path)
    year, number = int(match[1]), int(match[2])
    following = (year + number // 4, number % 4)
    return date(year, (number - 1) * _MONTHS + 1, 1), date(following[0], following[1] * _MONTHS + 1, 1)


def next_of(quarter: str) -> str:
    """Return the quarter after one."""
    return quarter_of(bounds_of(quarter)[1])
