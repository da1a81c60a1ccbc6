"""Count open clocks again when the calendar has changed; clocks that stopped keep what they ran under."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import select, update

from chassis.database import EVERYWHERE
from services.tickets.domain.clock import recount
from services.tickets.storage import tables as t
from services.tickets.storage.processes import read_calendar
from services.tickets.storage.tickets import state_of, store_clocks

if TYPE_CHECKING:
    from chassis.database import Database, WriteSession
    from services.tickets.domain.calendar import WorkingCalendar
    from services.tickets.storage.processes import Processes

_TICKETS_AT_ONCE = 200


async def recount_clocks(database: Database, processes: Processes, counted: str | None) -> str | None:
    """Count open clocks again that were counted by another calendar than the present one.

    `counted` is the label of the calendar by which all were counted when this was last called. Returns the present
    one's, or None when another instance held some tickets: they are looked at again the next time.
    """
    while True:
        async with database.write(EVERYWHERE) as session:
            calendar = await read_calendar(session)
            if calendar.label == counted:
                return counted
            found, done = await _recount_some(session, processes, calendar)
        if not found:
            return calendar.label
        if not done:
            return None


async def _recount_some(session: WriteSession, processes: Processes, calendar: WorkingCalendar) -> tuple[int, int]:
    """Count the clocks of some tickets again; return how many tickets were found and how many were done."""
    c = t.clock.c
    stale = (
        select(c.ticket_id)
        .where(c.stopped_at.is_(None), c.calendar != calendar.label)
        .distinct()
        .limit(_TICKETS_AT_ONCE)
    )
    ids = [row["ticket_id"] for row in await session.rows(stale)]
    locked = select(t.ticket).where(t.ticket.c.id.in_(ids)).with_for_update(skip_locked=True)
    rows = await session.rows(locked)
    for row in rows:
        ticket = await state_of(session, row)
        process = await processes.get(session, ticket.process, ticket.process_version)
        ticket = replace(ticket, clocks=tuple(recount(clock, calendar) for clock in ticket.clocks))
        await store_clocks(session, process, ticket, ticket.clocks, calendar)
        await session.execute(update(t.ticket).where(t.ticket.c.id == ticket.id).values(due_at=ticket.due_at()))
    return len(ids), len(rows)
