"""Budget, pay out and spend funds of organisations, and reverse an entry that was wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from services.org.commands.places import check_kind, check_version, lock
from services.org.commands.publishing import publish
from services.org.domain.fund_events import FundPosted
from services.org.domain.funds import (
    Account,
    Balances,
    EntryKind,
    Move,
    check_purpose_of,
    check_year,
    handed_over,
    move_of,
    posted,
    reversal_of,
)
from services.org.domain.periods import Period, check_existence, check_not_future, today
from services.org.domain.problems import OrgProblem
from services.org.storage import tables as t

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


_CARRIED = "组织合并结转"
"""What entries are for by which money goes over with a merger."""


class BudgetFund(msgspec.Struct, frozen=True):
    """What is asked: an amount is budgeted for an organisation's year from a source."""

    organisation_id: UUID
    year: int
    source: str
    amount_fen: int
    on: date
    purpose: str


class PostFund(msgspec.Struct, frozen=True):
    """What is asked: an amount of a fund is paid out or spent."""

    fund_id: UUID
    expected_version: int
    amount_fen: int
    on: date
    purpose: str


class ReverseEntry(msgspec.Struct, frozen=True):
    """What is asked: an entry is taken back, for a reason."""

    entry_id: UUID
    on: date
    purpose: str


async def budget_fund(session: WriteSession, permit: Permit, asked: BudgetFund) -> UUID:
    """Budget an amount; the organisation's fund of that year and source begins with the first."""
    row = await lock(session, t.organisation, asked.organisation_id, "organisation")
    permit.require(row["region_code"], what="organisation")
    check_year(asked.year, today().year)
    await check_kind(session, "fund", asked.source)
    check_existence(Period(row["established_on"], row["dissolved_on"]), Period(asked.on), "organisation", "on")
    fund = await _fund_of(session, row, asked.year, asked.source)
    await _post(session, fund, move_of(EntryKind.BUDGET, asked.amount_fen), asked.on, asked.purpose)
    fund_id: UUID = fund["id"]
    return fund_id


async def hand_over_funds(session: WriteSession, gone_id: UUID, into_id: UUID, on: date) -> None:
    """Let the organisation `into_id` have the money that is left to one that is merged into it on `on`.

    It is paid back by the one fund and given anew to the other of its year and source; what was spent stays where it
    was (decision 0071). Both organisations must be locked.
    """
    f = t.fund
    theirs = (f.c.organisation_id == gone_id) & (f.c.approved + f.c.available > 0)
    funds = await session.rows(select(f).where(theirs).order_by(f.c.id).with_for_update())
    if not funds:
        return
    into = await lock(session, t.organisation, into_id, "organisation")
    for one in funds:
        other = await _fund_of(session, into, one["year"], one["source"])
        back, anew = handed_over(Balances(one["approved"], one["available"], one["spent"]))
        for fund_id, moves in ((one["id"], back), (other["id"], anew)):
            for move in moves:
                await _post(session, await lock(session, f, fund_id, "fund"), move, on, _CARRIED)


async def _fund_of(session: WriteSession, row: RowMapping, year: int, source: str) -> RowMapping:
    """Lock and return the fund of a locked organisation's year from a source; it begins when it is not there."""
    f = t.fund
    begun = {
        "id": new_id(),
        "organisation_id": row["id"],
        "year": year,
        "source": source,
        "region_id": row["region_id"],
        "region_code": row["region_code"],
        "approved": 0,
        "available": 0,
        "spent": 0,
        "version": 0,
    }
    # The organisation is locked, so that two budgets at once begin one fund.
    await session.execute(upsert(f).values(begun).on_conflict_do_nothing())
    mine = (f.c.organisation_id == row["id"]) & (f.c.year == year) & (f.c.source == source)
    fund = await session.row(select(f).where(mine).with_for_update())
    if fund is None:
        raise NotFound(what="fund")
    return fund


async def disburse_fund(session: WriteSession, permit: Permit, asked: PostFund) -> UUID:
    """Pay out an amount of what is budgeted."""
    return await _move(session, permit, asked, EntryKind.DISBURSE)


async def spend_fund(session: WriteSession, permit: Permit, asked: PostFund) -> UUID:
    """Account for an amount of what was paid out."""
    return await _move(session, permit, asked, EntryKind.SPEND)


async def reverse_fund_entry(session: WriteSession, permit: Permit, asked: ReverseEntry) -> UUID:
    """Take an entry back by an entry of its own."""
    e = t.fund_entry
    entry = await session.row(select(e).where(e.c.id == asked.entry_id))
    if entry is None:
        raise NotFound(what="fund_entry")
    fund = await lock(session, t.fund, entry["fund_id"], "fund")
    permit.require(fund["region_code"], what="fund")
    if await session.row(select(e.c.id).where(e.c.reverses == asked.entry_id)) is not None:
        raise Refused(OrgProblem.ALREADY_REVERSED, "entryId")
    move = Move(EntryKind(entry["kind"]), Account(entry["from_account"]), Account(entry["to_account"]), entry["amount"])
    await _post(session, fund, reversal_of(move), asked.on, asked.purpose, reverses=asked.entry_id)
    fund_id: UUID = fund["id"]
    return fund_id


async def _move(session: WriteSession, permit: Permit, asked: PostFund, kind: EntryKind) -> UUID:
    fund = await lock(session, t.fund, asked.fund_id, "fund")
    permit.require(fund["region_code"], what="fund")
    check_version(fund["version"], asked.expected_version)
    await _post(session, fund, move_of(kind, asked.amount_fen), asked.on, asked.purpose)
    return asked.fund_id


async def _post(
    session: WriteSession, fund: RowMapping, move: Move, on: date, purpose: str, reverses: UUID | None = None
) -> None:
    """Post a move to a locked fund: entry, balances and event. Raises Refused."""
    check_not_future(on, today(), "on")
    after = posted(Balances(fund["approved"], fund["available"], fund["spent"]), move)
    version = fund["version"] + 1
    entry: dict[str, Any] = {
        "id": new_id(),
        "fund_id": fund["id"],
        "seq": version,
        "region_code": fund["region_code"],
        "kind": move.kind.value,
        "from_account": move.from_account.value,
        "to_account": move.to_account.value,
        "amount": move.amount,
        "on_day": on,
        "purpose": check_purpose_of(purpose),
        "reverses": reverses,
    }
    await session.execute(insert(t.fund_entry), entry)
    balances = {"approved": after.approved, "available": after.available, "spent": after.spent}
    await session.execute(update(t.fund).where(t.fund.c.id == fund["id"]).values(**balances, version=version))
    session.changed("fund", fund["id"], fund["region_code"], entry=entry["id"], kind=move.kind, amount=move.amount)
    await publish(session, fund_posted(fund, entry), fund["id"], version, fund["region_code"])


def fund_posted(fund: Any, entry: dict[str, Any]) -> FundPosted:
    """Return what tells of an entry."""
    return FundPosted(
        fund_id=fund["id"],
        entry_id=entry["id"],
        kind=entry["kind"],
        amount_fen=entry["amount"],
        on_day=entry["on_day"],
        reverses=entry["reverses"],
        organisation_id=fund["organisation_id"],
        year=fund["year"],
        source=fund["source"],
        region_id=fund["region_id"],
        region_code=fund["region_code"],
    )
