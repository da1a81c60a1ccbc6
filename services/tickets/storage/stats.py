"""Statistics of tickets by region; they count what the caller sees, as lists do.

Where counts are kept (`tally.py`) they are read; smaller regions and the days at the ends of a community's period are
counted from the tickets, which are few there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, func, select, text

from chassis.database import keeps_plan
from services.tickets.domain.calendar import end_of
from services.tickets.domain.periods import Stretch, stretches
from services.tickets.storage import tables as t
from services.tickets.storage import tally
from services.tickets.storage.areas import Area, areas
from services.tickets.storage.prefixes import in_region, region_values
from services.tickets.storage.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import RowMapping

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

    processes: tuple[str, ...] | None
    """None: of all but those in `but`."""
    but: tuple[str, ...]
    kept: tuple[Stretch, ...]
    counted: tuple[date, date] | None

    def statement(self, prefixes: list[str]) -> tuple[Executable, dict[str, Any]]:
        """Return it with its parameters."""
        processes = None if self.processes is None else list(self.processes)
        shared = {"prefixes": prefixes, "processes": processes, "but": list(self.but)}
        if self.counted is not None:
            return tally.COUNT, shared | {"first": self.counted[0], "end": self.counted[1]}
        return tally.READ, shared | {
            "spans": [one.span.value for one in self.kept],
            "firsts": [one.first for one in self.kept],
            "ends": [one.end for one in self.kept],
        }


def _together(found: Iterable[Area]) -> Iterator[tuple[str, tuple[str, ...] | None, tuple[str, ...]]]:
    """Yield areas as (prefix, processes, but), those of single processes with one prefix together."""
    single: dict[str, list[str]] = defaultdict(list)
    for area in found:
        if area.process is None:
            yield area.prefix, None, area.but
        else:
            single[area.prefix].append(area.process)
    for prefix, processes in single.items():
        yield prefix, tuple(sorted(processes)), ()


def _reads(area: tuple[str, tuple[str, ...] | None, tuple[str, ...]], which: Which) -> Iterator[_Read]:
    spans = tally.SPANS.get(len(area[0]), ())
    # An open end is the last day there is; nothing is raised in years to come.
    asked = [one for one in stretches(which.raised_from, which.raised_to) if one.first.year <= date.today().year + 1]  # noqa: DTZ011
    kept = tuple(one for one in asked if one.span in spans)
    if kept:
        yield _Read(*area[1:], kept, None)
        for one in asked:
            if one.span not in spans:
                yield _Read(*area[1:], (), (one.first, one.end))
    elif asked:
        yield _Read(*area[1:], (), (min(one.first for one in asked), max(one.end for one in asked)))


async def load_stats(session: ReadSession, keys: list[Key]) -> list[Counts]:
    """Return all counts of each key, but for what time alone changes."""
    found: dict[Key, Counts] = {key: Counter() for key in keys}
    wanted: dict[_Read, dict[str, list[Key]]] = defaultdict(lambda: defaultdict(list))
    for key in found:
        for area in _together(areas(key.prefix, key.which.process, key.which.seen)):
            for read in _reads(area, key.which):
                wanted[read][area[0]].append(key)
    for read, by_prefix in wanted.items():
        for row in await session.rows(*read.statement(sorted(by_prefix))):
            for key in by_prefix[row["prefix"]]:
                found[key][row["process"], row["key"]] += row["n"]
    for key, counts in found.items():
        if not key.is_seen_whole():
            counts.update(await _own(session, key))
    return [found[key] for key in keys]


_MINE = keeps_plan(
    text("""
SELECT id, process, region_code FROM ticket
WHERE requester = :subject AND region_code >= :region AND region_code < :region_end
  AND (CAST(:process AS text) IS NULL OR process = :process)
  AND raised_at >= coalesce(CAST(:begins AS timestamptz), '-infinity')
  AND raised_at < coalesce(CAST(:ends AS timestamptz), 'infinity')""")
)


async def _own(session: ReadSession, key: Key) -> Counts:
    """Count the tickets that somebody sees only because they raised them: they are few."""
    which = key.which
    asked = {
        "subject": which.seen.subject,
        **region_values(key.prefix),
        "process": which.process,
        "begins": None if which.raised_from is None else end_of(which.raised_from - _DAY),
        "ends": None if which.raised_to is None else end_of(which.raised_to),
    }
    others = areas(key.prefix, which.process, which.seen)
    ids = [
        row["id"]
        for row in await session.rows(_MINE, asked)
        if not any(area.holds(row["process"], row["region_code"]) for area in others)
    ]
    rows = await session.rows(tally.COUNT_SINGLE, {"ids": ids}) if ids else ()
    return Counter({(row["process"], row["key"]): row["n"] for row in rows})


_MOST_PASSED = 5000
_PASSED = text("""
SELECT region_code, process, requester, raised_at FROM ticket
WHERE ended_at IS NULL AND NOT late AND due_at <= :at LIMIT :most""")


async def load_not_marked(session: ReadSession, keys: list[Key]) -> list[int]:
    """Return for each key how many open tickets have a deadline that has passed and are not counted as overdue yet.

    A task marks them as it passes (`tally.mark_overdue`), so that they are few in all: they are read once, by an index
    that has no others, and looked at here. When that task has not run for long they are counted by the database.
    """
    at = datetime.now(UTC)
    rows = await session.rows(_PASSED, {"at": at, "most": _MOST_PASSED + 1})
    if len(rows) > _MOST_PASSED:
        return [await _passed_in(session, key, at) for key in keys]
    return [sum(_is_of(row, key) for row in rows) for key in keys]


def _is_of(row: RowMapping, key: Key) -> bool:
    which = key.which
    wanted = which.process in {None, row["process"]} and row["region_code"].startswith(key.prefix)
    begun = which.raised_from is None or row["raised_at"] >= end_of(which.raised_from - _DAY)
    over = which.raised_to is not None and row["raised_at"] >= end_of(which.raised_to)
    return wanted and begun and not over and which.seen.sees(row["process"], row["region_code"], row["requester"])


async def _passed_in(session: ReadSession, key: Key, at: datetime) -> int:
    c, which = t.ticket.c, key.which
    passed = (c.ended_at.is_(None), ~c.late, c.due_at <= at)
    seen = (in_region(key.prefix), visible(which.seen, key.prefix))
    counted = select(func.count()).select_from(t.ticket).where(*passed, *seen, *which.conditions())
    return int(await session.scalar(counted))


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
