"""Process definitions and the calendar, read once: a stored version never changes, so it is remembered for good."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import func, select

from services.tickets.domain.calendar import CalendarRule, WorkingCalendar
from services.tickets.domain.process import Process
from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from chassis.database import ReadSession

_SECONDS = 5.0
"""How old the list of versions and the calendar may be; a ticket that is pinned to a newer version is found at once."""


@lru_cache(maxsize=4)
def _calendar(rule: bytes) -> WorkingCalendar:
    return WorkingCalendar(msgspec.json.decode(rule, type=CalendarRule))


def decoded(definition: Any) -> Process:
    """Return a stored definition."""
    return msgspec.convert(definition, Process)


class Processes:
    """What is known of processes and the calendar, in this program."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], Process] = {}
        self._titles: dict[str, frozenset[str]] = {}
        self._listed_at = -_SECONDS
        self._calendar = WorkingCalendar()
        self._calendar_at = -_SECONDS

    async def get(self, session: ReadSession, code: str, version: int) -> Process:
        """Return a version that a ticket is pinned to. Raises LookupError when it is not there."""
        if (code, version) not in self._known:
            await self._list(session)
        return self._known[code, version]

    async def latest(self, session: ReadSession, code: str) -> Process | None:
        """Return the newest version of a process, as this session sees it."""
        p = t.process_version
        version: int | None = await session.scalar(select(func.max(p.c.version)).where(p.c.code == code))
        return None if version is None else await self.get(session, code, version)

    async def every(self, session: ReadSession) -> tuple[Process, ...]:
        """Return all versions of all processes."""
        if time.monotonic() - self._listed_at > _SECONDS:
            await self._list(session)
        return tuple(self._known.values())

    async def titles(self, session: ReadSession) -> dict[str, frozenset[str]]:
        """Return for each process the duty titles that have to do with it, in any version."""
        await self.every(session)
        return self._titles

    async def calendar(self, session: ReadSession) -> WorkingCalendar:
        """Return the working calendar."""
        if time.monotonic() - self._calendar_at > _SECONDS:
            self._calendar = await read_calendar(session)
            self._calendar_at = time.monotonic()
        return self._calendar

    async def _list(self, session: ReadSession) -> None:
        p = t.process_version
        listed = await session.rows(select(p.c.code, p.c.version))
        missing = {(row["code"], row["version"]) for row in listed} - self._known.keys()
        if missing:
            for row in await session.rows(select(p.c.code, p.c.version, p.c.definition)):
                self._known.setdefault((row["code"], row["version"]), decoded(row["definition"]))
            titles: dict[str, frozenset[str]] = {}
            for process in self._known.values():
                titles[process.code] = titles.get(process.code, frozenset()) | process.titles()
            self._titles = titles
        self._listed_at = time.monotonic()


async def read_calendar(session: ReadSession) -> WorkingCalendar:
    """Return the calendar as it is stored now."""
    rule = await session.scalar(select(t.calendar_rule.c.rule).where(t.calendar_rule.c.id == 1))
    return _calendar(msgspec.json.encode(rule or {}, order="deterministic"))
