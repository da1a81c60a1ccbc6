"""How teams did with the tickets that came to a step in which they act."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, literal_column, select, tuple_

from services.tickets.domain.clock import ClockKind
from services.tickets.storage import tables as t
from services.tickets.storage.prefixes import in_region
from services.tickets.storage.visible import visible

if TYPE_CHECKING:
    from datetime import datetime

    from chassis.database import ReadSession
    from services.tickets.domain.inbox import Place
    from services.tickets.storage.performance import Figures
    from services.tickets.storage.stats import Which


class WantedOfTeam(NamedTuple):
    """Where a team works, the steps in which its kind acts there, and which tickets count."""

    region_code: str
    places: tuple[Place, ...]
    which: Which

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions on tickets."""
        c, e = t.ticket.c, t.entry.c
        came = (e.ticket_id == c.id, tuple_(c.process, c.process_version, e.to_step).in_(list(self.places)))
        return [
            in_region(self.region_code),
            c.process.in_(sorted({process for process, _, _ in self.places})),
            exists(literal_column("1")).where(*came).correlate(t.ticket),
            visible(self.which.seen, self.region_code),
            *self.which.conditions(),
        ]


async def load_team_performance(session: ReadSession, keys: list[tuple[WantedOfTeam, datetime]]) -> list[Figures]:
    """Return the figures of each key at an instant, which decides what is overdue."""
    return [await _figures(session, wanted, now) if wanted.places else {} for wanted, now in keys]


async def _figures(session: ReadSession, wanted: WantedOfTeam, now: datetime) -> Figures:
    c, k, e = t.ticket.c, t.clock.c, t.evaluation.c
    mine = wanted.conditions()
    counted = select(
        func.count().label("named"),
        func.count().filter(c.ended_at.is_(None)).label("open"),
        func.count().filter(c.ended_at.is_(None), c.due_at <= now).label("overdue"),
        func.count().filter(c.outcome == "done").label("done"),
        func.count().filter(c.round > 0).label("reopened"),
    ).where(*mine)
    stopped = and_(k.ticket_id == c.id, k.kind == ClockKind.MATTER.value, k.stopped_at.is_not(None))
    deadlines = select(func.count().label("ran"), func.count().filter(k.kept).label("kept")).select_from(
        t.ticket.join(t.clock, stopped)
    )
    ratings = select(func.count().label("ratings"), func.sum(e.rating).label("rating")).select_from(
        t.ticket.join(t.evaluation, and_(e.ticket_id == c.id, e.round == c.round))
    )
    found: Figures = {}
    for statement in (counted, deadlines.where(*mine), ratings.where(*mine)):
        row = await session.row(statement)
        found |= {name: int(value or 0) for name, value in row.items()} if row else {}
    return found
