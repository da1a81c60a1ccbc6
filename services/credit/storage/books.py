"""Books: one for each district, opened with the book's own accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert

from services.credit.domain.ledger import System, system_account
from services.credit.storage import tables as t

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession, WriteSession


def book_of(district_id: UUID) -> UUID:
    """Return the id of a district's book."""
    return uuid5(NAMESPACE_OID, f"credit book {district_id}")


async def open_book(session: WriteSession, district_id: UUID, code: str, at: datetime) -> UUID:
    """Open a district's book when it has none yet; return its id."""
    id_ = book_of(district_id)
    row = {"id": id_, "region_id": district_id, "region_code": code, "opened_at": at}
    if (await session.execute(upsert(t.book).values(row).on_conflict_do_nothing())).rowcount:
        own = [
            {
                "id": system_account(id_, system),
                "book_id": id_,
                "nature": "system",
                "group_code": system.value,
                "region_id": district_id,
                "region_code": code,
                "opened_at": at,
                "events": 0,
            }
            for system in System
        ]
        await session.execute(t.account.insert(), own)
    return id_


async def book_at(session: ReadSession, code: str) -> RowMapping | None:
    """Return the book of the district that a region code lies in; its own, where others were merged into it."""
    b, r = t.book, t.region.c
    closed = select(r.closed_on).where(r.id == b.c.region_id).scalar_subquery()
    mine = select(b).where(b.c.region_code == code[:6])
    return await session.row(mine.order_by(closed.desc().nulls_first(), b.c.opened_at).limit(1))
