"""Keep the market: merchants, offers, the year's fund, and what each merchant is paid for a month."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.problems import CommonProblem, Refused
from chassis.texts import demanded
from services.credit.commands.actors import now, require_duty
from services.credit.domain.content import LONGEST_NAME, checked_credit_code
from services.credit.domain.ledger import MOST_POINTS
from services.credit.domain.periods import after_months, beginning, local_day
from services.credit.domain.problems import CreditProblem
from services.credit.storage import market
from services.credit.storage import market_tables as m
from services.credit.storage import tables as t
from services.credit.storage.market_reads import is_settled

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.credit.storage.catalogues import Catalogues

_MOST_FEN = 10**13


class RegisterMerchant(msgspec.Struct, frozen=True, kw_only=True):
    """A merchant of a district, and the token subject of who verifies its vouchers."""

    district_code: str
    name: str
    credit_code: str
    keeper: str


class OpenOffer(msgspec.Struct, frozen=True, kw_only=True):
    """What a merchant gives for points in a scenario; the fund pays `price_fen` for each."""

    merchant_id: UUID
    scenario: str
    name: str
    points: int
    price_fen: int
    stock: int | None = None


class SetFund(msgspec.Struct, frozen=True, kw_only=True):
    """The budget of a district's dedicated fund for a year."""

    district_code: str
    year: int
    budget_fen: int


class SettleMonth(msgspec.Struct, frozen=True, kw_only=True):
    """A merchant, and any day of the month that is settled."""

    merchant_id: UUID
    month: date


async def _require_keeper(
    session: WriteSession, permit: Permit, catalogues: Catalogues, book: RowMapping | None
) -> RowMapping:
    """Return the book of whose fund the caller is a keeper."""
    if book is None:
        raise NotFound(what="book of points")
    catalogue = await catalogues.latest(session, book["id"])
    await require_duty(session, permit, catalogue.fund_keepers, book["region_code"])
    return book


async def _book(session: WriteSession, code: str) -> RowMapping | None:
    return await session.row(select(t.book).where(t.book.c.region_code == code.strip()))


async def _merchants_book(session: WriteSession, merchant_id: UUID) -> RowMapping | None:
    s = m.merchant.c
    of = select(t.book).join(m.merchant, s.book_id == t.book.c.id)
    return await session.row(of.where(s.id == merchant_id, s.closed_at.is_(None)))


async def register_merchant(
    session: WriteSession, permit: Permit, catalogues: Catalogues, asked: RegisterMerchant
) -> UUID:
    """Store a merchant and return its id."""
    book = await _require_keeper(session, permit, catalogues, await _book(session, asked.district_code))
    id_ = new_id()
    row: dict[str, Any] = {
        "id": id_,
        "book_id": book["id"],
        "name": demanded(asked.name, "name", LONGEST_NAME),
        "credit_code": checked_credit_code(asked.credit_code),
        "keeper": demanded(asked.keeper, "keeper", LONGEST_NAME),
    }
    await session.execute(insert(m.merchant), row)
    session.changed("merchant", id_, book["region_code"], name=row["name"], keeper=row["keeper"])
    return id_


async def open_offer(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: OpenOffer) -> UUID:
    """Store an offer and return its id."""
    found = await _merchants_book(session, asked.merchant_id)
    book = await _require_keeper(session, permit, catalogues, found)
    catalogue = await catalogues.latest(session, book["id"])
    if catalogue.scenario(asked.scenario) is None:
        raise Refused(CreditProblem.UNKNOWN_OFFER, "scenario")
    if not 1 <= asked.points <= MOST_POINTS or not 0 <= asked.price_fen <= _MOST_FEN:
        raise Refused(CreditProblem.POINTS_OUT_OF_RANGE, "points", most=MOST_POINTS)
    if asked.stock is not None and asked.stock < 0:
        raise Refused(CreditProblem.POINTS_OUT_OF_RANGE, "stock", most=MOST_POINTS)
    id_ = new_id()
    row = msgspec.structs.asdict(asked) | {"id": id_, "name": demanded(asked.name, "name", LONGEST_NAME)}
    await session.execute(insert(m.offer), row)
    session.changed("offer", id_, book["region_code"], points=asked.points, price_fen=asked.price_fen)
    return id_


async def close_offer(session: WriteSession, permit: Permit, catalogues: Catalogues, id_: UUID) -> UUID:
    """Take an offer back: what is set aside for it stays valid."""
    offer = await market.offer_of(session, id_)
    if offer is None:
        raise NotFound(what="offer")
    book = await _require_keeper(session, permit, catalogues, await _merchants_book(session, offer["merchant_id"]))
    await session.execute(update(m.offer).where(m.offer.c.id == id_).values(closed_at=now()))
    session.changed("offer", id_, book["region_code"], closed=True)
    return id_


async def set_fund(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: SetFund) -> UUID:
    """Set a year's budget, not below what is promised already; return the book's id."""
    book = await _require_keeper(session, permit, catalogues, await _book(session, asked.district_code))
    if not 0 <= asked.budget_fen <= _MOST_FEN:
        raise Refused(CommonProblem.REQUIRED, "budgetYuan", field="budgetYuan")
    f = m.fund
    row = {"book_id": book["id"], "year": asked.year, "budget_fen": asked.budget_fen}
    put = upsert(f).values(row)
    put = put.on_conflict_do_update(
        index_elements=["book_id", "year"],
        set_={"budget_fen": asked.budget_fen},
        where=f.c.committed_fen <= asked.budget_fen,
    )
    if not (await session.execute(put)).rowcount:
        promised = select(f.c.committed_fen).where(f.c.book_id == book["id"], f.c.year == asked.year)
        raise Refused(CreditProblem.BUDGET_TOO_LOW, "budgetYuan", committed=await session.scalar(promised))
    session.changed("fund", book["id"], book["region_code"], year=asked.year, budget_fen=asked.budget_fen)
    book_id: UUID = book["id"]
    return book_id


async def settle_month(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: SettleMonth) -> UUID:
    """Write down what a merchant is paid for a month that is over, once; return the merchant's id."""
    book = await _require_keeper(session, permit, catalogues, await _merchants_book(session, asked.merchant_id))
    first = asked.month.replace(day=1)
    at = now()
    if local_day(at) < after_months(first, 1):
        raise Refused(CreditProblem.MONTH_NOT_OVER, "month")
    await settle(session, asked.merchant_id, book["region_code"], first, at, str(permit.caller.subject))
    return asked.merchant_id


async def settle(
    session: WriteSession, merchant_id: UUID, region_code: str, month: date, at: datetime, by: str
) -> None:
    """Write down what a merchant is paid for a month that is over. Raises Refused when it was done."""
    # Held so that two who settle at once write it once.
    await session.row(select(m.merchant.c.id).where(m.merchant.c.id == merchant_id).with_for_update(read=False))
    if await is_settled(session, merchant_id, beginning(month)):
        raise Refused(CreditProblem.SETTLED_ALREADY, "month")
    owed = await market.month_of(session, merchant_id, beginning(month), beginning(after_months(month, 1)))
    row = dict(owed) if owed else {"redemptions": 0, "amount_fen": 0}
    row |= {"id": new_id(), "merchant_id": merchant_id, "month": month, "settled_at": at, "settled_by": by}
    await session.execute(insert(m.settlement), row)
    session.changed(
        "settlement", row["id"], region_code, merchant=merchant_id, month=month, amount_fen=int(row["amount_fen"])
    )
