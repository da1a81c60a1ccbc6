"""The number by which people quote a ticket: the day on which it was raised, and a running number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from services.tickets.domain.calendar import ZONE

if TYPE_CHECKING:
    from datetime import datetime

_NUMBER = re.compile(r"[0-9]{8}-[0-9]{6,}")


def number_of(at: datetime, counted: int) -> str:
    """Return the number of a ticket that was raised at an instant, as the so manieth of all."""
    return f"{at.astimezone(ZONE):%Y%m%d}-{counted:06d}"


def number_in(words: str) -> str | None:
    """Return the number that some words are, None when they are other words."""
    words = words.strip()
    return words if _NUMBER.fullmatch(words) else None
