"""Rows of objections to public notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select, update

from services.tickets.domain.clock import ClockKind, RungKind
from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession, WriteSession


async def is_anything_unanswered(session: ReadSession, ticket_id: UUID, visit: int) -> bool:
    """Tell whether an objection of a ticket's visit of a step has no answer yet."""
    o = t.objection.c
    open_ = exists().where(o.ticket_id == ticket_id, o.visit == visit, o.answered_at.is_(None))
    return bool(await session.scalar(select(open_)))


async def let_lapse_again(session: WriteSession, ticket_id: UUID, visit: int, now: datetime) -> None:
    """Let the end of a notice's period, held back by objections, take effect at the next sweep, if it is over."""
    r = t.rung
    mine = (r.c.ticket_id == ticket_id) & (r.c.clock == ClockKind.STEP.value) & (r.c.number == visit)
    lapse = mine & (r.c.kind == RungKind.LAPSE.value)
    await session.execute(update(r).where(lapse).values(fired_at=None, try_at=func.greatest(r.c.at, now)))


async def load_objections(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return the objections to tickets' notices, the first first."""
    o = t.objection
    found: dict[UUID, list[RowMapping]] = {id_: [] for id_ in ids}
    for row in await session.rows(select(o).where(o.c.ticket_id.in_(ids)).order_by(o.c.raised_at, o.c.id)):
        found[row["ticket_id"]].append(row)
    return [found[id_] for id_ in ids]
