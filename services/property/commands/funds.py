"""Maintenance fund and common income: book, and publish quarter by quarter."""

from __future__ import annotations

import hashlib
from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003

import msgspec
from sqlalchemy import func, insert, select

from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import demanded
from services.property.commands.committee_parts import passed_item
from services.property.commands.emergencies import check_emergency
from services.property.commands.places import lock
from services.property.commands.publishing import store
from services.property.domain.care_events import FundsPublished
from services.property.domain.content import LONGEST_WORD, check_past, now, today
from services.property.domain.contracts import check_money
from services.property.domain.funds import BANKS, KINDS, Account, Entry, Fund, Kind, Movement, turnover
from services.property.domain.problems import PropertyProblem
from services.property.domain.quarters import bounds_of, next_of, quarter_of
from services.property.storage import care_tables as c
from services.property.storage import tables as t

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class BookFund(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: a movement of money in 0.01 yuan; some only within what the owners decided."""

    compound_id: UUID
    movement: Movement
    on: date
    amount: int
    text: str
    vote_id: UUID | None = None
    position: int = 0
    emergency_id: UUID | None = None
    """An urgent repair that was approved (应急使用), in place of a vote; of the maintenance fund's use only."""


class PublishFunds(msgspec.Struct, frozen=True):
    """What is asked: that a quarter that is over is published to the owners."""

    compound_id: UUID
    quarter: str


async def book_fund(session: WriteSession, permit: Permit, asked: BookFund) -> UUID:
    """Book a movement and return the compound's id. Raises Refused beyond the balance or the owners' decision."""
    compound = await lock(session, t.compound, asked.compound_id, "compound")
    permit.require(compound["region_code"], what="compound")
    kind, amount = KINDS[asked.movement], check_money(asked.amount, "amount", least=1)
    check_past(asked.on, "on")
    last = await _last_published(session, compound["id"])
    if last is not None and asked.on < bounds_of(last)[1]:
        raise Refused(PropertyProblem.QUARTER_PUBLISHED, "on", quarter=last)
    entries = await _entries(session, compound["id"])
    if kind.credit in BANKS.values() and turnover(entries, kind.credit).balance < amount:
        raise Refused(PropertyProblem.BALANCE_TOO_SMALL, "amount")
    vote_id, position = await _decided(session, compound, asked, kind)
    row: dict[str, Any] = {
        "id": new_id(),
        "compound_id": compound["id"],
        "region_code": compound["region_code"],
        "number": len(entries) + 1,
        "on": asked.on,
        "movement": asked.movement.value,
        "debit": kind.debit.value,
        "credit": kind.credit.value,
        "amount": amount,
        "text": demanded(asked.text, "text", LONGEST_WORD),
        "vote_id": vote_id,
        "position": position,
        "emergency_id": asked.emergency_id,
    }
    await session.execute(insert(c.fund_entry), row)
    session.changed("fund", compound["id"], compound["region_code"], movement=asked.movement.value, amount=amount)
    return asked.compound_id


async def _decided(
    session: WriteSession, compound: RowMapping, asked: BookFund, kind: Kind
) -> tuple[UUID | None, int | None]:
    """Return the decision that a movement rests on. Raises Refused without one, or beyond its amount."""
    if asked.emergency_id is not None:
        if asked.vote_id is not None or asked.movement is not Movement.USE:
            raise Refused(PropertyProblem.NOT_APPROVED, "emergencyId")
        await check_emergency(session, compound["id"], asked.emergency_id, asked.amount)
        return None, None
    if kind.matter is None:
        return None, None
    if asked.vote_id is None:
        raise Refused(PropertyProblem.NOT_DECIDED, "voteId", matter=kind.matter.value)
    item = await passed_item(session, compound["id"], asked.vote_id, asked.position, kind.matter.value)
    f = c.fund_entry.c
    used = select(func.coalesce(func.sum(f.amount), 0)).where(f.vote_id == asked.vote_id, f.position == asked.position)
    if item["amount"] is None or int(await session.scalar(used)) + asked.amount > item["amount"]:
        raise Refused(PropertyProblem.BEYOND_DECISION, "amount")
    return asked.vote_id, asked.position


async def _last_published(session: WriteSession, compound_id: UUID) -> str | None:
    s = c.fund_statement.c
    found: str | None = await session.scalar(select(func.max(s.quarter)).where(s.compound_id == compound_id))
    return found


async def _entries(session: WriteSession, compound_id: UUID, before: date | None = None) -> list[Entry]:
    f = c.fund_entry.c
    statement = select(f.debit, f.credit, f.amount).where(f.compound_id == compound_id)
    if before is not None:
        statement = statement.where(f.on < before)
    rows = await session.rows(statement)
    return [Entry(Account(row["debit"]), Account(row["credit"]), row["amount"]) for row in rows]


async def publish_funds(session: WriteSession, permit: Permit, asked: PublishFunds) -> UUID:
    """Publish a quarter and return the compound's id; quarters follow each other without a gap."""
    compound = await lock(session, t.compound, asked.compound_id, "compound")
    permit.require(compound["region_code"], what="compound")
    first, after = bounds_of(asked.quarter, "quarter")
    last = await _last_published(session, compound["id"])
    f = c.fund_entry.c
    since = await session.scalar(select(func.min(f.on)).where(f.compound_id == compound["id"]))
    due = next_of(last) if last else quarter_of(since) if since else asked.quarter
    if after > today() or asked.quarter != due:
        raise Refused(PropertyProblem.INVALID_QUARTER, "quarter")
    mine = (f.compound_id == compound["id"]) & (f.on >= first) & (f.on < after)
    columns = (f.number, f.on, f.movement, f.debit, f.credit, f.amount, f.text)
    rows = [tuple(row.values()) for row in await session.rows(select(*columns).where(mine).order_by(f.number))]
    digest = hashlib.sha256(msgspec.json.encode(rows)).hexdigest()
    before, until = await _entries(session, compound["id"], first), await _entries(session, compound["id"], after)
    amounts: dict[str, int] = {}
    closing: dict[str, Any] = {}
    for fund in Fund:
        opening, whole = turnover(before, BANKS[fund]), turnover(until, BANKS[fund])
        amounts[f"{fund.value}_opening"] = opening.balance
        amounts[f"{fund.value}_came"] = whole.came - opening.came
        amounts[f"{fund.value}_went"] = whole.went - opening.went
        closing[f"{fund.value}_balance"] = whole.balance
    where = {"compound_id": compound["id"], "region_code": compound["region_code"]}
    row = {**where, "quarter": asked.quarter, **amounts, "entries": len(rows), "digest": digest, "published_at": now()}
    await session.execute(insert(c.fund_statement), row)
    session.changed("fund", compound["id"], compound["region_code"], quarter=asked.quarter, digest=digest)
    event = FundsPublished(**where, region_id=compound["region_id"], quarter=asked.quarter, digest=digest, **closing)
    await store(session, t.compound, compound, event)
    return asked.compound_id
