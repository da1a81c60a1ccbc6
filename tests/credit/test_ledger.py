"""What the database itself keeps of the ledger, shown by trying; and what happens to one account from many sides."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chassis.ids import new_id
from chassis.problems import Refused
from services.credit.commands.post import locked, post
from services.credit.commands.sweep import expire_some
from services.credit.domain import ledger
from services.credit.domain.ledger import Kind
from services.credit.storage.ledger import Said, posted, with_lots
from tests.credit import city

if TYPE_CHECKING:
    from services.credit.domain.ledger import Account, Posting
    from tests.credit.conftest import Credit

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
_REWRITING = [
    "UPDATE entry SET amount = amount + 1", "DELETE FROM entry", "TRUNCATE entry",
    "UPDATE posting SET item = 'x'", "DELETE FROM posting",
    "UPDATE seal SET hash = ''", "DELETE FROM seal",
    "UPDATE account SET available = available + 1", "DELETE FROM account",
    "UPDATE lot SET available = available + 1", "DELETE FROM lot",
    "INSERT INTO unsealed SELECT id, book_id FROM posting",
    "DELETE FROM catalogue_version", "UPDATE catalogue_version SET version = 9",
    "DROP TRIGGER apply_entries ON entry", "ALTER TABLE entry DISABLE TRIGGER ALL", "DROP TABLE entry",
]  # fmt: skip


async def do(credit: Credit, account: str, make: Any, **said: Any) -> UUID | None:
    """Write what `make(account)` decides, as a command does."""
    async with credit.runtime.database.write(("",)) as session:
        row = await locked(session, UUID(account))
        known = await with_lots(session, row)
        posting = make(known)
        return await post(session, row, known, posting, Said(at=NOW, recorded_by="test", **said))


def earned(points: int, expires: date | None = None) -> Any:
    return lambda account: ledger.earn(account, points, new_id(), expires)


async def insert(credit: Credit, account: str, lines: int, *entries: tuple[str, str, int, str | None]) -> None:
    """Write a posting by hand, with the rights of the serving role."""
    posting = new_id()
    async with credit.runtime.database.write(("",)) as session:
        await session.execute(
            text(
                "INSERT INTO posting (id, book_id, account_id, kind, at, recorded_by, lines)"  # noqa: S608
                f" SELECT '{posting}', book_id, id, 'earn', now(), 'hand', {lines} FROM account WHERE id = '{account}'"
            )
        )
        values = ", ".join(
            f"('{posting}', {line}, '{of}', '{component}', {amount}, NULLIF('{lot or ''}', '')::uuid)"
            for line, (of, component, amount, lot) in enumerate(entries, 1)
        )
        await session.execute(
            text(f"INSERT INTO entry (posting_id, line, account_id, component, amount, lot_id) VALUES {values}")  # noqa: S608
        )


@pytest.mark.parametrize("statement", _REWRITING)
async def test_the_serving_role_cannot_rewrite_the_ledger(credit: Credit, statement: str) -> None:
    await credit.award(await credit.joined(), "a")
    before = await credit.contents()
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        async with credit.runtime.database.write(("",)) as session:
            await session.execute(text(statement))
    assert await credit.contents() == before


async def test_the_database_refuses_what_does_not_add_up(credit: Credit) -> None:
    account, body, other = await credit.joined(), await credit.body(), await credit.joined("wang")
    await credit.award(account, "a")
    lot = str((await credit.look("SELECT id FROM lot"))[0][0])
    issued = str((await credit.look("SELECT id FROM account WHERE group_code = 'issued'"))[0][0])
    before = await credit.contents()
    wrong: list[tuple[str, int, list[tuple[str, str, int, str | None]]]] = [
        ("adds up to zero", 2, [(issued, "total", -10, None), (account, "available", 11, lot)]),
        ("adds up to zero", 3, [(issued, "total", -10, None), (account, "available", 10, lot)]),
        ("adds up to zero", 2, [(issued, "deducted", -10, None), (account, "available", 10, lot)]),
        ("adds up to zero", 2, [(account, "total", -10, None), (account, "available", 10, lot)]),
        ("adds up to zero", 2, [(body, "deducted", -10, None), (account, "available", 10, lot)]),
        ("ck_account_sums|ck_lot_sums", 2, [(issued, "total", 11, None), (account, "available", -11, lot)]),
        ("ck_account_people_lose_nothing", 2, [(issued, "total", 5, None), (account, "deducted", -5, None)]),
        ("ck_entry_lot", 2, [(issued, "total", -10, None), (account, "available", 10, None)]),
        ("fk_entry_lot_id_account_id", 2, [(issued, "total", -10, None), (other, "available", 10, lot)]),
    ]
    for constraint, lines, entries in wrong:
        with pytest.raises(DBAPIError, match=constraint):
            await insert(credit, other if "fk" in constraint else account, lines, *entries)
    assert await credit.contents() == before


async def test_nothing_can_be_added_to_a_posting_that_is_there(credit: Credit) -> None:
    account = await credit.joined()
    await credit.award(account, "a")
    ((posting, lot),) = await credit.look("SELECT opened_by, id FROM lot")
    ((issued,),) = await credit.look("SELECT id FROM account WHERE group_code = 'issued'")
    with pytest.raises(DBAPIError, match="adds up to zero"):
        async with credit.runtime.database.write(("",)) as session:
            await session.execute(
                text(
                    "INSERT INTO entry (posting_id, line, account_id, component, amount, lot_id) VALUES"  # noqa: S608
                    f" ('{posting}', 3, '{issued}', 'total', -10, NULL),"
                    f" ('{posting}', 4, '{account}', 'available', 10, '{lot}')"
                )
            )
    assert await credit.balance(account) == (10, 0, 0)


async def test_points_are_spent_and_expire_first_in_first_out(credit: Credit) -> None:
    account = await credit.joined()
    await do(credit, account, earned(10, date(2026, 5, 1)))
    await do(credit, account, earned(10, date(2026, 4, 1)))
    await do(credit, account, earned(10))
    held = await do(credit, account, lambda known: ledger.hold(known, 15, date(2026, 3, 10)))
    lots = await credit.look("SELECT available, held FROM lot ORDER BY expires_on NULLS LAST")
    assert [tuple(lot) for lot in lots] == [(0, 10), (5, 5), (10, 0)]
    assert await expire_some(credit.runtime.database, datetime(2026, 5, 1, tzinfo=UTC)) == 1
    assert await credit.balance(account) == (10, 15, 0)
    async with credit.runtime.database.read(("",)) as session:
        found = await posted(session, held or UUID(int=0))
    assert found is not None
    await do(credit, account, lambda known: ledger.release(known, found[1]))
    assert await credit.balance(account) == (25, 0, 0)
    assert await expire_some(credit.runtime.database, datetime(2026, 5, 1, tzinfo=UTC)) == 1
    assert await expire_some(credit.runtime.database, datetime(2026, 5, 1, tzinfo=UTC)) == 0
    assert await credit.balance(account) == (10, 0, 0)
    assert (await credit.verdict()).faults == []


async def test_the_same_cause_posts_once(credit: Credit) -> None:
    account = await credit.joined()
    assert await do(credit, account, earned(10), cause="event 1")
    posts = [do(credit, account, earned(10), cause="event 2") for _ in range(6)]
    assert sum(one is not None for one in await asyncio.gather(*posts)) == 1
    assert await do(credit, account, earned(10), cause="event 1") is None
    assert await credit.balance(account) == (20, 0, 0)


async def test_many_at_once_never_spend_more_than_there_is(credit: Credit) -> None:
    account = await credit.joined()
    await do(credit, account, earned(70))

    async def spend() -> bool:
        try:
            return bool(await do(credit, account, lambda known: ledger.hold(known, 10, date(2026, 3, 10))))
        except Refused:
            return False

    assert sum(await asyncio.gather(*(spend() for _ in range(20)))) == 7
    assert await credit.balance(account) == (0, 70, 0)


async def test_whatever_happens_at_once_in_whatever_order_the_book_stays_in_order(credit: Credit) -> None:
    random = Random(7)  # noqa: S311
    accounts = [await credit.joined(f"r{number}") for number in range(3)] + [await credit.body()]
    holds: list[UUID] = []

    def some(account: Account) -> Posting:
        choice = random.choice(["earn", "earn", "hold", "expire", "deduct"])
        if choice == "hold":
            return ledger.hold(account, random.randint(1, 20), date(2026, 3, 10))
        if choice == "expire":
            return ledger.expire(account, date(2026, 4, 15)) or ledger.earn(account, 1, new_id(), None)
        if choice == "deduct" and isinstance(account, ledger.BodyAccount):
            return ledger.deduct(account, random.randint(1, 9))
        return ledger.earn(account, random.randint(1, 20), new_id(), random.choice([None, date(2026, 4, 1)]))

    async def one() -> None:
        account = random.choice(accounts)
        try:
            id_ = await do(credit, account, some)
        except Refused:
            return
        async with credit.runtime.database.read(("",)) as session:
            found = await posted(session, id_ or UUID(int=0))
        assert found is not None
        if found[0]["kind"] == Kind.HOLD:
            ending = random.choice([ledger.release, ledger.redeem])
            await do(credit, account, lambda known: ending(known, found[1]))
            holds.append(id_ or UUID(int=0))

    for _ in range(10):
        await asyncio.gather(*(one() for _ in range(8)))
    assert holds
    verdict = await credit.verdict()
    assert (verdict.faults, verdict.waiting) == ([], 0)
    ((total,),) = await credit.look("SELECT sum(amount) FROM entry")
    assert total == 0


async def test_a_session_of_another_district_neither_sees_nor_posts(credit: Credit) -> None:
    account = await credit.joined()
    await credit.award(account, "a")
    async with credit.runtime.database.read((city.OTHER_DISTRICT,)) as session:
        for table in ("account WHERE nature <> 'system'", "holder", "posting", "lot", "entry", "book"):
            assert await session.rows(text(f"SELECT 1 FROM {table}")) == []  # noqa: S608
    async with credit.runtime.database.write((city.GRID_2,)) as session:
        touched = await session.execute(text("UPDATE account SET closed_at = now()"))
        assert touched.rowcount == 0
