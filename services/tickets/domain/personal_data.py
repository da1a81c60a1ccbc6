"""What a process collects of a person, what for, on which ground, and until when (个人信息保护法 articles 5 to 19)."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

from msgspec import Meta

from services.tickets.domain.calendar import ZONE, local_day
from services.tickets.domain.process_words import Part

Basis = Literal["statutory_duty", "consent", "contract", "emergency"]
"""Grounds of article 13: (3), (1), (2), (4)."""


class PersonalData(Part, frozen=True, kw_only=True):
    """What the requester's name, telephone number, words and files are for, and how many months after the end they go.

    By default a neighbourhood's own duty towards whoever brings something in (article 34).
    """

    purpose_zh: str = "办理所提事项、向提单人核实和反馈"
    purpose_en: str = "to handle what was brought in, to ask the requester and to tell them the result"
    basis: Basis = "statutory_duty"
    months: Annotated[int, Meta(ge=1, le=120)] = 24


BESIDE_TICKETS = PersonalData()
"""For what is said at sessions and in reports, which are of no process."""


def kept_until(rule: PersonalData, ended_at: datetime | None) -> date | None:
    """Return the first day on which they are erased; None as long as the matter is under way."""
    if ended_at is None:
        return None
    return _months_from(local_day(ended_at), rule.months)


def latest_over(rule: PersonalData, day: date) -> date:
    """Return the last day on which a matter may have ended whose personal data is erased on `day`."""
    back = _months_from(day, -rule.months)
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return back.replace(day=calendar.monthrange(back.year, back.month)[1]) if is_last else back


def end_of_latest_over(rule: PersonalData, day: date) -> datetime:
    """Return the instant before which a matter ended whose personal data is erased on `day`."""
    return datetime.combine(latest_over(rule, day) + timedelta(days=1), time.min, ZONE).astimezone(UTC)


def _months_from(day: date, months: int) -> date:
    """Return the day of the same number, or the month's last (民法典 article 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
