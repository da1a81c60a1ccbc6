"""Reads of compounds that lack care and of funds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from services.property.storage import care_tables as c
from services.property.storage.reads import among, load_grouped

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession

_L, _H, _F, _S = c.lack.c, c.have.c, c.fund_entry.c, c.fund_statement.c


async def load_lacks(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return the entries of each compound in the register, the latest first."""
    statement = select(c.lack).where(among(_L.compound_id, ids)).order_by(_L.registered_on.desc(), _L.id.desc())
    return await load_grouped(session, statement, "compound_id", ids)


async def load_haves(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return the haves of each entry that hold."""
    statement = select(c.have).where(among(_H.lack_id, ids), _H.withdrawn_on.is_(None))
    return await load_grouped(session, statement, "lack_id", ids)


async def load_entries(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return the entries of each compound's books in their order."""
    statement = select(c.fund_entry).where(among(_F.compound_id, ids)).order_by(_F.number)
    return await load_grouped(session, statement, "compound_id", ids)


async def load_emergencies(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return the urgent repairs of each compound, the latest first."""
    e = c.emergency.c
    statement = select(c.emergency).where(among(e.compound_id, ids)).order_by(e.asked_at.desc(), e.id.desc())
    return await load_grouped(session, statement, "compound_id", ids)


async def load_statements(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return what was published of each compound's funds, the latest quarter first."""
    statement = select(c.fund_statement).where(among(_S.compound_id, ids)).order_by(_S.quarter.desc())
    return await load_grouped(session, statement, "compound_id", ids)
