"""The servers and processes of the kill tests, and what is observed of them."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from sqlalchemy import insert, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.events.bus import Bus, BusAwayError
from chassis.events.declaration import STREAM
from chassis.events.envelope import decode
from chassis.events.stream import StreamReader, identity_of
from chassis.events.subject import filter_of_service
from chassis.events.tables import TABLE_NAMES
from chassis.row_security import grant
from deploy.local.databases import ServiceDatabase, ensure_database
from deploy.local.passwords import Passwords
from deploy.local.ports import free_port
from deploy.local.postgres import PostgresServer
from deploy.local.processes import Child, start
from deploy.local.streams import DeclaredNats
from tests.chassis.events.events_kit import DISTRICTS, SERVICE, metadata, note
from tests.faults.checker import Applied, Event, Record
from tests.faults.processes.node import ANY_ORDER, ORDERED, Orders, shared_notes

_ROOT = Path(__file__).parents[3]
_READER = "other"
_REST_SECONDS = 90.0
NODES = ("service 1", "service 2", "consumer 1", "consumer 2")


@dataclass
class Plant:
    """PostgreSQL that keeps what it commits, NATS as declared, two services and two instances of their consumers."""

    folder: Path
    random: Random
    databases: dict[str, ServiceDatabase] = field(default_factory=dict)
    nodes: dict[str, Child] = field(default_factory=dict)
    _started: int = 0

    def __post_init__(self) -> None:
        self._passwords = Passwords(self.folder / "secrets" / "postgres.json")
        # Not careless: without synchronous commits a killed server may forget what it acknowledged.
        self.postgres = PostgresServer(
            self.folder / "postgres", free_port(), log=self.folder / "postgres.log", passwords=self._passwords
        )
        self.nats = DeclaredNats(
            self.folder / "nats",
            free_port(),
            services=[SERVICE, _READER],
            districts=DISTRICTS,
            log=self.folder / "nats.log",
        )
        self.journal = self.folder / "journal"
        self.pause_file = self.folder / "pause"

    async def start(self) -> None:
        """Start everything."""
        await asyncio.gather(self.postgres.start(), self.nats.start())
        for service in (SERVICE, _READER):
            self.databases[service] = await ensure_database(self.postgres.address, service, self._passwords)
            await _make_tables(self.databases[service], service)
        for name in NODES:
            self.start_node(name)

    async def stop(self) -> None:
        """Stop everything."""
        for child in self.nodes.values():
            child.kill()
        await asyncio.gather(self.nats.stop(), self.postgres.stop())

    def start_node(
        self,
        name: str,
        *,
        place: str | None = None,
        passes: int = 1,
        victim: int | None = None,
        nats: str | None = None,
    ) -> Child:
        """Start a node, killing the one that runs under its name; `place` is where it, or `victim`, is to die."""
        if name in self.nodes:
            self.nodes[name].kill()
        kind = name.partition(" ")[0]
        user = SERVICE if kind == "service" else _READER
        self._started += 1
        orders = Orders(
            kind=kind,
            database_url=self.databases[user].app_url,
            nats_url=nats or self.nats.url,
            seed_file=str(self.nats.service_seeds[user].absolute()),
            journal=str(self.journal),
            pause_file=str(self.pause_file),
            random=self.random.randrange(2**32),
            place=place,
            passes=passes,
            victim=victim,
        )
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(_ROOT),
            "ORDERS": msgspec.json.encode(orders).decode(),
        }
        command = [sys.executable, "-m", "tests.faults.processes.node"]
        child = start(name, command, log=self.folder / f"{name}.log", environment=environment)
        self.nodes[name] = child
        return child

    def committed(self) -> int:
        """Return how much writers were told, in bytes of the journal."""
        return self.journal.stat().st_size if self.journal.exists() else 0

    async def moved_on(self, since: int, lines: int = 15, seconds: float = 60.0) -> bool:
        """Wait until writers were told of some more commits than at `since`; tell whether it came to that."""
        deadline = time.monotonic() + seconds
        while self.committed() < since + lines * 46:
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(0.05)
        return True

    async def rest(self) -> Record:
        """Let writers pause until everything is published and consumed; return what was observed, then let them go on.

        Raises TimeoutError when it does not come to rest.
        """
        self.pause_file.touch()
        try:
            async with asyncio.timeout(_REST_SECONDS):
                while True:
                    try:
                        return await self._observe()
                    except (_NotAtRest, BusAwayError, SQLAlchemyError, OSError):
                        await asyncio.sleep(0.2)
        finally:
            self.pause_file.unlink()

    async def _observe(self) -> Record:
        record = Record()
        await asyncio.sleep(0.3)  # a writer that was at work when it was told to pause
        for row in await self._look(
            SERVICE,
            "SELECT event_id, aggregate_id, aggregate_version, tenant, feed_sequence, published_at"
            " FROM outbox ORDER BY id",
        ):
            if row.published_at is None:
                raise _NotAtRest
            record.committed.append(Event(str(row[0]), str(row[1]), *row[2:5]))
        created, stream, last = await self._read_stream()
        record.streams = [stream]
        for name in (ORDERED, ANY_ORDER):
            applied = Applied(any_order=name == ANY_ORDER)
            place = await self._look(
                _READER,
                f"SELECT stream_created, stream_seq FROM consumer_position WHERE consumer = '{name}'",  # noqa: S608
            )
            if [tuple(row) for row in place] != [(created, last)]:
                raise _NotAtRest
            rows = await self._look(
                _READER,
                f"SELECT event_id, aggregate_id, version FROM effect WHERE text = '{name}' ORDER BY id",  # noqa: S608
            )
            applied.effects = [Event(str(row[0]), str(row[1]), row[2]) for row in rows]
            record.consumers[name] = applied
        for line in self.journal.read_text().splitlines():
            what, _, id_ = line.partition(" ")
            (record.acknowledged if what == "committed" else record.refused).add(id_)
        return record

    async def _read_stream(self) -> tuple[str, list[Event], int]:
        bus = Bus(self.nats.url, credentials=self.nats.service_seeds[_READER], name="observer")
        await bus.start()
        try:
            connection = await bus.connection()
            reader = StreamReader(connection, STREAM, filter_of_service(SERVICE))
            found: list[Event] = []
            last = 0
            while messages := (await reader.read(last, 500)).messages:
                last = messages[-1].sequence
                for message in messages:
                    event = decode(message.payload)
                    found.append(
                        Event(
                            str(event.id), str(event.subject), event.aggregateversion, event.tenant, event.feedsequence
                        )
                    )
            return await identity_of(connection, STREAM), found, last
        finally:
            await bus.close()

    async def _look(self, service: str, statement: str) -> Sequence[Any]:
        engine = create_async_engine(self.databases[service].app_url)
        try:
            async with engine.connect() as connection:
                return (await connection.execute(text(statement))).all()
        finally:
            await engine.dispose()


class _NotAtRest(Exception):
    """Something is still under way."""


async def _make_tables(made: ServiceDatabase, service: str) -> None:
    owner = create_async_engine(made.owner_url)
    async with owner.begin() as connection:
        await connection.run_sync(metadata.create_all)
        for table in (*TABLE_NAMES, "note", "effect"):
            await connection.execute(text(grant(table, f"linli_{service}")))
        await connection.execute(insert(note), [{"id": id_, "version": 0} for id_ in shared_notes()])
    await owner.dispose()
