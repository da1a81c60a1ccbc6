"""Statistics of tickets by region, for many regions in one statement; counts what the caller sees, as lists do."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Text, and_, distinct, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.tickets.domain.calendar import end_of
from services.tickets.storage import tables as t
from services.tickets.storage.visible import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import RowMapping, Select, Subquery

    from chassis.database import ReadSession
    from services.tickets.access import Visibility

_DAY = timedelta(days=1)


class Which(NamedTuple):
    """Which tickets are counted: of a process (None: all), raised from one day to another, both included."""

    process: str | None
    raised_from: date | None
    raised_to: date | None
    seen: Visibility

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions on tickets."""
        c = t.ticket.c
        found = [visible(self.seen)]
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


def _prefixes(keys: Sequence[Key]) -> Subquery:
    return select(func.unnest(literal(sorted({key.prefix for key in keys}), ARRAY(Text))).label("prefix")).subquery()


def _inside(prefixes: Subquery, column: ColumnElement[Any]) -> ColumnElement[bool]:
    prefix = prefixes.c.prefix.collate("C")
    return and_(column >= prefix, column < prefix.concat(literal(":")))


def _by_which(keys: Sequence[Key]) -> Mapping[Which, list[Key]]:
    grouped: dict[Which, list[Key]] = defaultdict(list)
    for key in keys:
        grouped[key.which].append(key)
    return grouped


async def load_counts(session: ReadSession, keys: list[Key]) -> list[RowMapping | None]:
    """Return the counts of each key; None where there is no ticket."""
    c = t.ticket.c
    found: dict[Key, RowMapping] = {}
    for which, group in _by_which(keys).items():
        prefixes = _prefixes(group)
        count = func.count()
        statement = (
            select(
                prefixes.c.prefix,
                count.label("raised"),
                count.filter(c.ended_at.is_(None)).label("open"),
                count.filter(c.due_at <= datetime.now(UTC)).label("overdue"),
                count.filter(c.outcome == "done").label("done"),
                count.filter(c.outcome == "refused").label("refused"),
                count.filter(c.outcome == "withdrawn").label("withdrawn"),
                count.filter(c.round > 0).label("reopened"),
                count.filter(c.public_since.is_not(None)).label("public"),
            )
            .join(t.ticket, _inside(prefixes, c.region_code))
            .where(*which.conditions())
            .group_by(prefixes.c.prefix)
        )
        found |= {Key(row["prefix"], which): row for row in await session.rows(statement)}
    return [found.get(key) for key in keys]


async def load_steps(session: ReadSession, keys: list[Key]) -> list[list[RowMapping]]:
    """Return for each key how many tickets are at each step or end of each process."""
    c = t.ticket.c

    def statement(which: Which, prefixes: Subquery) -> Select[Any]:
        return (
            select(prefixes.c.prefix, c.process, c.step, func.count().label("tickets"))
            .join(t.ticket, _inside(prefixes, c.region_code))
            .where(*which.conditions())
            .group_by(prefixes.c.prefix, c.process, c.step)
            .order_by(c.process, c.step)
        )

    return await _listed(session, keys, statement)


async def load_performed(session: ReadSession, keys: list[Key]) -> list[list[RowMapping]]:
    """Return for each key on how many tickets each kind of action was done at least once."""
    c, e = t.ticket.c, t.entry.c

    def statement(which: Which, prefixes: Subquery) -> Select[Any]:
        return (
            select(prefixes.c.prefix, e.kind, func.count(distinct(e.ticket_id)).label("tickets"))
            .join(t.ticket, _inside(prefixes, c.region_code))
            .join(t.entry, e.ticket_id == c.id)
            .where(*which.conditions())
            .group_by(prefixes.c.prefix, e.kind)
        )

    return await _listed(session, keys, statement)


async def load_ratings(session: ReadSession, keys: list[Key]) -> list[list[RowMapping]]:
    """Return for each key how many evaluations the present rounds have and their mean; nothing where there is none."""
    c, e = t.ticket.c, t.evaluation.c

    def statement(which: Which, prefixes: Subquery) -> Select[Any]:
        return (
            select(prefixes.c.prefix, func.count().label("count"), func.avg(e.rating).label("mean"))
            .join(t.ticket, _inside(prefixes, c.region_code))
            .join(t.evaluation, (e.ticket_id == c.id) & (e.round == c.round))
            .where(*which.conditions())
            .group_by(prefixes.c.prefix)
        )

    return await _listed(session, keys, statement)


async def load_kept(session: ReadSession, keys: list[Key]) -> list[list[RowMapping]]:
    """Return for each key, by kind of clock, how many stopped clocks were kept and how many there are."""
    c, k = t.ticket.c, t.clock.c

    def statement(which: Which, prefixes: Subquery) -> Select[Any]:
        return (
            select(prefixes.c.prefix, k.kind, func.count().label("stopped"), func.count().filter(k.kept).label("kept"))
            .join(t.ticket, _inside(prefixes, c.region_code))
            .join(t.clock, k.ticket_id == c.id)
            .where(k.stopped_at.is_not(None), *which.conditions())
            .group_by(prefixes.c.prefix, k.kind)
            .order_by(k.kind)
        )

    return await _listed(session, keys, statement)


async def _listed(session: ReadSession, keys: list[Key], make: Any) -> list[list[RowMapping]]:
    found: dict[Key, list[RowMapping]] = {key: [] for key in keys}
    for which, group in _by_which(keys).items():
        for row in await session.rows(make(which, _prefixes(group))):
            found[Key(row["prefix"], which)].append(row)
    return [found[key] for key in keys]
