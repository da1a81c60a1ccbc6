"""What happens by itself: postings are chained, and points expire. Safe in several instances."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from chassis.background import for_each
from chassis.database import EVERYWHERE
from chassis.problems import Refused
from chassis.records import write_audit
from services.credit.commands.actors import now
from services.credit.commands.post import post
from services.credit.commands.redeem import give_up
from services.credit.domain.ledger import expire
from services.credit.domain.periods import local_day
from services.credit.storage import chain, market
from services.credit.storage import tables as t
from services.credit.storage.ledger import Said, lock_account, with_lots

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from chassis.database import Database
    from chassis.service import Runtime
    from services.credit.settings import CreditSettings

_ACCOUNTS_AT_ONCE = 100
_SWEEP = "system:sweep"


async def sweep(runtime: Runtime) -> None:
    """Chain and expire until cancelled."""
    seconds = cast("CreditSettings", runtime.settings).sweep_seconds
    while True:
        await for_each((seal_all, _lapse_all, _expire_all), lambda work: work(runtime.database))
        await asyncio.sleep(seconds)


async def _lapse_all(database: Database) -> None:
    while await lapse_some(database, now()):
        pass


async def _expire_all(database: Database) -> None:
    while await expire_some(database, now()):
        pass


async def seal_all(database: Database) -> int:
    """Chain every posting that waits for it; return how many. Raises ExceptionGroup of the books that failed."""
    async with database.read(EVERYWHERE) as session:
        books = [row["id"] for row in await chain.books(session)]
    return sum(await for_each(books, partial(_seal_book, database)))


async def _seal_book(database: Database, book_id: UUID) -> int:
    sealed = 0
    while True:
        async with database.write(EVERYWHERE) as session:
            done = await chain.seal_some(session, book_id)
        sealed += done
        if not done:
            break
    async with database.write(EVERYWHERE) as session:
        await chain.fold(session, book_id)
    return sealed


async def expire_some(database: Database, at: datetime) -> int:
    """Take the points that have expired from some accounts; return how many accounts."""
    today, l = local_day(at), t.lot.c  # noqa: E741 (as the other tables)
    async with database.write(EVERYWHERE) as session:
        expired = select(l.account_id).where(l.expires_on <= today, l.available > 0).limit(_ACCOUNTS_AT_ONCE)
        ids = sorted({row["account_id"] for row in await session.rows(expired)})
        for id_ in ids:
            row = await lock_account(session, id_)
            account = await with_lots(session, row) if row else None
            posting = expire(account, today) if account else None
            if row and account and posting:
                await post(session, row, account, posting, Said(at=at, recorded_by=_SWEEP))
        await write_audit(session, _SWEEP, "expirePoints")
    return len(ids)


async def lapse_some(database: Database, at: datetime) -> int:
    """Give back what vouchers that are no longer valid have set aside, of some redemptions; return how many."""
    async with database.write(EVERYWHERE) as session:
        ids = await market.lapsed(session, at, _ACCOUNTS_AT_ONCE)
    for id_ in ids:
        with suppress(Refused):
            # Each in a transaction of its own: it may be used at this very moment.
            async with database.write(EVERYWHERE) as session:
                found = await market.by_id(session, id_)
                if found is not None:
                    await give_up(session, found, market.LAPSED, at, _SWEEP)
                await write_audit(session, _SWEEP, "lapseVouchers")
    return len(ids)
