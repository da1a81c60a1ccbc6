"""Reads of compounds that lack care and of funds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, func, select

from services.property.storage import care_tables as c
from services.property.storage.reads import among, load_grouped

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession

_H, _F, _S = c.have.c, c.fund_entry.c, c.fund_statement.c

ENTRY_ORDER: tuple[ColumnElement[Any], ...] = (_F.number,)


async def load_haves(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return the haves of each entry that hold."""
    statement = select(c.have).where(among(_H.lack_id, ids), _H.withdrawn_on.is_(None))
    return await load_grouped(session, statement, "lack_id", ids)


def entries_of(compound_id: UUID, before: date | None) -> Select[Any]:
    """Select the entries of a compound's books; those before a day if given."""
    statement = select(c.fund_entry).where(_F.compound_id == compound_id)
    return statement if before is None else statement.where(_F.on < before)


async def load_last_published(session: ReadSession, ids: list[UUID]) -> list[str | None]:
    """Return the latest quarter of which each compound's funds were published."""
    last = select(_S.compound_id, func.max(_S.quarter).label("quarter")).where(among(_S.compound_id, ids))
    found = {row["compound_id"]: row["quarter"] for row in await session.rows(last.group_by(_S.compound_id))}
    return [found.get(id_) for id_ in ids]
