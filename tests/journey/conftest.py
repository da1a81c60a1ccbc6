"""A whole Linli with Huantai's demonstration data, as `linli up` runs it, and people who act in it."""

from __future__ import annotations

import asyncio
import contextlib
import io
import itertools
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import pytest_asyncio
from nats.aio.client import Client
from rich.console import Console
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.events.envelope import Envelope, decode
from chassis.events.keys import inbox_prefix, public_key
from deploy.local.fixtures import ThrowawayFolder
from deploy.local.issuer import Issuer
from deploy.local.ports import free_port, why_unusable
from deploy.local.progress import Report
from deploy.local.runner import Runner
from deploy.local.settings import PORTS, DataFolder, LocalSettings
from deploy.local.supervisor import only_runner

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

GRID = "370321001001001"
DISTRICT = "370321"
_keys = itertools.count()


@dataclass
class City:
    """The running system and hands to use it with."""

    settings: LocalSettings
    runner: Runner
    issuer: Issuer
    http: aiohttp.ClientSession
    holders: dict[tuple[str, str], str] = field(default_factory=dict)

    def token(self, role: str, region: str = DISTRICT, subject: str | None = None) -> str:
        return self.issuer.mint(role, region=region, subject=subject)

    async def ask(self, query: str, token: str | None, **variables: Any) -> dict[str, Any]:
        """Ask the gateway and return the whole answer."""
        headers = {"accept-language": "en"} | ({"authorization": f"Bearer {token}"} if token else {})
        body = {"query": query, "variables": variables}
        async with self.http.post(self.settings.gateway_url, json=body, headers=headers) as response:
            answer: dict[str, Any] = await response.json(content_type=None)
            return answer

    async def holder(self, title: str, region: str) -> str:
        """Return the token of somebody who holds a duty there, as org knows it."""
        if (title, region) not in self.holders:
            query = """query ($code: String!, $title: String!) { region(code: $code) {
                duties(title: $title, first: 1) { edges { node { person { id } region { code } } } } } }"""
            answer = await self.ask(query, self.token("observer"), code=region, title=title)
            node = answer["data"]["region"]["duties"]["edges"][0]["node"]
            self.holders[title, region] = self.token(title, region, node["person"]["id"])
        return self.holders[title, region]

    async def look(self, service: str, statement: str) -> list[Any]:
        """Read a service's database as the superuser, whom row-level security does not limit."""
        server = self.runner._postgres
        assert server is not None
        engine = create_async_engine(server.address.url(f"linli_{service}").replace("://", "+asyncpg://", 1))
        try:
            async with engine.connect() as connection:
                return list((await connection.execute(text(statement))).all())
        finally:
            await engine.dispose()

    async def feed(self, district: str = DISTRICT) -> Feed:
        """Open the district's feed with the district's own credentials."""
        seed = DataFolder(self.settings.data).nats_seed(f"district_{district}")
        client = Client()
        prefix = inbox_prefix(public_key(seed)).encode()
        url = f"nats://127.0.0.1:{self.settings.nats_port}"
        await client.connect(url, nkeys_seed=str(seed), inbox_prefix=prefix)
        return Feed(client, await client.jetstream().pull_subscribe_bind(f"district_{district}", "LINLI"))


@dataclass
class Feed:
    """A district system that reads its feed."""

    client: Client
    subscription: Any
    seen: list[Envelope] = field(default_factory=list)

    async def until(self, subject: str, fact: str, seconds: float = 60) -> list[Envelope]:
        """Read on until this has happened to `subject`; return all that happened to it, in the order of arrival."""
        async with asyncio.timeout(seconds):
            while not any(str(one.subject) == subject and one.type.split(".")[3] == fact for one in self.seen):
                await self._read_on()
        return [one for one in self.seen if str(one.subject) == subject]

    async def without_gaps(self, first: Envelope, last: Envelope, seconds: float = 120) -> list[int]:
        """Read on until every number of their source from `first` to `last` has come; return the numbers.

        What a reader before this one had asked for and not acknowledged comes only after the consumer's `ack_wait`;
        what it did acknowledge never comes again, so that nothing can be said of the numbers before `first`.
        """
        wanted = range(first.feedsequence or 0, (last.feedsequence or 0) + 1)
        async with asyncio.timeout(seconds):
            while set(wanted) - {one.feedsequence for one in self.seen if one.source == first.source}:
                await self._read_on()
        return list(wanted)

    async def _read_on(self) -> None:
        with contextlib.suppress(TimeoutError):
            for message in await self.subscription.fetch(500, timeout=1):
                self.seen.append(decode(message.data))
                await message.ack()

    async def close(self) -> None:
        await self.client.close()


def consecutive_ports() -> int:
    while True:
        first = free_port()
        if not any(why_unusable(port) for port in range(first, first + PORTS)):
            return first


@pytest_asyncio.fixture(scope="session")
async def city() -> AsyncIterator[City]:
    with ThrowawayFolder() as folder:
        settings = LocalSettings(
            port=consecutive_ports(), data=Path(folder) / "data", nats_port=free_port(), postgres_port=free_port()
        )
        runner = Runner(settings, Report(Console(file=io.StringIO())))
        with only_runner(DataFolder(settings.data).lock):
            try:
                await runner.start()
                async with aiohttp.ClientSession() as http:
                    yield City(settings, runner, Issuer(DataFolder(settings.data).issuer), http)
            finally:
                await runner.stop()


@pytest.fixture
def key() -> str:
    """An idempotency key never used before."""
    return f"key-{next(_keys)}"
