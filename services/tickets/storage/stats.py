"""Statistics of tickets by region; they count what the caller sees, as lists do.

Where counts are kept (`tally.py`) they are read; smaller regions and the days at the ends of a community's period are
counted from the tickets, which are few there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, Text, and_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.tickets.domain.calendar import end_of
from services.tickets.domain.periods import Stretch, stretches
from services.tickets.storage import tables as t
from services.tickets.storage import tally
from services.tickets.storage.areas import Area, areas
from services.tickets.storage.prefixes import in_prefix
from services.tickets.storage.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from chassis.database import ReadSession
    from services.tickets.access import Visibility

_DAY = timedelta(days=1)

Counts = Counter[tuple[str, str]]
"""How many, by process and what is counted (keys of the view `ticket_count`)."""


class Which(NamedTuple):
    """Which tickets are counted: of a process (None: all), raised from one day to another, both included."""

    process: str | None
    raised_from: date | None
    raised_to: date | None
    seen: Visibility

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions on tickets, but for what is seen."""
        c = t.ticket.c
        found: list[ColumnElement[bool]] = []
        if self.process is not None:
            found.append(c.process == self.process)
        if self.raised_from is not None:
            found.append(c.raised_at >= end_of(self.raised_from - _DAY))
        if self.raised_to is not None:
            found.append(c.raised_at < end_of(self.raised_to))
        return found


class Key(NamedTuple):
    """Statistics of one region."""

    prefix: str
    which: Which

    def is_seen_whole(self) -> bool:
        """Tell whether every ticket of the region is seen."""
        return any(self.prefix.startswith(one) for one in self.which.seen.everything_in)


class _Read(NamedTuple):
    """A statement for several regions at once; what is alike is read together."""

    of: tuple[str | None, tuple[str, ...]]
    kept: tuple[Stretch, ...]
    counted: tuple[date, date] | None

    def statement(self, prefixes: list[str]) -> tuple[Executable, dict[str, Any]]:
        """Return it with its parameters."""
        process, but = self.of
        shared = {"prefixes": prefixes, "process": process, "but": list(but)}
        if self.counted is not None:
            return tally.COUNT, shared | {"first": self.counted[0], "end": self.counted[1]}
        return tally.READ, shared | {
            "spans": [one.span.value for one in self.kept],
            "firsts": [one.first for one in self.kept],
            "ends": [one.end for one in self.kept],
        }


def _reads(area: Area, which: Which) -> Iterator[_Read]:
    spans = tally.SPANS.get(len(area.prefix), ())
    asked = stretches(which.raised_from, which.raised_to)
    kept = tuple(one for one in asked if one.span in spans)
    if kept:
        yield _Read(area[1:], kept, None)
        for one in asked:
            if one.span not in spans:
                yield _Read(area[1:], (), (one.first, one.end))
    elif asked:
        yield _Read(area[1:], (), (min(one.first for one in asked), max(one.end for one in asked)))


async def load_stats(session: ReadSession, keys: list[Key]) -> list[Counts]:
    """Return all counts of each key, but for what time alone changes."""
    found: dict[Key, Counts] = {key: Counter() for key in keys}
    wanted: dict[_Read, dict[str, list[Key]]] = defaultdict(lambda: defaultdict(list))
    for key in found:
        for area in areas(key.prefix, key.which.process, key.which.seen):
            for read in _reads(area, key.which):
                wanted[read][area.prefix].append(key)
    for read, by_prefix in wanted.items():
        for row in await session.rows(*read.statement(sorted(by_prefix))):
            for key in by_prefix[row["prefix"]]:
                found[key][row["process"], row["key"]] += row["n"]
    for key, counts in found.items():
        if not key.is_seen_whole():
            counts.update(await _own(session, key))
    return [found[key] for key in keys]


async def _own(session: ReadSession, key: Key) -> Counts:
    """Count the tickets that somebody sees only because they raised them: they are few."""
    c, which = t.ticket.c, key.which
    mine = select(c.id, c.process, c.region_code).where(
        c.requester == which.seen.subject, in_prefix(c.region_code, key.prefix), *which.conditions()
    )
    others = areas(key.prefix, which.process, which.seen)
    ids = [
        row["id"]
        for row in await session.rows(mine)
        if not any(area.holds(row["process"], row["region_code"]) for area in others)
    ]
    rows = await session.rows(tally.COUNT_SINGLE, {"ids": ids}) if ids else ()
    return Counter({(row["process"], row["key"]): row["n"] for row in rows})


async def load_overdue(session: ReadSession, keys: list[Key]) -> list[int]:
    """Return for each key how many open tickets have a deadline that has passed: of open ones only, by their index."""
    c = t.ticket.c
    found: dict[Key, int] = {}
    grouped: dict[tuple[Which, bool], list[str]] = defaultdict(list)
    for key in keys:
        grouped[key.which, key.is_seen_whole()].append(key.prefix)
    for (which, whole), prefixes in grouped.items():
        regions = select(func.unnest(literal(sorted(set(prefixes)), ARRAY(Text))).label("prefix")).subquery()
        prefix = regions.c.prefix.collate("C")
        inside = and_(c.region_code >= prefix, c.region_code < prefix.concat(literal(":")))
        statement = (
            select(regions.c.prefix, func.count().label("overdue"))
            .join(t.ticket, inside)
            .where(c.ended_at.is_(None), c.due_at <= datetime.now(UTC), *which.conditions())
            .where(*(() if whole else (visible(which.seen),)))
            .group_by(regions.c.prefix)
        )
        found |= {Key(row["prefix"], which): row["overdue"] for row in await session.rows(statement)}
    return [found.get(key, 0) for key in keys]


def total(counts: Counts, key: str) -> int:
    """Return one count over all processes."""
    return sum(n for (_, counted), n in counts.items() if counted == key)


def by(counts: Counts, what: str) -> Sequence[tuple[str, str, int]]:
    """Return the counts of a kind, e.g. `step`, as (process, which, how many), in their order."""
    return sorted(
        (process, counted.partition(":")[2], n)
        for (process, counted), n in counts.items()
        if n and counted.startswith(what + ":")
    )
