"""property as it is run: a process of its own, real PostgreSQL and NATS; events of org and tickets in, its own out."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
import orjson
import pytest_asyncio
from cryptography.fernet import Fernet
from nats.aio.client import Client
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.events.envelope import encode, headers_of
from chassis.events.keys import inbox_prefix, public_key
from chassis.events.subject import subject_of
from chassis.ids import new_id
from deploy.local.fixtures import throwaway_nats
from deploy.local.ports import free_port
from tests.property import city
from tests.property.test_care import told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from chassis.events.envelope import Envelope
    from deploy.local.fixtures import ThrowawayPostgres
    from deploy.local.issuer import Issuer
    from deploy.local.streams import DeclaredNats

_COMMAND = [sys.executable, "-m", "services.property.main"]
_PATIENCE = 60
REGISTER = """mutation($input: RegisterCompoundInput!) { registerCompound(input: $input) {
    compound { id } problems { code } } }"""
STATS = """query($ids: [_Any!]!) { _entities(representations: $ids) { ... on Region { propertyStats {
    compounds tickets(categories: ["lighting"]) { raised } } } } }"""


@dataclass
class Process:
    """property in a process of its own."""

    environment: dict[str, str]
    issuer: Issuer
    admin_url: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['LINLI_PROPERTY_PORT']}"

    async def run(self, *arguments: str) -> int:
        child = await asyncio.create_subprocess_exec(*_COMMAND, *arguments, env=self.environment)
        return await asyncio.wait_for(child.wait(), _PATIENCE)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        child = await asyncio.create_subprocess_exec(
            *_COMMAND, "serve", env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            await self._ready()
            yield
        finally:
            child.terminate()
            await asyncio.wait_for(child.wait(), _PATIENCE)

    async def _ready(self) -> None:
        async with aiohttp.ClientSession() as client:
            for _ in range(_PATIENCE * 10):
                with suppress(aiohttp.ClientError):
                    answer = await client.get(f"{self.url}/health/ready")
                    answer.release()
                    if answer.ok:
                        return
                await asyncio.sleep(0.1)
        raise AssertionError("property did not become ready")

    async def ask(self, query: str, token: str, **variables: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            aiohttp.ClientSession(headers=headers) as client,
            client.post(f"{self.url}/graphql", json={"query": query, "variables": variables}) as answer,
        ):
            return orjson.loads(await answer.read())

    async def until(self, statement: str, expected: Any) -> None:
        """Wait until a statement answers as expected."""
        engine, found = create_async_engine(self.admin_url), None
        try:
            for _ in range(_PATIENCE * 10):
                async with engine.begin() as connection:
                    found = list((await connection.execute(text(statement))).all())
                if found == expected:
                    return
                await asyncio.sleep(0.1)
        finally:
            await engine.dispose()
        raise AssertionError(f"{statement}: {found}")


@pytest_asyncio.fixture(scope="module")
async def nats(server_folder: Path) -> AsyncIterator[DeclaredNats]:
    """A NATS of these tests' own."""
    folder = server_folder / "property"
    folder.mkdir()
    server = throwaway_nats(folder)
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture
async def process(postgres_server: ThrowawayPostgres, nats: DeclaredNats, issuer: Issuer, tmp_path: Path) -> Process:
    made = await postgres_server.create_service_database("property")
    key_file = tmp_path / "data.key"
    key_file.write_text(Fernet.generate_key().decode(), encoding="ascii")
    values = {
        "DATABASE_URL": made.app_url, "MIGRATION_DATABASE_URL": made.owner_url, "NATS_URL": nats.url,
        "NATS_CREDENTIALS": str(nats.service_seeds["property"]), "JWKS_URL": issuer.jwks_url, "ISSUER": "linli-local",
        "DATA_KEY_FILE": str(key_file), "PORT": str(free_port()),
    }  # fmt: skip
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = kept | {f"LINLI_PROPERTY_{name}": value for name, value in values.items()}
    started = Process(environment, issuer, postgres_server.admin_url_of(made.app_url.rpartition("/")[2]))
    assert await started.run("migrate") == 0
    return started


@asynccontextmanager
async def connected(nats: DeclaredNats, seed: Path) -> AsyncIterator[Client]:
    """A client with the credentials of a service or district."""
    client = Client()
    prefix = inbox_prefix(public_key(seed)).encode()
    await client.connect(nats.url, nkeys_seed=str(seed), inbox_prefix=prefix, allow_reconnect=False)
    try:
        yield client
    finally:
        await client.close()


async def tell(nats: DeclaredNats, service: str, *events: Envelope) -> None:
    """Publish events as that service does, with its own credentials."""
    async with connected(nats, nats.service_seeds[service]) as client:
        for event in events:
            entity, fact = event.type.split(".")[2:4]
            subject = subject_of(event.regioncode, service, entity, fact)
            await client.jetstream().publish(subject, encode(event), headers=headers_of(event.id, event.type, 1))


async def test_from_the_events_of_org_and_tickets_to_the_districts_feed(process: Process, nats: DeclaredNats) -> None:
    await tell(nats, "org", *(city.envelope(event) for event in city.history()))
    nobodys, lit = new_id(), new_id()
    await tell(
        nats,
        "tickets",
        told(nobodys, "raised", city.GRID, category=None),
        told(lit, "raised", city.GRID, category="lighting"),
    )
    keeper = process.issuer.mint("community_worker", region=city.COMMUNITY)
    async with process.serving():
        await process.until("SELECT count(*) FROM region", [(len(city.CODES),)])
        await process.until("SELECT count(*) FROM ticket_told", [(2,)])
        asked = {"idempotencyKey": "k", "regionCode": city.GRID, "name": "云和苑", "kind": "commercial"}
        answer = await process.ask(REGISTER, keeper, input=asked)
        compound = answer["data"]["registerCompound"]["compound"]["id"]
        again = await process.ask(REGISTER, keeper, input=asked)
        assert again == answer, "the same key, done once"
        region = [{"__typename": "Region", "id": str(city.region_id(city.DISTRICT))}]
        (found,) = (await process.ask(STATS, keeper, ids=region))["data"]["_entities"]
        assert found["propertyStats"] == {"compounds": 1, "tickets": {"raised": 1}}
        async with connected(nats, nats.district_seeds[city.DISTRICT]) as client:
            feed = await client.jetstream().pull_subscribe_bind(f"district_{city.DISTRICT}", "LINLI")
            heard: list[dict[str, Any]] = []
            while not any(one["source"] == "/linli/property" for one in heard):
                for message in await feed.fetch(50, timeout=_PATIENCE):
                    await message.ack()
                    heard.append(orjson.loads(message.data))
    (registered,) = (one for one in heard if one["source"] == "/linli/property")
    assert (registered["type"], registered["subject"]) == ("linli.property.compound.registered.v1", compound)
    assert (registered["tenant"], registered["feedsequence"]) == (city.DISTRICT, 1)
