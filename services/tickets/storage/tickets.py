"""Load a ticket for changing, and store what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.tickets.storage import tables as t
from services.tickets.storage.state import (
    attachment_rows,
    clock_row,
    deliverable_rows,
    entry_row,
    evaluation_row,
    rung_rows,
    ticket_of,
    ticket_row,
    wording_row,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from services.tickets.domain.calendar import WorkingCalendar
    from services.tickets.domain.clock import Clock
    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Ticket, Transition


async def load_locked(session: WriteSession, ticket_id: UUID) -> RowMapping | None:
    """Lock a ticket's row and return it; None when it is not in scope.

    A ticket's row is locked before anything else of the ticket, by commands, sweeps and reactions alike.
    """
    return await session.row(select(t.ticket).where(t.ticket.c.id == ticket_id).with_for_update())


async def state_of(session: WriteSession, row: RowMapping) -> Ticket:
    """Return the state of a ticket whose row is locked."""
    c, e = t.clock, t.evaluation
    clocks = select(c).where(c.c.ticket_id == row["id"], c.c.stopped_at.is_(None)).order_by(c.c.started_at, c.c.kind)
    evaluations = select(e).where(e.c.ticket_id == row["id"]).order_by(e.c.at)
    return ticket_of(row, await session.rows(clocks), await session.rows(evaluations))


async def store_new(
    session: WriteSession,
    process: Process,
    made: Transition,
    calendar: WorkingCalendar,
    words: Mapping[str, Any],
) -> None:
    """Store a ticket that was just raised; `words` are the columns that the rules know nothing of."""
    await session.execute(insert(t.ticket), ticket_row(made.ticket) | dict(words) | {"events": 1})
    await session.execute(insert(t.wording), wording_row(made.ticket, words["title"], words["description"]))
    await _store_parts(session, process, None, made, calendar)


async def store(
    session: WriteSession,
    process: Process,
    before: Ticket,
    made: Transition,
    calendar: WorkingCalendar,
    events: int,
) -> None:
    """Store what became of a ticket; `events` is how many events it has with the one of this transition."""
    row = ticket_row(made.ticket) | {"events": events}
    await session.execute(update(t.ticket).where(t.ticket.c.id == row.pop("id")).values(**row))
    await _store_parts(session, process, before, made, calendar)


async def _store_parts(
    session: WriteSession, process: Process, before: Ticket | None, made: Transition, calendar: WorkingCalendar
) -> None:
    ticket, entry = made.ticket, made.entry
    await session.execute(insert(t.entry), entry_row(ticket, entry))
    if attached := list(attachment_rows(ticket, entry)):
        await session.execute(insert(t.attachment), attached)
    if evaluated := evaluation_row(ticket, entry):
        await session.execute(insert(t.evaluation), evaluated)
    if delivered := list(deliverable_rows(ticket, entry)):
        d = t.deliverable
        before_it = (d.c.ticket_id == ticket.id) & d.c.stands
        await session.execute(update(d).where(before_it).values(stands=False))
        await session.execute(insert(d), delivered)
    known = before.clocks if before else ()
    await store_clocks(
        session, process, ticket, [*made.stopped, *(c for c in ticket.clocks if c not in known)], calendar
    )


async def store_clocks(
    session: WriteSession, process: Process, ticket: Ticket, changed: Iterable[Clock], calendar: WorkingCalendar
) -> None:
    """Store clocks that started, stopped, paused or were counted again, with what they will bring about."""
    clocks = list(changed)
    if not clocks:
        return
    statement = upsert(t.clock)
    keys = ("ticket_id", "kind", "number")
    others = {column.name: statement.excluded[column.name] for column in t.clock.c if column.name not in keys}
    await session.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=others),
        [clock_row(ticket, clock) for clock in clocks],
    )
    r = t.rung
    for clock in clocks:
        mine = (r.c.ticket_id == ticket.id) & (r.c.clock == clock.kind.value) & (r.c.number == clock.number)
        await session.execute(delete(r).where(mine, r.c.fired_at.is_(None)))
    if waiting := [row for clock in clocks for row in rung_rows(process, ticket, clock, calendar)]:
        await session.execute(upsert(r).on_conflict_do_nothing(), waiting)
