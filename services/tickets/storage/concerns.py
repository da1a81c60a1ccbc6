"""Tickets that are about other tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from services.tickets.storage import tables as t
from services.tickets.storage.reads import COLUMNS
from services.tickets.storage.scope import everywhere
from services.tickets.storage.visible import visible

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession, WriteSession
    from services.tickets.access import Visibility


async def concerned(session: WriteSession, ticket_id: UUID) -> RowMapping | None:
    """Return where a ticket is and whether it is public, wherever it lies: what is public is for everybody."""
    c = t.ticket.c
    is_public = c.public_since.is_not(None).label("is_public")
    wanted = select(c.number, c.process, c.region_code, c.requester, is_public).where(c.id == ticket_id)
    async with everywhere(session):
        return await session.row(wanted)


def concerning(ticket_id: UUID, seen: Visibility) -> Select[Any]:
    """Return the statement of the tickets that are about one, as far as they are seen."""
    return select(*COLUMNS).where(t.ticket.c.concerns == ticket_id, visible(seen))


async def load_deliverables(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return all that was said of what tickets delivered, in the order it was said."""
    d = t.deliverable
    rows = await session.rows(select(d).where(d.c.ticket_id.in_(ids)).order_by(d.c.ticket_id, d.c.seq, d.c.position))
    found: dict[UUID, list[RowMapping]] = {id_: [] for id_ in ids}
    for row in rows:
        found[row["ticket_id"]].append(row)
    return [found[id_] for id_ in ids]
