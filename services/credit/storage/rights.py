"""What is kept of a person, for that person: everything, and every look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from chassis.records import audit
from services.credit.storage import market_tables as m
from services.credit.storage import tables as t
from services.credit.storage.reads import postings_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession

LOOKED = "holder_revealed"
"""The kind of change that a look is in the audit record."""


async def looks_at(session: ReadSession, account_id: UUID) -> Sequence[RowMapping]:
    """Return every look at whose an account is, the newest first."""
    a = audit.c
    looks = select(a.id, a.at, a.fields).where(a.kind == LOOKED, a.object_id == str(account_id))
    return await session.rows(looks.order_by(a.id.desc()))


async def holder_of(session: ReadSession, account_id: UUID) -> RowMapping | None:
    """Return whose an account is."""
    h = t.holder
    return await session.row(select(h).where(h.c.account_id == account_id))


async def everything_of(session: ReadSession, account_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return every row that belongs to an account, by kind."""
    statements = {
        "postings": postings_of(account_id).order_by(t.posting.c.at, t.posting.c.id),
        "lots": select(t.lot).where(t.lot.c.account_id == account_id).order_by(t.lot.c.id),
        "applications": select(t.application).where(t.application.c.account_id == account_id),
        "redemptions": select(m.redemption).where(m.redemption.c.account_id == account_id),
    }
    found = {name: [dict(row) for row in await session.rows(statement)] for name, statement in statements.items()}
    return found | {"looks": [dict(row) for row in await looks_at(session, account_id)]}
