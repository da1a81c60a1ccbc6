"""Tickets about the same matter: what may be one, what was joined to one, and what came in by a channel before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, exists, select, text

from services.tickets.storage import tables as t
from services.tickets.storage.prefixes import in_region
from services.tickets.storage.reads import COLUMNS
from services.tickets.storage.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession, WriteSession
    from services.tickets.access import Visibility

MOST_COMPARED = 500
"""How many tickets under way are compared: the newest of a community."""

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(CAST(:reference AS text), 7240127))")


async def number_by_reference(
    session: WriteSession, process: str, channel: str, reference: str, region_id: UUID
) -> str | None:
    """Return the number of the ticket that a channel's reference was raised as there; one who asks at once waits."""
    await session.execute(_LOCK, {"reference": f"{process} {channel} {reference} {region_id}"})
    c = t.ticket.c
    mine = (c.channel_reference == reference, c.channel == channel, c.process == process, c.region_id == region_id)
    found: str | None = await session.scalar(select(c.number).where(*mine).limit(1))
    return found


async def leads_others(session: WriteSession, ticket_id: UUID) -> bool:
    """Tell whether tickets were joined to one."""
    return bool(await session.scalar(select(exists().where(t.ticket.c.joined_into == ticket_id))))


async def asked_too(session: WriteSession, ticket_id: UUID, subject: str) -> bool:
    """Tell whether somebody raised a ticket that was joined to this one."""
    c = t.ticket.c
    return bool(await session.scalar(select(exists().where(c.joined_into == ticket_id, c.requester == subject))))


def joined_to(ticket_id: UUID, seen: Visibility) -> Select[Any]:
    """Return the statement of the tickets that were joined to one, as far as they are seen."""
    return select(*COLUMNS).where(t.ticket.c.joined_into == ticket_id, visible(seen))


async def under_way(session: ReadSession, prefix: str, seen: Visibility, since: datetime) -> Sequence[RowMapping]:
    """Return the newest tickets under way in a region that are seen, raised since an instant."""
    c = t.ticket.c
    wanted = (in_region(prefix), c.ended_at.is_(None), c.raised_at >= since, visible(seen, prefix))
    return await session.rows(select(*COLUMNS).where(*wanted).order_by(c.raised_at.desc()).limit(MOST_COMPARED))


async def load_leads(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return tickets that others were joined to, whoever raised them: their requesters see where theirs went."""
    found = {row["id"]: row for row in await session.rows(select(*COLUMNS).where(t.ticket.c.id.in_(ids)))}
    return [found.get(id_) for id_ in ids]
