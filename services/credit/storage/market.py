"""Offers, stock, the fund, redemptions: taken by one conditional update each, so nothing is sold or promised twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Uuid, func, insert, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY

from services.credit.domain.ledger import Kind
from services.credit.storage import market_tables as m
from services.credit.storage import tables as t

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import RowMapping, Select

    from chassis.database import ReadSession, WriteSession

HELD, REDEEMED, CANCELLED, LAPSED, REFUNDED = "held", "redeemed", "cancelled", "lapsed", "refunded"
_EVERYWHERE = text("""SELECT set_config('linli.scope', '{""}', true)""")


async def offer_of(session: ReadSession, id_: UUID) -> RowMapping | None:
    """Return an open offer of an open merchant, with the merchant's book."""
    o, s = m.offer, m.merchant.c
    open_ = select(o, s.book_id).join(m.merchant, s.id == o.c.merchant_id).where(o.c.id == id_)
    return await session.row(open_.where(o.c.closed_at.is_(None), s.closed_at.is_(None)))


async def take_one(session: WriteSession, offer_id: UUID) -> bool:
    """Take one of an offer's stock; False when there is none left."""
    o = m.offer
    one = update(o).where(o.c.id == offer_id, or_(o.c.stock.is_(None), o.c.stock > 0)).values(stock=o.c.stock - 1)
    return bool((await session.execute(one)).rowcount)


async def give_back(session: WriteSession, row: RowMapping, book_id: UUID, year: int) -> None:
    """Put one of an offer back into stock, and what it costs back into the fund."""
    o = m.offer
    await session.execute(update(o).where(o.c.id == row["offer_id"]).values(stock=o.c.stock + 1))
    await commit_fund(session, book_id, year, -row["price_fen"])


async def commit_fund(session: WriteSession, book_id: UUID, year: int, fen: int) -> bool:
    """Promise an amount of a year's fund, negative to take a promise back; False when the budget does not cover it."""
    if fen == 0:
        return True
    f = m.fund
    after = f.c.committed_fen + fen
    within = (f.c.book_id == book_id) & (f.c.year == year) & (after <= f.c.budget_fen)
    return bool((await session.execute(update(f).where(within).values(committed_fen=after))).rowcount)


async def put(session: WriteSession, row: dict[str, Any]) -> None:
    """Store a redemption."""
    await session.execute(insert(m.redemption), row)


async def by_id(session: ReadSession, id_: UUID) -> RowMapping | None:
    """Return a redemption."""
    return await session.row(select(m.redemption).where(m.redemption.c.id == id_))


async def by_code(session: WriteSession, digest: bytes, keeper: str) -> RowMapping | None:
    """Return the redemption of a voucher that is shown to its merchant's keeper; None when it is not theirs.

    Who holds a voucher may live anywhere: from here on the transaction sees everywhere. The code and the keeper
    together are what allows it, and the command does nothing but end this one redemption.
    """
    await session.execute(_EVERYWHERE)
    r, s = m.redemption, m.merchant.c
    mine = select(r).join(m.merchant, s.id == r.c.merchant_id).where(r.c.code_digest == digest, s.keeper == keeper)
    return await session.row(mine)


async def by_keeper(session: WriteSession, id_: UUID, keeper: str) -> RowMapping | None:
    """Return a redemption at a keeper's merchant; from here on the transaction sees everywhere, as in `by_code`."""
    await session.execute(_EVERYWHERE)
    r, s = m.redemption, m.merchant.c
    mine = select(r).join(m.merchant, s.id == r.c.merchant_id).where(r.c.id == id_, s.keeper == keeper)
    return await session.row(mine)


async def end(session: WriteSession, id_: UUID, state: str, posting_id: UUID, at: datetime, by: str) -> None:
    """Store how a redemption ended; its code is deleted."""
    r = m.redemption
    ended = {"state": state, "posting_id": posting_id, "ended_at": at, "ended_by": by, "code": None}
    await session.execute(update(r).where(r.c.id == id_).values(**ended))


async def standing(session: ReadSession, account_id: UUID, since: datetime) -> int:
    """Return the points that an account earned since an instant, less what was reversed; spending takes none away."""
    p, e, back = t.posting, t.entry.c, t.posting.alias("back")
    earned = (
        select(func.coalesce(func.sum(e.amount), 0))
        .select_from(t.entry)
        .join(p, p.c.id == e.posting_id)
        .where(
            p.c.account_id == account_id,
            e.account_id == account_id,
            p.c.kind == Kind.EARN.value,
            p.c.at >= since,
            ~select(back.c.id).where(back.c.reverses == p.c.id).exists(),
        )
    )
    return int(await session.scalar(earned))


def offers_in(book_id: UUID, scenario: str | None) -> Select[Any]:
    """Return the statement of a book's open offers."""
    o, s = m.offer, m.merchant.c
    open_ = select(o, s.name.label("merchant_name")).join(m.merchant, s.id == o.c.merchant_id)
    open_ = open_.where(s.book_id == book_id, o.c.closed_at.is_(None), s.closed_at.is_(None))
    return open_ if scenario is None else open_.where(o.c.scenario == scenario)


def redemptions_of(account_id: UUID) -> Select[Any]:
    """Return the statement of an account's redemptions."""
    r, o = m.redemption, m.offer.c
    return (
        select(r, o.name.label("offer_name"), o.scenario)
        .join(m.offer, o.id == r.c.offer_id)
        .where(r.c.account_id == account_id)
    )


async def month_of(session: ReadSession, merchant_id: UUID, first: datetime, after: datetime) -> RowMapping | None:
    """Return how many redemptions a merchant honoured in a stretch of time and what the fund owes for them."""
    r = m.redemption.c
    return await session.row(
        select(func.count().label("redemptions"), func.coalesce(func.sum(r.price_fen), 0).label("amount_fen")).where(
            r.merchant_id == merchant_id, r.state == REDEEMED, r.ended_at >= first, r.ended_at < after
        )
    )


async def lapsed(session: ReadSession, at: datetime, most: int) -> list[UUID]:
    """Return redemptions whose vouchers can no longer be used."""
    r = m.redemption.c
    rows = await session.rows(select(r.id).where(r.state == HELD, r.valid_until <= at).order_by(r.id).limit(most))
    return [row["id"] for row in rows]


async def held_of(session: ReadSession, account_id: UUID) -> list[RowMapping]:
    """Return what an account has set aside."""
    r = m.redemption
    return list(await session.rows(select(r).where(r.c.account_id == account_id, r.c.state == HELD).order_by(r.c.id)))


async def lot_expiries(session: ReadSession, ids: list[UUID]) -> dict[UUID, Any]:
    """Return when lots expire, by their ids."""
    lots = t.lot.c
    among = lots.id == func.any(literal(ids, ARRAY(Uuid)))
    return {row["id"]: row["expires_on"] for row in await session.rows(select(lots.id, lots.expires_on).where(among))}
