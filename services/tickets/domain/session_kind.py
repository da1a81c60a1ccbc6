"""Kinds of sessions that a practice holds regularly: a council with its days of the week (周二说事日、周末议事会)."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from chassis.problems import Refused
from services.tickets.domain.calendar import local_day
from services.tickets.domain.problems import TicketProblem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

_CODE = re.compile(r"[a-z][a-z0-9_]{0,49}")


class Weekday(StrEnum):
    """A day of the week, Monday first."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def zh(self) -> str:
        """Its name in Chinese."""
        return "周" + "一二三四五六日"[_WEEK.index(self)]

    @property
    def en(self) -> str:
        """Its name in English."""
        return self.value.capitalize()


_WEEK = list(Weekday)


class SessionKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A kind of session: its code, what the city calls it, and on which days of the week it is held."""

    code: str
    name_zh: str
    name_en: str
    days: tuple[Weekday, ...]

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code) or not self.name_zh.strip() or not self.name_en.strip():
            raise ValueError("a kind of session has a code of small letters, digits and _, and a name in each language")
        if not self.days or len(set(self.days)) != len(self.days):
            raise ValueError("a kind of session is held on at least one day of the week, each named once")

    def is_held_on(self, day: date) -> bool:
        """Tell whether sessions of the kind are held on a day, holiday or not."""
        return _WEEK[day.weekday()] in self.days


def check_kind(kinds: Mapping[str, SessionKind], code: str | None, starts_at: datetime) -> None:
    """Refuse a kind that the practice does not have, and a day on which it is not held. Raises Refused.

    The day is that of the city in which the session begins.
    """
    if code is None:
        return
    kind = kinds.get(code)
    if kind is None:
        raise Refused(TicketProblem.UNKNOWN_SESSION_KIND, "kind", kind=code[:50])
    day = local_day(starts_at)
    if not kind.is_held_on(day):
        raise Refused(
            TicketProblem.WRONG_SESSION_DAY,
            "startsAt",
            name_en=kind.name_en,
            name_zh=kind.name_zh,
            days_en=", ".join(one.en for one in kind.days),
            days_zh="、".join(one.zh for one in kind.days),
            day=day,
            day_en=_WEEK[day.weekday()].en,
            day_zh=_WEEK[day.weekday()].zh,
        )
