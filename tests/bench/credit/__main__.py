"""`python -m tests.bench.credit`: postings through GraphQL and in batches, beside the same statements bare by pgbench.

All of it on the same PostgreSQL in the same run. The ratios are what counts: the machine is in both numbers.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import subprocess
import sys
import time
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import aiohttp
import orjson

from chassis.database import EVERYWHERE, Database
from deploy.local.fixtures import ThrowawayFolder
from services.credit.commands.actors import now
from services.credit.commands.batch import Row, post_rows
from services.credit.storage.books import book_of
from services.credit.storage.catalogues import Catalogues
from tests.bench.credit import bare, ranking
from tests.bench.credit.plant import Plant
from tests.credit import city

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_AWARD = """mutation($input: RecordPointsInput!) { awardPoints(input: $input) { accountId problems { code } } }"""
_BALANCE = "{ myCreditAccount { balance { available } } }"
_CLIENTS = 16
_BATCH = 1000


async def _rate(seconds: float, one: Callable[[], Awaitable[None]]) -> float:
    """Return how many a second 16 clients get done."""
    until, done = time.monotonic() + seconds, 0

    async def client() -> None:
        nonlocal done
        while time.monotonic() < until:
            await one()
            done += 1

    began = time.monotonic()
    await asyncio.gather(*(client() for _ in range(_CLIENTS)))
    return done / (time.monotonic() - began)


async def _graphql(plant: Plant, seconds: float) -> tuple[float, float, float]:
    """Return postings a second over all accounts, to one account, and the 95th percentile of a balance in ms."""
    token, choose = plant.worker_token(), random.Random(1)  # noqa: S311 (which account)
    connector = aiohttp.TCPConnector(limit=_CLIENTS)
    async with aiohttp.ClientSession(connector=connector) as client:

        async def ask(query: str, with_token: str, **variables: Any) -> Any:
            headers = {"Authorization": f"Bearer {with_token}"}
            body = {"query": query, "variables": variables}
            async with client.post(plant.url, json=body, headers=headers) as answer:
                found = orjson.loads(await answer.read())
            if "errors" in found:
                raise RuntimeError(found["errors"])
            return found["data"]

        async def award(account: UUID) -> None:
            asked = {"idempotencyKey": str(uuid4()), "accountId": str(account), "item": "meeting"}
            found = await ask(_AWARD, token, input=asked)
            if found["awardPoints"]["problems"]:
                raise RuntimeError(found)

        async def anywhere() -> None:
            await award(choose.choice(plant.accounts))

        async def hot() -> None:
            await award(plant.accounts[0])

        await _rate(1.0, anywhere)
        spread, single = await _rate(seconds, anywhere), await _rate(seconds, hot)
        holder, took = plant.holder_token(1), []
        for _ in range(400):
            began = time.monotonic()
            await ask(_BALANCE, holder)
            took.append((time.monotonic() - began) * 1000)
        return spread, single, statistics.quantiles(took, n=20)[-1]


async def _batch(plant: Plant, rows: int) -> float:
    """Return rows a second of the batch command, a thousand rows a transaction."""
    database = Database(plant.app_url, name="bench", statement_seconds=600, idle_seconds=600)
    catalogues, choose = Catalogues(), random.Random(2)  # noqa: S311 (which accounts)
    began = time.monotonic()
    for _ in range(rows // _BATCH):
        async with database.write(EVERYWHERE) as session:
            catalogue = await catalogues.latest(session, book_of(city.region_id(city.DISTRICT)))
            item = catalogue.reward("meeting", "resident")
            if item is None:
                raise RuntimeError("the catalogue has changed")
            chosen = tuple(Row(account_id=choose.choice(plant.accounts)) for _ in range(_BATCH))
            problems = await post_rows(session, catalogue, item, chosen, city.GRID, "bench", now())
            if any(problems):
                raise RuntimeError(problems)
    took = time.monotonic() - began
    await database.close()
    return rows / took


async def main() -> int:
    """Measure and tell; 1 when a ratio is below what is asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.credit", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="seconds of each measurement (10)")
    parser.add_argument("--accounts", type=int, default=5000, help="accounts (5,000)")
    parser.add_argument("--rows", type=int, default=50_000, help="rows of the batch (50,000)")
    parser.add_argument("--grids", type=int, default=1000, help="grids of the ranking (1,000; asked for: 20,000)")
    parser.add_argument("--people", type=int, default=50_000, help="people in them (50,000; asked for: 2,000,000)")
    told = parser.parse_args()
    with ThrowawayFolder() as folder:
        async with Plant(folder, told.accounts) as plant:
            async with plant.serving():
                spread, hot, balance = await _graphql(plant, told.seconds)
            batch = await _batch(plant, told.rows)
            # Last: the events that it writes are nothing that a relay could publish.
            limit = await bare.postings_a_second(plant, told.seconds, len(plant.accounts))
            hot_limit = await bare.postings_a_second(plant, told.seconds, 1)
            verdict = await asyncio.to_thread(
                subprocess.run, [sys.executable, "-m", "services.credit.audit", "verify"],
                env=plant.environment, capture_output=True, text=True, check=False,
            )  # fmt: skip
            # After the book was verified: these rows are in no chain.
            ranked = await ranking.measure(plant, told.grids, told.people, date(2026, 2, 10))
    rows = [
        ("bare, pgbench, 16 clients", limit, 1.0, None),
        ("bare, one account", hot_limit, 1.0, None),
        ("GraphQL, one process, 16 clients", spread, spread / limit, 0.15),
        ("GraphQL, one account", hot, hot / hot_limit, 0.15),
        ("batches of 1,000", batch, batch / limit, 0.6),
    ]
    for name, rate, ratio, least in rows:
        asked = "" if least is None else f"  (at least {least:.0%})"
        sys.stdout.write(f"{name:35} {rate:9,.0f}/s {ratio:8.0%}{asked}\n")
    sys.stdout.write(f"{'a balance, 95th percentile':35} {balance:9.1f} ms          (at most 5 ms)\n")
    sys.stdout.write(f"{f'{ranked.grids:,} grids ranked in':35} {ranked.seconds:9.2f} s           (at most 1 s)\n")
    sys.stdout.write(f"{'the first of them, 95th percentile':35} {ranked.read_ms:9.1f} ms          (at most 20 ms)\n")
    sys.stdout.write(f"the book afterwards: {verdict.stdout.strip()}\n")
    return int(any(least is not None and ratio < least for _, _, ratio, least in rows) or verdict.returncode != 0)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
