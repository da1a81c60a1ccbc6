"""A quarter's ranking over many grids and accounts: how long it takes to compute, and a page of it to read."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.database import EVERYWHERE, Database
from services.credit.domain.catalogue import Period
from services.credit.domain.periods import beginning, period_of
from services.credit.storage import governance
from services.credit.storage.books import book_of
from tests.credit import city

if TYPE_CHECKING:
    from datetime import date

    from tests.bench.credit.plant import Plant

_READS = 50
_PAGE = 20
# One posting of each account in the quarter, as the triggers would have left it; far from any other account's id.
_FILL = """
CREATE TEMPORARY TABLE filled ON COMMIT DROP AS
SELECT n, md5('account ' || n)::uuid AS account, md5('posting ' || n)::uuid AS posting, md5('lot ' || n)::uuid AS lot,
    md5('grid ' || (1 + n % CAST(:grids AS integer)))::uuid AS grid, 1 + n % 50 AS points,
    CAST(:book AS uuid) AS book, CAST(:first AS timestamptz) AS first
FROM generate_series(1, CAST(:accounts AS integer)) n;
INSERT INTO region (id, code, name)
SELECT md5('grid ' || n)::uuid, '370321' || lpad((n / 1000)::text, 6, '0') || lpad((n % 1000)::text, 3, '0'), '网格'
FROM generate_series(1, CAST(:grids AS integer)) n;
INSERT INTO account (id, book_id, nature, group_code, region_id, region_code, opened_at, events, available)
SELECT account, book, 'natural', 'resident', r.id, r.code, first, 1, points FROM filled JOIN region r ON r.id = grid;
INSERT INTO posting (id, book_id, account_id, kind, at, recorded_by, lines)
SELECT posting, book, account, 'earn', first, 'bench', 2 FROM filled;
INSERT INTO seal (book_id, number, posting_id, hash) SELECT book, 1000000000 + n, posting, '' FROM filled;
INSERT INTO lot (id, account_id, opened_by, available) SELECT lot, account, posting, points FROM filled;
INSERT INTO entry (posting_id, line, account_id, component, amount, lot_id)
SELECT posting, 2, account, 'available', points, lot FROM filled;
SELECT recount_grids(CAST(:book AS uuid));
SELECT fold_grid_changes(CAST(:book AS uuid));
ANALYZE
"""


class Ranking(NamedTuple):
    """How long it took."""

    grids: int
    seconds: float
    read_ms: float
    """The 95th percentile of a page."""


async def measure(plant: Plant, grids: int, accounts: int, day: date) -> Ranking:
    """Fill the book beside the ledger's triggers, rank the quarter of `day`, and read its first page."""
    book = book_of(city.region_id(city.DISTRICT))
    quarter, _ = period_of(day, Period.QUARTER)
    await _fill(plant, {"grids": grids, "accounts": accounts, "book": book, "first": beginning(quarter)})
    database = Database(plant.app_url, name="bench", statement_seconds=600, idle_seconds=600)
    began = time.monotonic()
    async with database.write(EVERYWHERE) as session:
        ranked = await governance.rank_grids(session, book, quarter, 3)
    seconds = time.monotonic() - began
    took = []
    for _ in range(_READS):
        began = time.monotonic()
        async with database.read((city.DISTRICT,)) as reading:
            await governance.ranking(reading, book, quarter, city.DISTRICT, _PAGE)
        took.append((time.monotonic() - began) * 1000)
    await database.close()
    return Ranking(ranked, seconds, statistics.quantiles(took, n=20)[-1])


async def _fill(plant: Plant, values: dict[str, object]) -> None:
    """Write the rows as the superuser, with triggers and foreign keys aside."""
    engine = create_async_engine(plant.admin_url)
    async with engine.begin() as connection:
        await connection.execute(text("SET session_replication_role = replica"))
        for statement in _FILL.split(";"):
            named = {name: value for name, value in values.items() if f":{name}" in statement}
            await connection.execute(text(statement), named)
    await engine.dispose()
