"""Import a market and what happened on it: accounts, points earned and redeemed, in thousands of rows a statement."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, Uuid, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.events import outbox
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.service import ImportRefused
from services.credit.commands.import_selections import fresh_selections, import_selection
from services.credit.commands.publishing import SERVICE, of_account, publish_many
from services.credit.commands.redeem import VALID_DAYS, code_digest, new_code
from services.credit.domain import records as r
from services.credit.domain.events import AccountOpened
from services.credit.domain.groups import Nature
from services.credit.domain.ledger import BodyAccount, PersonAccount, applied, earn, hold, redeem
from services.credit.domain.periods import beginning, expiry, local_day
from services.credit.storage import market_tables as m
from services.credit.storage import tables as t
from services.credit.storage.books import book_of
from services.credit.storage.catalogues import Catalogues
from services.credit.storage.ledger import Draft, Said, write_many
from services.credit.storage.market import commit_fund

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession
    from services.credit.domain.catalogue import Catalogue
    from services.credit.domain.ledger import Account, Posting

_AT_ONCE = 4000
Numbered = list[tuple[int, Any]]
"""Records with the lines they are on."""


async def import_history(session: WriteSession, cipher: DataCipher, records: Numbered) -> Counter[str]:
    """Import everything but catalogues; return how many of each kind are new. Raises ImportRefused."""
    return await _Import(session, cipher).run(records)


class _Import:
    """One import: what it has made so far. History is of accounts that are imported with it."""

    def __init__(self, session: WriteSession, cipher: DataCipher) -> None:
        self._session = session
        self._cipher = cipher
        self._catalogues: dict[UUID, Catalogue] = {}
        self._rows: dict[UUID, dict[Any, Any]] = {}
        self._accounts: dict[UUID, Account] = {}
        self._offers: dict[UUID, r.OfferRecord] = {}
        self._names: dict[UUID, str] = {}

    async def run(self, records: Numbered) -> Counter[str]:
        """Import in an order in which everything finds what it rests on."""
        done: Counter[str] = Counter()
        done["merchants"] = await self._simple(records, r.MerchantRecord, m.merchant, _merchant)
        done["offers"] = await self._simple(records, r.OfferRecord, m.offer, _offer)
        done["funds"] = await self._funds(_of(records, r.FundRecord))
        done["accounts"] = await self._open([one for one in records if isinstance(one[1], r.AccountRecord)])
        self._offers = {one.id: one for _, one in records if isinstance(one, r.OfferRecord)}
        earned = [one for one in records if isinstance(one[1], r.EarnedRecord)]
        done["earnings"] = sum([await self._earn(some) for some in _portions(earned)])
        redeemed = [one for one in records if isinstance(one[1], r.RedeemedRecord)]
        done["redemptions"] = sum([await self._redeem(some) for some in _portions(redeemed)])
        chosen = [one for one in records if isinstance(one[1], r.SelectionRecord)]
        done["selections"] = await self._select(chosen)
        return +done

    async def _select(self, numbered: Numbered) -> int:
        """Import selections that are not there yet."""
        fresh = await fresh_selections(self._session, numbered) if numbered else []
        for line, one in fresh:
            catalogue = await self._catalogue(line, book_of(one.district_id))
            await import_selection(self._session, line, one, catalogue, self._names)
        return len(fresh)

    async def _simple(self, records: Numbered, kind: type, table: Any, row: Callable[[Any], dict[str, Any]]) -> int:
        rows = [row(one) for one in _of(records, kind)]
        if not rows:
            return 0
        put = upsert(table).values(rows).on_conflict_do_nothing()
        return int((await self._session.execute(put)).rowcount)

    async def _funds(self, funds: list[r.FundRecord]) -> int:
        rows = [{"book_id": book_of(one.district_id), "year": one.year, "budget_fen": one.budget_fen} for one in funds]
        if not rows:
            return 0
        put = upsert(m.fund).values(rows).on_conflict_do_nothing()
        return int((await self._session.execute(put)).rowcount)

    async def _open(self, numbered: Numbered) -> int:
        """Open accounts that are not there yet."""
        among = literal([one.id for _, one in numbered], ARRAY(Uuid))
        known = select(t.account.c.id).where(t.account.c.id == func.any(among))
        there = {row["id"] for row in await self._session.rows(known)}
        fresh = [(line, one) for line, one in numbered if one.id not in there]
        holders, events = [], []
        for line, one in fresh:
            row = await self._account_row(line, one)
            self._names[one.id] = one.name
            self._rows[one.id] = row | {"available": 0, "held": 0, "deducted": 0}
            kind = PersonAccount if row["nature"] == Nature.NATURAL else BodyAccount
            self._accounts[one.id] = kind(id=one.id, book_id=row["book_id"])
            holders.append(self._holder(one, row))
            events.append(
                outbox.Draft(
                    event=AccountOpened(**of_account(row)),
                    aggregate_id=one.id,
                    aggregate_version=1,
                    region_code=one.region_code,
                    occurred_at=row["opened_at"],
                )
            )
        if fresh:
            columns = ("available", "held", "deducted")
            rows = [{key: value for key, value in row.items() if key not in columns} for row in self._rows.values()]
            await self._session.execute(insert(t.account), rows)
            await self._session.execute(insert(t.holder), holders)
            await outbox.append_many(self._session.connection, SERVICE, events)
        return len(fresh)

    async def _account_row(self, line: int, one: r.AccountRecord) -> dict[Any, Any]:
        book_id = book_of(one.district_id)
        group = (await self._catalogue(line, book_id)).group(one.group)
        if group is None:
            raise ImportRefused(f"line {line}: there is no group {one.group}")
        if (group.nature is Nature.NATURAL) is (one.subject is None) or (one.subject is None) is (
            one.credit_code is None
        ):
            raise ImportRefused(f"line {line}: a person has a subject, a body a credit code")
        return {
            "id": one.id,
            "book_id": book_id,
            "nature": group.nature.value,
            "group_code": group.code,
            "region_id": one.region_id,
            "region_code": one.region_code,
            "opened_at": beginning(one.opened_on),
            "events": 1,
        }

    def _holder(self, one: r.AccountRecord, row: dict[Any, Any]) -> dict[str, Any]:
        return {
            "account_id": one.id,
            "subject": one.subject,
            "credit_code": one.credit_code,
            "name": self._cipher.encrypt(one.name),
            "consented_at": row["opened_at"] if one.subject else None,
        }

    async def _catalogue(self, line: int, book_id: UUID) -> Catalogue:
        if book_id not in self._catalogues:
            try:
                self._catalogues[book_id] = await Catalogues().latest(self._session, book_id)
            except Refused as refused:
                raise ImportRefused(f"line {line}: {refused}") from refused
        return self._catalogues[book_id]

    async def _earn(self, numbered: Numbered) -> int:
        """Post what was earned and is not there yet."""
        causes = literal([_cause(one) for _, one in numbered], ARRAY(Text))
        p = t.posting.c
        there = {row["cause"] for row in await self._session.rows(select(p.cause).where(p.cause == func.any(causes)))}
        drafts = []
        for line, one in numbered:
            if _cause(one) in there:
                continue
            account = self._known(line, one.account_id)
            catalogue = await self._catalogue(line, account.book_id)
            item = catalogue.reward(one.item, self._rows[account.id]["group_code"])
            if item is None:
                raise ImportRefused(f"line {line}: there is no item {one.item} for that account")
            posting = earn(account, item.points, new_id(), expiry(local_day(one.at), item.valid_months))
            said = Said(
                at=one.at,
                recorded_by=one.recorded_by,
                approved_by=one.approved_by,
                item=item.code,
                catalogue_version=catalogue.version,
                cause=_cause(one),
            )
            drafts.append(self._draft(account, posting, said))
        await self._write(drafts)
        return len(drafts)

    async def _redeem(self, numbered: Numbered) -> int:
        """Post holds and redemptions that are not there yet, and store what they are for."""
        among = literal([one.id for _, one in numbered], ARRAY(Uuid))
        known = select(m.redemption.c.id).where(m.redemption.c.id == func.any(among))
        there = {row["id"] for row in await self._session.rows(known)}
        drafts, fresh = [], []
        promised: Counter[tuple[UUID, int]] = Counter()
        for line, one in numbered:
            if one.id in there:
                continue
            offer = self._offers.get(one.offer_id)
            if offer is None:
                raise ImportRefused(f"line {line}: there is no offer {one.offer_id} in this file")
            try:
                account = self._known(line, one.account_id)
                held = hold(account, offer.points, local_day(one.at))
            except Refused as refused:
                raise ImportRefused(f"line {line}: {refused}") from refused
            said = Said(at=one.at, recorded_by="holder", item=offer.scenario)
            drafts.append(self._draft(account, held, said))
            account = self._accounts[account.id]
            spent = redeem(account, held.entries)
            drafts.append(self._draft(account, spent, Said(at=one.used_at, recorded_by="system:import")))
            fresh.append((one, offer))
            promised[account.book_id, local_day(one.at).year] += offer.price_fen
        for (book_id, year), fen in promised.items():
            if not await commit_fund(self._session, book_id, year, fen):
                raise ImportRefused(f"the fund of {year} does not cover {fen} fen more")
        ids = await self._write(drafts)
        rows = [
            self._redemption(one, offer, ids[2 * place], ids[2 * place + 1]) for place, (one, offer) in enumerate(fresh)
        ]
        if rows:
            await self._session.execute(insert(m.redemption), rows)
        return len(rows)

    def _redemption(
        self, one: r.RedeemedRecord, offer: r.OfferRecord, hold_id: UUID | None, posting_id: UUID | None
    ) -> dict[str, Any]:
        return {
            "id": one.id,
            "account_id": one.account_id,
            "offer_id": offer.id,
            "merchant_id": offer.merchant_id,
            "points": offer.points,
            "price_fen": offer.price_fen,
            "state": "redeemed",
            "at": one.at,
            "valid_until": one.at + timedelta(days=VALID_DAYS),
            "hold_id": hold_id,
            "posting_id": posting_id,
            "ended_at": one.used_at,
            "ended_by": "system:import",
            "code_digest": code_digest(self._cipher, new_code()),
        }

    def _known(self, line: int, account_id: UUID) -> Account:
        account = self._accounts.get(account_id)
        if account is None:
            raise ImportRefused(f"line {line}: the account is not opened by this file")
        return account

    def _draft(self, account: Account, posting: Posting, said: Said) -> Draft:
        self._accounts[account.id] = applied(account, posting)
        return Draft(account, posting, said)

    async def _write(self, drafts: list[Draft]) -> list[UUID | None]:
        if not drafts:
            return []
        written = await write_many(self._session, drafts)
        await publish_many(self._session, self._rows, drafts, written)
        return written


def _of(records: Numbered, kind: type) -> list[Any]:
    return [one for _, one in records if isinstance(one, kind)]


def _cause(one: r.EarnedRecord) -> str:
    return f"import {one.id}"


def _merchant(one: r.MerchantRecord) -> dict[str, Any]:
    book_id = book_of(one.district_id)
    return {"id": one.id, "book_id": book_id, "name": one.name, "credit_code": one.credit_code, "keeper": one.keeper}


def _offer(one: r.OfferRecord) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__struct_fields__}


def _portions(records: Numbered) -> Iterator[Numbered]:
    for start in range(0, len(records), _AT_ONCE):
        yield records[start : start + _AT_ONCE]
