"""kill -9 of the service in the middle of postings: what was answered is there, once; what is asked again counts once.

`LINLI_CREDIT_KILLS=50 pytest tests/credit/test_kill.py` is the long form.
"""

from __future__ import annotations

import asyncio
import os
import random
from contextlib import suppress
from typing import Any
from uuid import UUID

import aiohttp
import orjson
from sqlalchemy import text

from chassis.database import EVERYWHERE, Database
from deploy.local.fixtures import ThrowawayFolder
from services.credit.commands.sweep import seal_all
from services.credit.commands.verify import verify
from tests.bench.credit.plant import Plant

ROUNDS = int(os.environ.get("LINLI_CREDIT_KILLS", "1"))
KEYS, CLIENTS, ACCOUNTS = 80, 8, 5
POINTS = 5
AWARD = "mutation($input: RecordPointsInput!) { awardPoints(input: $input) { accountId problems { code } } }"
COUNTED = """SELECT (SELECT count(*) FROM posting) AS postings,
  (SELECT count(*) FROM outbox WHERE type LIKE '%account.posted%') AS events,
  (SELECT sum(available)::bigint FROM account WHERE nature = 'natural') AS points"""


class Asking:
    """Clients that ask for every key until it is answered."""

    def __init__(self, plant: Plant, client: aiohttp.ClientSession, number: int) -> None:
        self.plant, self.client = plant, client
        self.waiting = [(f"{number} {key}", plant.accounts[key % ACCOUNTS]) for key in range(KEYS)]
        self.answered = 0

    async def run(self) -> None:
        async with asyncio.timeout(300), asyncio.TaskGroup() as group:
            for _ in range(CLIENTS):
                group.create_task(self._ask())

    async def _ask(self) -> None:
        token = self.plant.worker_token()
        while self.waiting:
            key, account = self.waiting.pop()
            if await self._award(token, key, account):
                self.answered += 1
            else:
                self.waiting.append((key, account))
                await asyncio.sleep(0.1)

    async def _award(self, token: str, key: str, account: UUID) -> bool:
        asked = {"idempotencyKey": key, "accountId": str(account), "item": "meeting"}
        body = {"query": AWARD, "variables": {"input": asked}}
        with suppress(aiohttp.ClientError, OSError):
            async with self.client.post(
                self.plant.url, json=body, headers={"Authorization": f"Bearer {token}"}
            ) as answer:
                found: Any = orjson.loads(await answer.read())
                return not found.get("errors") and not found["data"]["awardPoints"]["problems"]
        return False


async def killed_meanwhile(plant: Plant, asking: Asking, after: int) -> None:
    """Kill the service when so many were answered, start it again, and wait until all are."""
    clients = asyncio.create_task(asking.run())
    async with plant.serving() as child:
        while asking.answered < after and not clients.done():  # noqa: ASYNC110 (what is waited for is a moment under load)
            await asyncio.sleep(0.002)
        child.kill()
        await child.wait()
    async with plant.serving():
        await clients


async def test_what_is_killed_loses_and_doubles_nothing() -> None:
    chance = random.Random(20261123)  # noqa: S311 (when it dies)
    with ThrowawayFolder() as folder:
        async with Plant(folder, ACCOUNTS) as plant, aiohttp.ClientSession() as client:
            for number in range(ROUNDS):
                await killed_meanwhile(plant, Asking(plant, client, number), chance.randrange(5, KEYS - 20))
            database = Database(plant.app_url, name="kill")
            async with database.read(EVERYWHERE) as session:
                (counted,) = await session.rows(text(COUNTED))
            done = KEYS * ROUNDS
            assert dict(counted) == {"postings": done, "events": done, "points": done * POINTS}
            await seal_all(database)
            async with database.read(EVERYWHERE) as session:
                (verdict,) = await verify(session)
            assert verdict.faults == []
            await database.close()
