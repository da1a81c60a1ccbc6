"""What people write: limits, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from chassis.problems import Refused
from services.property.domain.problems import PropertyProblem

ZONE = ZoneInfo("Asia/Shanghai")
LONGEST_NAME = 100
LONGEST_WORD = 2000


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


def today() -> date:
    """Return the day in Asia/Shanghai."""
    return now().astimezone(ZONE).date()


def check_past(day: date, field: str) -> None:
    """Refuse a day after today. Raises Refused."""
    if day > today():
        raise Refused(PropertyProblem.DATE_IN_FUTURE, field, field=field)
