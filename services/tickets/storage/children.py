"""Child tickets: those of a parent, and the rows by which a sweep sees to a family (`rung`, clock `children`).

A child that ends only asks for its parent to be looked at; the sweep, which holds one ticket at a time and waits for
none, moves the parent. So no two of a family wait for each other's locks, and a child need not see its parent.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.tickets.domain.clock import RungKind
from services.tickets.domain.process import Outcome
from services.tickets.storage import tables as t
from services.tickets.storage.reads import COLUMNS
from services.tickets.storage.scope import everywhere
from services.tickets.storage.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession, WriteSession
    from services.tickets.access import Visibility
    from services.tickets.domain.ticket import Ticket

CLOCK = "children"
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""When a parent is looked at that nothing has happened to."""


def rung_row(ticket: Ticket, kind: RungKind, visit: int, at: datetime, try_at: datetime) -> dict[str, Any]:
    """Return the row that lets the sweep look at a parent."""
    return {
        "ticket_id": ticket.id,
        "region_code": ticket.region_code,
        "clock": CLOCK,
        "number": visit,
        "kind": kind.value,
        "level": 0,
        "at": at,
        "try_at": try_at,
    }


async def watch(
    session: WriteSession, ticket: Ticket, kind: RungKind, visit: int, at: datetime, try_at: datetime
) -> None:
    """Let the sweep look at a parent at `try_at`, for what it did on a visit."""
    statement = upsert(t.rung)
    again = {"try_at": statement.excluded.try_at, "fired_at": None}
    keys = ("ticket_id", "clock", "number", "kind", "level")
    await session.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=again), rung_row(ticket, kind, visit, at, try_at)
    )


async def unwatch(session: WriteSession, ticket_id: UUID) -> None:
    """Let the sweep look at a parent no more for what it waited for."""
    r = t.rung.c
    mine = (r.ticket_id == ticket_id) & (r.clock == CLOCK) & (r.kind == RungKind.GATHER.value)
    await session.execute(delete(t.rung).where(mine))


async def look_again(session: WriteSession, parent_id: UUID, at: datetime) -> None:
    """Let the sweep look at a parent at `at`, wherever it lies, because a child has ended."""
    r = t.rung.c
    waits = (r.ticket_id == parent_id) & (r.clock == CLOCK) & (r.kind == RungKind.GATHER.value) & r.fired_at.is_(None)
    async with everywhere(session):
        await session.execute(update(t.rung).where(waits).values(try_at=at))


async def ends_of(session: WriteSession, parent_id: UUID, visit: int) -> list[Outcome | None]:
    """Return how the children of a visit ended, wherever they lie; None for those under way."""
    c = t.ticket.c
    async with everywhere(session):
        rows = await session.rows(select(c.outcome).where(c.parent == parent_id, c.parent_visit == visit))
    return [None if row["outcome"] is None else Outcome(row["outcome"]) for row in rows]


async def open_of(session: WriteSession, parent_id: UUID, visit: int, limit: int) -> Sequence[RowMapping]:
    """Lock children of a visit that are under way and that nobody holds."""
    c = t.ticket.c
    mine = (c.parent == parent_id) & (c.parent_visit == visit) & c.ended_at.is_(None)
    return await session.rows(
        select(t.ticket).where(mine).order_by(c.id).limit(limit).with_for_update(skip_locked=True)
    )


async def load_open_counts(session: ReadSession, keys: list[tuple[UUID, int]]) -> list[int]:
    """Return how many children of each (parent, visit) are under way, of those in scope."""
    c = t.ticket.c
    parents = {parent for parent, _ in keys}
    statement = (
        select(c.parent, c.parent_visit, func.count().label("n"))
        .where(c.parent.in_(parents), c.ended_at.is_(None))
        .group_by(c.parent, c.parent_visit)
    )
    found = {(row["parent"], row["parent_visit"]): row["n"] for row in await session.rows(statement)}
    return [found.get(key, 0) for key in keys]


def children_of(parent_id: UUID, seen: Visibility) -> Select[Any]:
    """Return the statement of a ticket's children, as far as they are seen themselves."""
    return select(*COLUMNS).where(t.ticket.c.parent == parent_id, visible(seen))
