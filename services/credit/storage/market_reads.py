"""Reads of the market that commands and the graph share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from services.credit.domain.periods import after_months, beginning, local_day
from services.credit.storage import market_tables as m
from services.credit.storage.market import REDEEMED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession


async def is_settled(session: ReadSession, merchant_id: UUID, at: datetime) -> bool:
    """Tell whether a merchant was paid for the month of an instant."""
    s = m.settlement.c
    month = local_day(at).replace(day=1)
    there = select(s.merchant_id).where(s.merchant_id == merchant_id, s.month == month)
    return await session.row(there) is not None


async def unsettled(session: ReadSession, book_id: UUID, month: date) -> list[UUID]:
    """Return a book's merchants that honoured vouchers in a month for which they were not paid."""
    r, s, k = m.redemption.c, m.merchant.c, m.settlement.c
    paid = select(k.id).where(k.merchant_id == s.id, k.month == month).exists()
    between = (r.ended_at >= beginning(month), r.ended_at < beginning(after_months(month, 1)))
    honoured = select(r.id).where(r.merchant_id == s.id, r.state == REDEEMED, *between).exists()
    rows = await session.rows(select(s.id).where(s.book_id == book_id, honoured, ~paid).order_by(s.id))
    return [row["id"] for row in rows]


MOST_SETTLEMENTS, MOST_FUNDS = 120, 50
"""Those of the last ten years, and of the last fifty."""


async def settlements_of(session: ReadSession, merchant_id: UUID) -> Sequence[RowMapping]:
    """Return a merchant's settlements of ten years, the newest first."""
    s = m.settlement
    return await session.rows(
        select(s).where(s.c.merchant_id == merchant_id).order_by(s.c.month.desc()).limit(MOST_SETTLEMENTS)
    )


async def funds_of(session: ReadSession, book_id: UUID) -> Sequence[RowMapping]:
    """Return a book's funds by year."""
    f = m.fund
    newest = select(f).where(f.c.book_id == book_id).order_by(f.c.year.desc()).limit(MOST_FUNDS)
    return list(reversed(await session.rows(newest)))
