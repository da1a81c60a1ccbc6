"""Let deadlines take effect: reminders, overdue marks, escalations and lapses, each once.

Every effect is a row (a rung) with its instant. A sweep takes tickets with rungs that are due, the longest due first,
skipping what another instance holds, and marks the rungs in the transaction of their effect: it may stop anywhere, and
any number of instances may sweep.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from msgspec.structs import replace
from sqlalchemy import RowMapping, func, select, tuple_, update

from chassis.database import EVERYWHERE
from chassis.records import write_audit
from services.tickets.commands.actors import now
from services.tickets.commands.families import after_move, go_on_without_waiting, recall_children
from services.tickets.commands.publishing import publish
from services.tickets.commands.recount import recount_clocks
from services.tickets.commands.telling import tell, tell_of_transition
from services.tickets.domain import deadline_events
from services.tickets.domain.clock import RungKind, brought_before
from services.tickets.domain.notification_rules import Occasion
from services.tickets.domain.objecting import takes_objections
from services.tickets.domain.telling import Happening
from services.tickets.domain.transition import lapse
from services.tickets.settings import TicketSettings
from services.tickets.storage import tables as t
from services.tickets.storage.children import CLOCK
from services.tickets.storage.objections import is_anything_unanswered
from services.tickets.storage.processes import Processes
from services.tickets.storage.state import ticket_row
from services.tickets.storage.tickets import state_of, store

if TYPE_CHECKING:
    from datetime import datetime

    from chassis.database import Database, WriteSession
    from chassis.service import Runtime
    from services.tickets.domain.calendar import WorkingCalendar
    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Ticket
    from services.tickets.domain.ticket_event import TicketEvent

_log = structlog.get_logger(__name__)
_TICKETS_AT_ONCE = 50
_TRY_AGAIN = timedelta(minutes=5)
_REMINDERS = {RungKind.REMINDER, RungKind.HOURS_REMINDER}


async def sweep_deadlines(runtime: Runtime) -> None:
    """Sweep until cancelled; count open clocks again whenever the calendar is another one than before."""
    seconds = runtime.settings.sweep_seconds if isinstance(runtime.settings, TicketSettings) else 1.0
    processes = Processes()
    counted: str | None = None
    while True:
        counted = await recount_clocks(runtime.database, processes, counted)
        while await sweep(runtime.database, processes, now()):
            pass
        await asyncio.sleep(seconds)


async def sweep(database: Database, processes: Processes, at: datetime) -> int:
    """Let what is due at `at` take effect for some tickets; return for how many it did, 0 when nothing is left."""
    async with database.write(EVERYWHERE) as session:
        waiting = await _take(session, at)
        done = [row["id"] for row in waiting if await _fire_or_postpone(session, processes, row, at)]
        await write_audit(session, "system:sweep", "sweepDeadlines")
    return len(done)


async def _take(session: WriteSession, at: datetime) -> list[RowMapping]:
    """Lock the tickets that have waited longest and that nobody holds."""
    r = t.rung.c
    due = (
        select(r.ticket_id, func.min(r.try_at).label("since"))
        .where(r.fired_at.is_(None), r.try_at <= at)
        .group_by(r.ticket_id)
        .order_by(func.min(r.try_at))
        .limit(_TICKETS_AT_ONCE)
        .subquery()
    )
    statement = select(t.ticket).join(due, due.c.ticket_id == t.ticket.c.id).order_by(due.c.since, t.ticket.c.id)
    return list(await session.rows(statement.with_for_update(of=t.ticket, skip_locked=True)))


async def _fire_or_postpone(session: WriteSession, processes: Processes, row: RowMapping, at: datetime) -> bool:
    """Let a ticket's rungs take effect; one that fails is tried again later and holds up no other."""
    try:
        async with session.connection.begin_nested():
            return await _fire(session, processes, row, at)
    except Exception:  # noqa: BLE001 (it holds up no other ticket)
        _log.exception("deadlines of a ticket could not take effect", ticket=str(row["id"]))
        r = t.rung
        mine = (r.c.ticket_id == row["id"]) & r.c.fired_at.is_(None) & (r.c.try_at <= at)
        await session.execute(update(r).where(mine).values(try_at=at + _TRY_AGAIN))
        return True


async def _fire(session: WriteSession, processes: Processes, row: RowMapping, at: datetime) -> bool:
    r = t.rung
    mine = (r.c.ticket_id == row["id"]) & r.c.fired_at.is_(None) & (r.c.try_at <= at)
    # Read after the ticket was locked: another instance may have been here just before.
    due = await session.rows(select(r).where(mine).order_by(r.c.at, r.c.level))
    if not due:
        return False
    process = await processes.get(session, row["process"], row["process_version"])
    calendar = await processes.calendar(session)
    ticket = await state_of(session, row)
    count = row["events"]
    for rung in due:
        if rung["clock"] == CLOCK:
            ticket, count = await _see_to_family(session, processes, process, ticket, rung, calendar, count, at)
        else:
            ticket, count = await _take_effect(session, process, ticket, rung, calendar, count, at)
    changed = {"escalated": ticket_row(ticket)["escalated"], "events": count}
    await session.execute(update(t.ticket).where(t.ticket.c.id == ticket.id).values(**changed))
    # Not what an effect has just asked for: that comes with the next sweep.
    these = [(rung["clock"], rung["number"], rung["kind"], rung["level"]) for rung in due]
    fired = mine & tuple_(r.c.clock, r.c.number, r.c.kind, r.c.level).in_(these)
    await session.execute(update(r).where(fired).values(fired_at=at))
    session.changed("ticket", ticket.id, ticket.region_code, events=count - row["events"], step=ticket.step)
    return True


async def _see_to_family(
    session: WriteSession,
    processes: Processes,
    process: Process,
    ticket: Ticket,
    row: RowMapping,
    calendar: WorkingCalendar,
    count: int,
    at: datetime,
) -> tuple[Ticket, int]:
    """Let a parent go on whose children ended, or recall those that it went on without."""
    if row["kind"] == RungKind.RECALL:
        await recall_children(session, processes, ticket, row, at, calendar)
        return ticket, count
    gathered = await go_on_without_waiting(session, process, ticket, count + 1, at, calendar)
    return (gathered.ticket, count + 1) if gathered else (ticket, count)


async def _take_effect(
    session: WriteSession,
    process: Process,
    ticket: Ticket,
    row: RowMapping,
    calendar: WorkingCalendar,
    count: int,
    at: datetime,
) -> tuple[Ticket, int]:
    """Let one rung take effect; return the ticket and how many events it has."""
    clock = next((one for one in ticket.clocks if (one.kind.value, one.number) == (row["clock"], row["number"])), None)
    if clock is None or clock.due_at is None:
        return ticket, count
    if row["kind"] == RungKind.LAPSE:
        if takes_objections(process, ticket) and await is_anything_unanswered(session, ticket.id, ticket.visits):
            # The last answer lets it lapse again.
            return ticket, count
        made = lapse(process, ticket, max(at, ticket.changed_at), calendar)
        await store(session, process, ticket, made, calendar, count + 1)
        await publish(session, made.event, count + 1, made.entry.at)
        await tell_of_transition(session, process, ticket, made)
        await after_move(session, process, ticket, made)
        return made.ticket, count + 1
    event: TicketEvent
    what = Happening(action=Occasion.OVERDUE, due_at=clock.due_at, clock=clock.kind)
    if row["kind"] in _REMINDERS:
        if clock.is_overdue(at):
            return ticket, count
        days, hours = (row["level"], None) if row["kind"] == RungKind.REMINDER else (None, row["level"])
        event = deadline_events.reminded(ticket, clock, days=days or 0, hours=hours)
        what = replace(what, action=Occasion.REMINDED, working_days=days, working_hours=hours)
    elif row["kind"] == RungKind.OVERDUE:
        event = deadline_events.overdue(ticket, clock)
    else:
        to = brought_before(process, clock, row["level"], ticket.issuer)
        if to is None:
            return ticket, count
        if to not in ticket.escalated:
            ticket = replace(ticket, escalated=(*ticket.escalated, to))
        event = deadline_events.escalated(ticket, clock, row["level"], to)
        what = replace(what, action=Occasion.ESCALATED, brought_before=to)
    await publish(session, event, count + 1, at)
    await tell(session, process, ticket, what, at)
    return ticket, count + 1
