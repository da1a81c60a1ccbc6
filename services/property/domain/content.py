"""What people write: limits, and what is refused."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from chassis.problems import CommonProblem, Refused
from services.property.domain.problems import PropertyProblem

ZONE = ZoneInfo("Asia/Shanghai")
LONGEST_NAME = 100
LONGEST_WORD = 2000

_LAYOUT = {"\n", "\t"}


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


def today() -> date:
    """Return the day in Asia/Shanghai."""
    return now().astimezone(ZONE).date()


def clean(text: str | None, field: str, most: int) -> str | None:
    """Return a text without the space around it; None when nothing is left.

    Raises Refused for one that is too long or holds control characters.
    """
    if text is None:
        return None
    text = text.replace("\r\n", "\n").strip()
    if len(text) > most:
        raise Refused(CommonProblem.TOO_LONG, field, field=field, limit=most)
    # What can be printed holds none of them: said at once of nearly every text.
    if not text.isprintable() and any(
        unicodedata.category(char) in {"Cc", "Cs"} and char not in _LAYOUT for char in text
    ):
        raise Refused(PropertyProblem.INVALID_TEXT, field, field=field)
    return text or None


def demanded(text: str | None, field: str, most: int = LONGEST_NAME) -> str:
    """Return a text that must be there. Raises Refused."""
    found = clean(text, field, most)
    if found is None:
        raise Refused(CommonProblem.REQUIRED, field, field=field)
    return found


def check_past(day: date, field: str) -> None:
    """Refuse a day after today. Raises Refused."""
    if day > today():
        raise Refused(PropertyProblem.DATE_IN_FUTURE, field, field=field)
