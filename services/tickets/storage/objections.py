"""Rows of objections to public notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select, update

from services.tickets.domain.clock import ClockKind, RungKind
from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Select

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


def objections_to(ticket_id: UUID, *, answered: bool | None) -> Select[Any]:
    """Return the statement of the objections to a ticket's notices, or of those that are answered, or are not."""
    o = t.objection
    found = select(o).where(o.c.ticket_id == ticket_id)
    return found if answered is None else found.where(o.c.answered_at.is_not(None) == answered)
