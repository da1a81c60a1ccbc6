"""What comes round by itself, on the days that the catalogue names: rankings, publicity, settlement; each once.

Every turn looks for what is over and not done, since the book was opened; so a restart, two instances or a month
without any leave nothing out and do nothing twice. Who does the same by hand takes the same lock.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from chassis.background import for_each
from chassis.database import EVERYWHERE
from chassis.problems import Refused
from chassis.records import write_audit
from services.credit.commands.actors import now
from services.credit.commands.market import settle
from services.credit.commands.rounds import publish, rank
from services.credit.domain.catalogue import Period
from services.credit.domain.periods import after_months, local_day, period_of
from services.credit.storage import chain, governance
from services.credit.storage.catalogues import Catalogues
from services.credit.storage.market_reads import unsettled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import RowMapping

    from chassis.cipher import DataCipher
    from chassis.database import Database
    from chassis.service import Runtime
    from services.credit.domain.catalogue import Catalogue
    from services.credit.settings import CreditSettings

_BY = "system:schedule"
_MOST_MONTHS = 24


async def keep_schedule(runtime: Runtime) -> None:
    """Do what is due until cancelled."""
    seconds = cast("CreditSettings", runtime.settings).schedule_seconds
    catalogues = Catalogues()
    while True:
        await do_what_is_due(runtime.database, runtime.cipher, catalogues, now())
        await asyncio.sleep(seconds)


async def do_what_is_due(database: Database, cipher: DataCipher, catalogues: Catalogues, at: datetime) -> int:
    """Rank, publish and settle everything that is due at `at` and was not done; return how much it was.

    Raises ExceptionGroup of what failed for some books.
    """
    async with database.read(EVERYWHERE) as session:
        books = await chain.books(session)

    async def of_book(book: RowMapping) -> int:
        try:
            async with database.read(EVERYWHERE) as session:
                catalogue = await catalogues.latest(session, book["id"])
        except Refused:
            return 0
        return await _of_book(database, cipher, book, catalogue, at)

    return sum(await for_each(books, of_book))


def due_months(opened_on: date, today: date, day: int | None) -> Iterator[date]:
    """Yield the first days of the months that were over before `today` and not before the book, whose `day` has come.

    `day` is the day of the next month on which it is done, None when it is done by hand only; at most two years back.
    """
    if day is None:
        return
    month = max(opened_on.replace(day=1), after_months(today, -_MOST_MONTHS))
    while (after := after_months(month, 1)) <= today and after + timedelta(days=day - 1) <= today:
        yield month
        month = after


async def _of_book(database: Database, cipher: DataCipher, book: RowMapping, catalogue: Catalogue, at: datetime) -> int:
    opened, today, done = local_day(book["opened_at"]), local_day(at), 0
    for month in due_months(opened, today, catalogue.publish_day):
        done += await _publish(database, cipher, book, month, at)
    for month in due_months(opened, today, catalogue.rank_day):
        quarter, after = period_of(month, Period.QUARTER)
        if after == after_months(month, 1):
            done += await _rank(database, book, quarter, catalogue.red_flags)
    for month in due_months(opened, today, catalogue.settle_day):
        done += await _settle(database, book, month, at)
    return done


async def _publish(database: Database, cipher: DataCipher, book: RowMapping, month: date, at: datetime) -> int:
    async with database.read(EVERYWHERE) as session:
        if await governance.publicity_of(session, book["id"], month) is not None:
            return 0
    with suppress(Refused):
        async with database.write(EVERYWHERE) as session:
            await publish(session, cipher, book, month, at)
            await write_audit(session, _BY, "publishCreditMonth")
            return 1
    return 0


async def _rank(database: Database, book: RowMapping, quarter: date, flags: int) -> int:
    async with database.read(EVERYWHERE) as session:
        if await governance.is_ranked(session, book["id"], quarter):
            return 0
    with suppress(Refused):
        async with database.write(EVERYWHERE) as session:
            if not await rank(session, book, quarter, flags):
                # Nobody takes part yet: nothing is written, and nothing is to be told.
                return 0
            await write_audit(session, _BY, "rankGrids")
            return 1
    return 0


async def _settle(database: Database, book: RowMapping, month: date, at: datetime) -> int:
    async with database.read(EVERYWHERE) as session:
        merchants = await unsettled(session, book["id"], month)
    done = 0
    for merchant in merchants:
        with suppress(Refused):
            async with database.write(EVERYWHERE) as session:
                await settle(session, merchant, book["region_code"], month, at, _BY)
                await write_audit(session, _BY, "settleMonth")
                done += 1
    return done
