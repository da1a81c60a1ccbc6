"""tickets as it is run: a process of its own, real PostgreSQL and NATS; org's events in, the district's feed out."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
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
from deploy.local.fixtures import throwaway_nats
from deploy.local.ports import free_port
from tests.tickets import city
from tests.tickets.conftest import RAISE, mutation, process_records

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from deploy.local.fixtures import ThrowawayPostgres
    from deploy.local.issuer import Issuer
    from deploy.local.streams import DeclaredNats

_COMMAND = [sys.executable, "-m", "services.tickets.main"]


@dataclass
class Process:
    """tickets in processes of its own; `environment` is one instance's."""

    environment: dict[str, str]
    issuer: Issuer
    admin_url: str

    def beside(self) -> Process:
        """A second instance on the same database."""
        return Process(self.environment | {"LINLI_TICKETS_PORT": str(free_port())}, self.issuer, self.admin_url)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['LINLI_TICKETS_PORT']}"

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
                with suppress(aiohttp.ClientError):
                    answer = await client.get(f"{self.url}/health/ready")
                    answer.release()
                    if answer.status == 200:
                        return
                await asyncio.sleep(0.1)
        raise AssertionError("tickets did not become ready")

    async def ask(self, query: str, token: str, **variables: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            aiohttp.ClientSession(headers=headers) as client,
            client.post(f"{self.url}/graphql", json={"query": query, "variables": variables}) as answer,
        ):
            return orjson.loads(await answer.read())

    def staff(self, name: str) -> str:
        title, code = city.POSTS[name]
        return self.issuer.mint(title, region=code, subject=str(city.person(name)))

    async def look(self, statement: str) -> list[Any]:
        engine = create_async_engine(self.admin_url)
        try:
            async with engine.begin() as connection:
                result = await connection.execute(text(statement))
                return list(result.all()) if result.returns_rows else []
        finally:
            await engine.dispose()

    async def until(self, statement: str, expected: Any) -> None:
        """Wait until a statement answers as expected."""
        found = None
        for _ in range(300):
            found = await self.look(statement)
            if found == expected:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{statement}: {found}")


@pytest_asyncio.fixture(scope="module")
async def nats(server_folder: Path) -> AsyncIterator[DeclaredNats]:
    """A NATS of these tests' own: they count what a feed holds, and kill the server."""
    folder = server_folder / "tickets"
    folder.mkdir()
    server = throwaway_nats(folder)
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture
async def process(postgres_server: ThrowawayPostgres, nats: DeclaredNats, issuer: Issuer, tmp_path: Path) -> Process:
    made = await postgres_server.create_service_database("tickets")
    key_file = tmp_path / "data.key"
    key_file.write_text(Fernet.generate_key().decode(), encoding="ascii")
    values = {
        "DATABASE_URL": made.app_url,
        "MIGRATION_DATABASE_URL": made.owner_url,
        "NATS_URL": nats.url,
        "NATS_CREDENTIALS": str(nats.service_seeds["tickets"]),
        "JWKS_URL": issuer.jwks_url,
        "ISSUER": "linli-local",
        "DATA_KEY_FILE": str(key_file),
        "PORT": str(free_port()),
        "SWEEP_SECONDS": "0.2",
    }
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = kept | {f"LINLI_TICKETS_{name}": value for name, value in values.items()}
    started = Process(environment, issuer, postgres_server.admin_url_of(made.app_url.rpartition("/")[2]))
    assert (await started.run("migrate"))[0] == 0
    file = tmp_path / "processes.jsonl"
    file.write_bytes(b"\n".join(orjson.dumps(one) for one in process_records()))
    assert (await started.run("import", str(file)))[0] == 0
    return started


async def org_tells(nats: DeclaredNats) -> None:
    """Publish what org would, with org's own credentials."""
    client = Client()
    seed = nats.service_seeds["org"]
    prefix = inbox_prefix(public_key(seed)).encode()
    await client.connect(nats.url, nkeys_seed=str(seed), inbox_prefix=prefix, allow_reconnect=False)
    try:
        for event in city.history():
            told = city.envelope(event)
            subject = subject_of(told.regioncode, "org", type(event).entity, type(event).fact)
            headers = headers_of(told.id, told.type, 1)
            await client.jetstream().publish(subject, encode(told), headers=headers)
    finally:
        await client.close()


async def heard(nats: DeclaredNats, district: str, ticket: str, last: str) -> list[dict[str, Any]]:
    """What the district's own account receives about a ticket, until an event of the type `last`."""
    seed = nats.district_seeds[district]
    client = Client()
    prefix = inbox_prefix(public_key(seed)).encode()
    await client.connect(nats.url, nkeys_seed=str(seed), inbox_prefix=prefix, allow_reconnect=False)
    found: list[dict[str, Any]] = []
    try:
        feed = await client.jetstream().pull_subscribe_bind(f"district_{district}", "LINLI")
        while not any(last in one["type"] for one in found):
            for message in await feed.fetch(50, timeout=15):
                await message.ack()
                event = orjson.loads(message.data)
                if event["subject"] == ticket:
                    found.append(event)
    finally:
        await client.close()
    return found


ASKED = {"idempotencyKey": "k", "process": "five_sheets", "regionCode": city.GRID, "title": "t", "category": "road"}
KNOWN = f"SELECT count(*) FROM duty WHERE region_code = '{city.GRID}'"  # noqa: S608


async def test_from_orgs_events_to_the_districts_feed(process: Process, nats: DeclaredNats) -> None:
    await org_tells(nats)
    resident = process.issuer.mint("resident", region=city.COMMUNITY, subject="li")
    async with process.serving(), process.beside().serving():
        await process.until(KNOWN, [(3,)])
        ticket = (await process.ask(RAISE, resident, input=ASKED))["data"]["payload"]["ticket"]
        await process.look("UPDATE rung SET at = now(), try_at = now() WHERE kind = 'overdue' AND clock = 'step'")
        await process.until("SELECT count(*) FROM rung WHERE fired_at IS NOT NULL", [(1,)])
        act = {"id": ticket["id"], "expectedVersion": 1}
        answer = await process.ask(mutation("acceptTicket"), process.staff("worker"), input=act)
        assert answer["data"]["payload"]["problems"] == []
        events = await heard(nats, city.DISTRICT, ticket["id"], "accepted")
    assert [one["type"] for one in events] == [
        "linli.tickets.ticket.raised.v1", "linli.tickets.ticket.overdue.v1", "linli.tickets.ticket.accepted.v1",
    ]  # fmt: skip
    assert [one["aggregateversion"] for one in events] == [1, 2, 3]
    assert {one["tenant"] for one in events} == {city.DISTRICT}
    assert events[-1]["data"]["step"] == "deliberate"


async def test_a_kill_in_the_middle_of_the_journey_loses_nothing(process: Process, nats: DeclaredNats) -> None:
    await org_tells(nats)
    resident = process.issuer.mint("resident", region=city.COMMUNITY, subject="li")
    async with process.serving() as child:
        await process.until(KNOWN, [(3,)])
        nats.kill()
        answer = await process.ask(RAISE, resident, input=ASKED)
        ticket = answer["data"]["payload"]["ticket"]
        assert ticket["step"]["code"] == "accept", "tickets are raised while NATS is away"
        child.kill()
        await child.wait()
    await process.look("UPDATE rung SET at = now(), try_at = now() WHERE kind = 'escalation' AND level = 1")
    await nats.restart()
    async with process.serving():
        assert await process.ask(RAISE, resident, input=ASKED) == answer, "the same key after the crash"
        events = await heard(nats, city.DISTRICT, ticket["id"], "escalated")
    assert events[0]["type"] == "linli.tickets.ticket.raised.v1"
    assert datetime.fromisoformat(events[0]["time"]) < datetime.now(UTC)


async def test_kept_counts_that_differ_end_the_comparison_with_status_1_until_they_are_put_right(
    process: Process, nats: DeclaredNats
) -> None:
    await org_tells(nats)
    async with process.serving():
        await process.until(KNOWN, [(3,)])
        resident = process.issuer.mint("resident", region=city.COMMUNITY, subject="li")
        assert (await process.ask(RAISE, resident, input=ASKED))["data"]["payload"]["ticket"]
    right = (0, "every kept count is that of the tickets\n", "")
    assert await process.run("compare-counts") == right
    await process.look("DELETE FROM tally_change")
    await process.look("DELETE FROM tally")
    status, said, _ = await process.run("compare-counts")
    assert (status, "five_sheets raised: +1" in said) == (1, True)
    status, said, _ = await process.run("repair-counts")
    assert (status, "differed" in said) == (0, True)
    assert await process.run("compare-counts") == right


async def test_a_wrong_file_or_setting_gives_one_line(process: Process, tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text('{"record": "ticket"}\n', encoding="utf-8")
    status, _, err = await process.run("import", str(file))
    assert (status, err.count("\n")) == (2, 1)
    assert err.startswith("line 1: ")
    status, _, err = await process.run("import", str(tmp_path / "missing.jsonl"))
    assert (status, err.count("\n")) == (2, 1)
    process.environment["LINLI_TICKETS_SWEEP_SECONDS"] = "never"
    status, _, err = await process.run("serve")
    assert (status, err.count("\n")) == (2, 1)
    assert err.startswith("LINLI_TICKETS_SWEEP_SECONDS: ")
