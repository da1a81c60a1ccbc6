"""Keep what property tells of the votes that deliberated tickets led to: announced, extended, closed with what passed.

Events of one vote come in order; a vote that no ticket of this service led to is left out.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from chassis.events.consumer import Handler
    from chassis.events.envelope import Envelope


class VoteTold(msgspec.Struct, frozen=True, rename="camel"):
    """`property.vote.announced` and `extended`, as far as each says it."""

    vote_id: UUID
    compound_id: UUID
    closes_at: datetime
    title: str = ""
    opens_at: datetime | None = None
    matters: tuple[int, ...] = ()
    ticket_id: UUID | None = None


class VoteClosedTold(msgspec.Struct, frozen=True, rename="camel"):
    """`property.vote.closed`, as far as it matters."""

    vote_id: UUID
    passed: tuple[bool, ...]
    total_area: int
    total_heads: int
    part_area: int
    part_heads: int
    recount_agrees: bool


async def vote_announced(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Note that a ticket's matter goes to the owners."""
    for event in events:
        told = msgspec.json.decode(event.data, type=VoteTold)
        ticket = select(t.ticket.c.region_code).where(t.ticket.c.id == told.ticket_id)
        code = await connection.scalar(ticket) if told.ticket_id else None
        if code is None:
            continue
        row = {
            "id": told.vote_id,
            "ticket_id": told.ticket_id,
            "region_code": code,
            "compound_id": told.compound_id,
            "title": told.title,
            "matters": list(told.matters),
            "announced_at": event.time,
            "opens_at": told.opens_at,
            "closes_at": told.closes_at,
        }
        await connection.execute(upsert(t.owners_vote).values(row).on_conflict_do_nothing())


async def vote_extended(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Take over until when owners vote."""
    for event in events:
        told = msgspec.json.decode(event.data, type=VoteTold)
        mine = t.owners_vote.c.id == told.vote_id
        await connection.execute(update(t.owners_vote).where(mine).values(closes_at=told.closes_at))


async def vote_closed(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Take over what the owners decided; without an agreeing recount there is no result."""
    same = ("total_area", "total_heads", "part_area", "part_heads", "recount_agrees")
    for event in events:
        told = msgspec.json.decode(event.data, type=VoteClosedTold)
        values = {name: getattr(told, name) for name in same}
        passed = list(told.passed) if told.recount_agrees else None
        closed = update(t.owners_vote).where(t.owners_vote.c.id == told.vote_id)
        await connection.execute(closed.values(closed_at=event.time, passed=passed, **values))


PROPERTY_HANDLERS: dict[str, Handler] = {
    "linli.property.vote.announced.v1": vote_announced,
    "linli.property.vote.extended.v1": vote_extended,
    "linli.property.vote.closed.v1": vote_closed,
}
