"""Search in what tickets say, within the scope of the transaction.

Words that few tickets hold are looked up in the index first, and what else is asked for is asked of those few. Words
that many hold are compared ticket by ticket in the order of the page, which is full soon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Uuid, cast, exists, false, func, literal, literal_column, or_, text
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from services.tickets.domain.wording import query
from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from chassis.database import ReadSession

FEW = 1000
"""Up to how many matches are looked up first."""
_SEARCH = text("SELECT search_tickets(CAST(:wanted AS tsquery), CAST(:prefix AS text), CAST(:most AS int)) AS id")


async def matching(session: ReadSession, words: str, prefix: str) -> ColumnElement[bool]:
    """Return the condition that a ticket in a region says all of some words, or has them for its number."""
    is_number = t.ticket.c.number == words.strip()
    wanted = query(words)
    if wanted is None:
        return is_number
    rows = await session.rows(_SEARCH, {"wanted": wanted, "prefix": prefix, "most": FEW + 1})
    if len(rows) <= FEW:
        ids = [row["id"] for row in rows]
        return or_(is_number, t.ticket.c.id == func.any(literal(ids, ARRAY(Uuid)))) if ids else or_(is_number, false())
    w = t.wording.c
    says = w.words.op("@@")(cast(wanted, TSQUERY))
    return or_(is_number, exists(literal_column("1")).where(w.ticket_id == t.ticket.c.id, says))
