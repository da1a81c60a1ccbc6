"""Owners' votes of tickets, read for many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from services.tickets.storage.owners_vote_tables import owners_vote

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession


async def load_owners_votes(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return the votes that tickets led to, the first first."""
    v = owners_vote.c
    found: dict[UUID, list[RowMapping]] = {id_: [] for id_ in ids}
    for row in await session.rows(select(owners_vote).where(v.ticket_id.in_(ids)).order_by(v.announced_at, v.id)):
        found[row["ticket_id"]].append(row)
    return [found[id_] for id_ in ids]
