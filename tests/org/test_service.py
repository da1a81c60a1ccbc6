"""org as it is run: its own process by its command line, real PostgreSQL and NATS, and a district that listens."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
import orjson
import pytest_asyncio
from cryptography.fernet import Fernet
from nats.aio.client import Client

from chassis.events.keys import inbox_prefix, public_key
from deploy.local.fixtures import throwaway_nats
from deploy.local.ports import free_port
from tests.org import city

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from deploy.local.databases import ServiceDatabase
    from deploy.local.fixtures import ThrowawayPostgres
    from deploy.local.issuer import Issuer
    from deploy.local.streams import DeclaredNats

_COMMAND = [sys.executable, "-m", "services.org.main"]


@dataclass
class Process:
    """org in a process of its own."""

    environment: dict[str, str]
    issuer: Issuer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['LINLI_ORG_PORT']}"

    async def run(self, *arguments: str) -> tuple[int, str, str]:
        child = await asyncio.create_subprocess_exec(
            *_COMMAND, *arguments, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        out, err = await asyncio.wait_for(child.communicate(), 60)
        return child.returncode or 0, out.decode(), err.decode()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[asyncio.subprocess.Process]:
        child = await asyncio.create_subprocess_exec(
            *_COMMAND, "serve", env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            await self._ready()
            yield child
        finally:
            if child.returncode is None:
                child.terminate()
            await asyncio.wait_for(child.wait(), 20)

    async def _ready(self) -> None:
        async with aiohttp.ClientSession() as client:
            for _ in range(300):
                if await self._answers(client):
                    return
                await asyncio.sleep(0.1)
        raise AssertionError("org did not become ready")

    async def _answers(self, client: aiohttp.ClientSession) -> bool:
        try:
            async with client.get(f"{self.url}/health/ready") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def ask(self, query: str, token: str, **variables: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            aiohttp.ClientSession(headers=headers) as client,
            client.post(f"{self.url}/graphql", json={"query": query, "variables": variables}) as answer,
        ):
            return orjson.loads(await answer.read())


@pytest_asyncio.fixture
async def nats(tmp_path: Path) -> AsyncIterator[DeclaredNats]:
    """A NATS of each test's own: they count what a feed holds, and kill the server."""
    folder = tmp_path / "server"
    folder.mkdir()
    server = throwaway_nats(folder)
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture
async def process(postgres_server: ThrowawayPostgres, nats: DeclaredNats, issuer: Issuer, tmp_path: Path) -> Process:
    made: ServiceDatabase = await postgres_server.create_service_database("org")
    key_file = tmp_path / "data.key"
    key_file.write_text(Fernet.generate_key().decode(), encoding="ascii")
    values = {
        "DATABASE_URL": made.app_url,
        "MIGRATION_DATABASE_URL": made.owner_url,
        "NATS_URL": nats.url,
        "NATS_CREDENTIALS": str(nats.service_seeds["org"]),
        "JWKS_URL": issuer.jwks_url,
        "ISSUER": "linli-local",
        "DATA_KEY_FILE": str(key_file),
        "PORT": str(free_port()),
    }
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return Process(kept | {f"LINLI_ORG_{name}": value for name, value in values.items()}, issuer)


async def heard(nats: DeclaredNats, district: str, enough: int) -> list[dict[str, Any]]:
    """What the district's own account receives from org, until it has `enough` or nothing more comes."""
    seed = nats.district_seeds[district]
    client = Client()
    await client.connect(
        nats.url,
        nkeys_seed=str(seed),
        inbox_prefix=inbox_prefix(public_key(seed)).encode(),
        allow_reconnect=False,
    )
    found: list[dict[str, Any]] = []
    try:
        feed = await client.jetstream().pull_subscribe_bind(f"district_{district}", "LINLI")
        while len(found) < enough:
            messages = await feed.fetch(100, timeout=10)
            for message in messages:
                await message.ack()
            events = [orjson.loads(message.data) for message in messages]
            found += [one for one in events if one["source"] == "/linli/org"]
    finally:
        await client.close()
    return found


SWITCH = """mutation($input: SwitchModeInput!) { switchMode(input: $input) {
    community { mode { mode } } problems { code } } }"""


async def test_a_district_hears_of_its_own_and_of_nothing_else(
    process: Process, nats: DeclaredNats, tmp_path: Path
) -> None:
    assert (await process.run("migrate"))[0] == 0
    assert (await process.run("migrate"))[0] == 0, "a second migration finds nothing to do"
    file = tmp_path / "practice.jsonl"
    file.write_text(city.lines(), encoding="utf-8")
    status, out, err = await process.run("import", str(file))
    assert (status, err) == (0, "")
    assert "Imported" in out
    imported = [one for one in city.records() for _ in range(city.events_of(one))]
    mine = [one for one in imported if city.place_of(one).startswith(city.COUNTY)]
    token = process.issuer.mint("community_secretary", region=city.COMMUNITY)
    asked = {"regionCode": city.COMMUNITY, "mode": "EMERGENCY", "reason": "防汛", "expectedVersion": 0}
    async with process.serving():
        answer = await process.ask(SWITCH, token, input=asked)
        assert answer["data"]["switchMode"]["community"] == {"mode": {"mode": "EMERGENCY"}}
        events = await heard(nats, city.COUNTY, len(mine) + 1)
    assert {event["tenant"] for event in events} == {city.COUNTY}
    assert [event["feedsequence"] for event in events] == list(range(1, len(mine) + 2))
    assert events[-1]["type"] == "linli.org.mode.switched.v1"
    ids = [one["id"] for one in mine]
    assert sorted(event["subject"] for event in events[:-1]) == sorted(ids)


async def test_a_killed_service_publishes_after_its_restart(process: Process, nats: DeclaredNats) -> None:
    await process.run("migrate")
    token = process.issuer.mint("admin", region="3703")
    establish = """mutation($input: EstablishRegionInput!) { establishRegion(input: $input) {
        region { id } problems { code } } }"""
    asked = {"idempotencyKey": "k", "code": "3703", "name": "淄博市", "validFrom": "2022-01-01"}
    async with process.serving() as child:
        nats.kill()
        answer = await process.ask(establish, token, input=asked)
        assert answer["data"]["establishRegion"]["problems"] == [], "mutations go on while NATS is away"
        child.kill()
        await child.wait()
    await nats.restart()
    async with process.serving():
        again = await process.ask(establish, token, input=asked)
        assert again == answer, "the same key after the crash answers the same"
        events = await heard(nats, "3703", 1)
    assert events[-1]["subject"] == answer["data"]["establishRegion"]["region"]["id"]


async def test_a_wrong_setting_or_file_gives_one_line(process: Process, tmp_path: Path) -> None:
    await process.run("migrate")
    file = tmp_path / "bad.jsonl"
    file.write_text('{"record": "planet"}\n', encoding="utf-8")
    status, _, err = await process.run("import", str(file))
    assert status == 2
    assert err.startswith("line 1: ")
    assert len(err.splitlines()) == 1
    process.environment["LINLI_ORG_COLOUR"] = "red"
    status, _, err = await process.run("serve")
    assert status == 2
    assert "LINLI_ORG_COLOUR" in err
    assert len(err.splitlines()) == 1
