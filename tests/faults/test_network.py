"""A bad network between a running service and its PostgreSQL and NATS: requests fail cleanly or are done once."""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import orjson
import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.events.bus import Bus
from chassis.events.declaration import STREAM
from chassis.events.envelope import Envelope, decode
from chassis.events.stream import StreamReader
from chassis.events.subject import filter_of_service
from deploy.local.fixtures import ThrowawayFolder, ThrowawayPostgres, throwaway_nats
from deploy.local.issuer import Issuer
from deploy.local.ports import free_port
from deploy.local.processes import Child, start
from deploy.local.streams import DeclaredNats
from tests.faults.proxy import Proxy
from tests.org.test_service import Process

pytestmark = pytest.mark.timeout(300)

ESTABLISH = """mutation($input: EstablishRegionInput!) { establishRegion(input: $input) {
    region { id code } problems { code } } }"""
CLEAN = {"UNAVAILABLE", "TIMEOUT"}
_NO_ANSWER = "no answer: the service was killed"
_DISTRICTS = tuple(f"3703{number:02}" for number in range(1, 8))
_SUBDISTRICTS = 599
"""The highest code of a subdistrict within its district (GB/T 10114)."""
_REQUEST_SECONDS = 6.0
_NOTICED_SECONDS = 60.0
"""A connection that is open and dead is noticed by then: the service's pings and time limits are shorter."""


@dataclass
class Asked:
    """What was asked under one key, and what was answered."""

    key: str
    code: str
    answers: list[str] = field(default_factory=list)
    """`done`, or the code of the error."""
    id: str = ""
    longest: float = 0.0


@dataclass
class Site:
    """org behind two proxies, and who asks it."""

    process: Process
    postgres: Proxy
    nats: Proxy
    admin_url: str
    direct: DeclaredNats
    token: str
    http: aiohttp.ClientSession
    child: Child
    asked: list[Asked] = field(default_factory=list)
    kills: int = 0
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def new(self) -> Asked:
        number = next(self.numbers)
        made = Asked(f"key-{number}", f"{_DISTRICTS[number // _SUBDISTRICTS]}{number % _SUBDISTRICTS + 1:03}")
        self.asked.append(made)
        return made

    async def ask(self, one: Asked) -> str:
        """Ask once; return `done` or the error's code."""
        given = {"idempotencyKey": one.key, "code": one.code, "name": "街道", "validFrom": "2022-01-01"}
        started = time.monotonic()
        body = {"query": ESTABLISH, "variables": {"input": given}}
        try:
            async with self.http.post(
                f"{self.process.url}/graphql", json=body, headers={"Authorization": f"Bearer {self.token}"}
            ) as response:
                answer = orjson.loads(await response.read())
        except aiohttp.ClientError:
            one.answers.append(_NO_ANSWER)
            return _NO_ANSWER
        one.longest = max(one.longest, time.monotonic() - started)
        if "errors" in answer:
            one.answers.append(answer["errors"][0]["extensions"]["code"])
        else:
            payload = answer["data"]["establishRegion"]
            assert payload["problems"] == [], payload
            assert one.id in ("", payload["region"]["id"])
            one.id = payload["region"]["id"]
            one.answers.append("done")
        return one.answers[-1]

    async def under_load(self, seconds: float, askers: int = 3) -> None:
        """Ask new things all the time; what fails is left for later."""
        until = time.monotonic() + seconds

        async def ask_on() -> None:
            while time.monotonic() < until:
                await self.ask(self.new())
                await asyncio.sleep(0.05)

        await asyncio.gather(*(ask_on() for _ in range(askers)))

    async def finish(self) -> None:
        """Ask what failed again under its key until it is done, and some of what was done, which changes nothing."""
        async with asyncio.timeout(_NOTICED_SECONDS):
            for one in [one for number, one in enumerate(self.asked) if not one.id or number % 5 == 0]:
                while await self.ask(one) != "done":  # noqa: ASYNC110
                    await asyncio.sleep(0.1)

    async def stored(self) -> list[tuple[str, str]]:
        """Return the ids and codes of the subdistricts in the database."""
        engine = create_async_engine(self.admin_url)
        try:
            async with engine.connect() as connection:
                found = await connection.execute(
                    text("SELECT region_id::text, code FROM region_version WHERE code LIKE '3703_____' ORDER BY code")
                )
                return [(row[0], row[1]) for row in found]
        finally:
            await engine.dispose()

    async def events(self, enough: int) -> list[Envelope]:
        """Return what the stream has of subdistricts, once it is enough; read beside the proxies."""
        bus = Bus(self.direct.url, credentials=self.direct.service_seeds["tickets"], name="observer")
        await bus.start()
        try:
            async with asyncio.timeout(_NOTICED_SECONDS):
                reader = StreamReader(await bus.connection(), STREAM, filter_of_service("org"))
                while True:
                    read = (await reader.read(0, 5000)).messages
                    found = [event for event in map(decode, (one.payload for one in read)) if len(event.regioncode) > 6]
                    if len(found) >= enough:
                        return found
                    await asyncio.sleep(0.2)
        finally:
            await bus.close()

    async def is_whole(self) -> None:
        """Check that everything asked is there once, with its event once, and that nobody waited for ever."""
        await self.finish()
        wanted = {one.code: one.id for one in self.asked}
        assert await self.stored() == [(wanted[code], code) for code in sorted(wanted)]
        events = await self.events(len(wanted))
        assert sorted(str(event.subject) for event in events) == sorted(wanted.values())
        for district in {event.tenant for event in events}:
            sequences = sorted(event.feedsequence or 0 for event in events if event.tenant == district)
            assert sequences == list(range(2, len(sequences) + 2)), "the first tells of the district itself"
        assert {answer for one in self.asked for answer in one.answers} <= CLEAN | {"done"} | {_NO_ANSWER}
        assert self.kills or not any(_NO_ANSWER in one.answers for one in self.asked)
        assert max(one.longest for one in self.asked) < _NOTICED_SECONDS / 2


def serve(process: Process, folder: Path) -> Child:
    command = [sys.executable, "-m", "services.org.main", "serve"]
    return start("org", command, log=folder / "network-org.log", environment=process.environment)


@pytest_asyncio.fixture(scope="module")
async def nats() -> AsyncIterator[DeclaredNats]:
    """A NATS of these tests' own: they count what its stream holds."""
    with ThrowawayFolder() as folder:
        server = throwaway_nats(folder)
        await server.start()
        yield server
        await server.stop()


@pytest_asyncio.fixture(scope="module")
async def site(
    nats: DeclaredNats, postgres_server: ThrowawayPostgres, issuer: Issuer, server_folder: Path
) -> AsyncIterator[Site]:
    """One org for all of these tests: what one did to it, the next may meet."""
    made = await postgres_server.create_service_database("org")
    port, name = made.app_url.rpartition("@")[2].partition(":")[2].split("/")
    postgres, broker = Proxy(int(port)), Proxy(int(nats.url.rpartition(":")[2]))
    key_file = server_folder / "network.key"
    key_file.write_text(Fernet.generate_key().decode(), encoding="ascii")
    values = {
        "DATABASE_URL": made.app_url.replace(f":{port}/", f":{await postgres.start()}/"),
        "MIGRATION_DATABASE_URL": made.owner_url,
        "NATS_URL": f"nats://127.0.0.1:{await broker.start()}",
        "NATS_CREDENTIALS": str(nats.service_seeds["org"]),
        "JWKS_URL": issuer.jwks_url,
        "ISSUER": "linli-local",
        "DATA_KEY_FILE": str(key_file),
        "PORT": str(free_port()),
        "REQUEST_SECONDS": str(_REQUEST_SECONDS),
    }
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])}
    process = Process(environment | {f"LINLI_ORG_{key}": value for key, value in values.items()}, issuer)
    assert (await process.run("migrate"))[0] == 0
    child = serve(process, server_folder)
    try:
        await process._ready()
        async with aiohttp.ClientSession() as http:
            token = issuer.mint("admin", region="3703")
            running = Site(process, postgres, broker, postgres_server.admin_url_of(name), nats, token, http, child)
            for code in ("3703", *_DISTRICTS):
                assert await running.ask(Asked(f"above-{code}", code)) == "done"
            yield running
            child = running.child
    finally:
        await child.stop()
        await postgres.stop()
        await broker.stop()


async def test_connections_that_are_cut_or_reset_cost_no_change_and_no_event(site: Site) -> None:
    load = asyncio.create_task(site.under_load(5))
    for number in range(8):
        await asyncio.sleep(0.6)
        for proxy in (site.postgres, site.nats):
            (proxy.cut if number % 2 else proxy.reset)()
    await load
    await site.is_whole()


async def test_an_answer_that_is_lost_is_asked_again_and_nothing_is_done_twice(site: Site) -> None:
    """The commit may have been made when its answer is cut: the same key finds out."""
    for allowed in range(0, 4000, 130):
        site.postgres.answer_bytes = allowed
        site.nats.answer_bytes = allowed
        await site.ask(site.new())
    site.postgres.heal()
    site.nats.heal()
    await site.is_whole()


async def test_a_slow_network_only_costs_time(site: Site) -> None:
    site.postgres.delay, site.nats.delay = 0.05, 0.3
    await site.under_load(2)
    assert {answer for one in site.asked for answer in one.answers} & {"done"}
    site.postgres.heal()
    site.nats.heal()
    await site.is_whole()


@pytest.mark.parametrize("away", ["postgres", "nats"])
async def test_a_server_that_refuses_connections_for_some_seconds_is_found_again(site: Site, away: str) -> None:
    proxy: Proxy = getattr(site, away)
    await site.under_load(0.5)
    proxy.is_refusing = True
    proxy.reset()
    await site.under_load(1.5)
    proxy.heal()
    await site.is_whole()


@pytest.mark.parametrize("away", ["postgres", "nats"])
async def test_a_connection_that_is_open_and_dead_is_noticed(site: Site, away: str) -> None:
    proxy: Proxy = getattr(site, away)
    await site.under_load(0.5)
    load = asyncio.create_task(site.under_load(1.5))
    await asyncio.sleep(0.5)
    proxy.freeze()
    await load
    before = proxy.connections
    proxy.heal()
    await site.is_whole()
    assert proxy.connections > before


async def test_a_service_that_is_killed_under_load_does_everything_once(site: Site, server_folder: Path) -> None:
    """Last, because what came before must not have had an excuse for no answer."""
    load = asyncio.create_task(site.under_load(10))
    for wait in (0.3, 0.7, 0.2):
        await asyncio.sleep(wait)
        site.child.kill()
        site.kills += 1
        site.child = serve(site.process, server_folder)
        await site.process._ready()
    await load
    await site.is_whole()
