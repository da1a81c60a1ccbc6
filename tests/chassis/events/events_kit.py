"""A service that publishes notes, another that reacts to them, and the real PostgreSQL and NATS between them."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import nats.js.errors
from nats.aio.client import Client
from sqlalchemy import BigInteger, Column, Identity, Integer, MetaData, Table, Text, Uuid, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from chassis.events import outbox as outbox_module
from chassis.events.bus import Bus
from chassis.events.consumer import Consumer
from chassis.events.declaration import STREAM
from chassis.events.envelope import Envelope, decode
from chassis.events.event import Event
from chassis.events.keys import inbox_prefix, public_key
from chassis.events.relay import Relay
from chassis.events.subject import filter_of_service
from chassis.events.tables import TABLE_NAMES, define_tables
from chassis.ids import new_id
from chassis.records import NAMING
from chassis.records import define_tables as define_records
from chassis.row_security import grant

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
    from pathlib import Path

    from deploy.local.databases import ServiceDatabase
    from deploy.local.fixtures import ThrowawayPostgres
    from deploy.local.streams import DeclaredNats

SERVICE = "notes"
DISTRICTS = ("370321", "370303")
ZONE = "370321"
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

metadata = MetaData(naming_convention=NAMING)
define_tables(metadata)
define_records(metadata)
note = Table(
    "note", metadata, Column("id", Uuid, primary_key=True), Column("version", Integer, nullable=False, default=1)
)
effect = Table(
    "effect",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("aggregate_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
)


class NoteWritten(Event, entity="note", fact="written"):
    """A note was written. 写下便条"""

    text: str


class NoteStruck(Event, entity="note", fact="struck"):
    """A note was struck out. 划去便条"""

    text: str


class NoteArchived(Event, entity="note", fact="archived", version=2):
    """A note was put away. 归档便条"""

    text: str
    place: str | None = None


WRITTEN = NoteWritten.type_in(SERVICE)
STRUCK = NoteStruck.type_in(SERVICE)
WHO = "other-notes"


@dataclass
class Broker:
    """A real nats-server under the generated configuration."""

    server: DeclaredNats

    async def connect(
        self, seed: Path | None, error_cb: Callable[[Exception], Awaitable[None]] | None = None
    ) -> Client:
        client = Client()
        try:
            await client.connect(
                self.server.url,
                nkeys_seed=str(seed) if seed else None,
                inbox_prefix=inbox_prefix(public_key(seed)) if seed else "_INBOX",
                allow_reconnect=False,
                error_cb=error_cb or _ignore,
            )
        except BaseException:
            await client.close()
            raise
        return client

    async def wipe_stream(self) -> None:
        """Leave an empty stream, and consumers that have read nothing."""
        await self.delete_stream()
        await self.server.provision()

    async def delete_stream(self) -> None:
        admin = await self.connect(self.server.admin_seed)
        try:
            with contextlib.suppress(nats.js.errors.NotFoundError):
                await admin.jetstream().delete_stream(STREAM)
        finally:
            await admin.close()

    async def messages(self) -> list[Any]:
        """Return all messages of the stream, by its own count."""
        admin = await self.connect(self.server.admin_seed)
        try:
            jetstream = admin.jetstream()
            state = (await jetstream.stream_info(STREAM)).state
            return [await jetstream.get_msg(STREAM, seq) for seq in range(max(state.first_seq, 1), state.last_seq + 1)]
        finally:
            await admin.close()

    async def events(self) -> list[Envelope]:
        """Return everything in the stream, decoded, in its order."""
        return [decode(message.data) for message in await self.messages()]


async def _ignore(_error: Exception) -> None:
    return


@dataclass
class Publisher:
    """The service's database, with what a command would do to it."""

    engine: AsyncEngine
    broker: Broker
    bus: Bus

    def relay(self, **options: Any) -> Relay:
        return Relay(self.engine, self.bus, service=SERVICE, stream=STREAM, **options)

    async def create(self, region_code: str = ZONE, body: str = "new") -> UUID:
        id_ = new_id()
        async with self.engine.begin() as connection:
            await connection.execute(insert(note), {"id": id_})
            await self.append(connection, NoteWritten(text=body), id_, 1, region_code)
        return id_

    async def change(self, id_: UUID, body: str, region_code: str = ZONE, pause: float = 0) -> int:
        """Lock the row, count its version up, write the event: as every command does."""
        async with self.engine.begin() as connection:
            row = (await connection.execute(select(note).where(note.c.id == id_).with_for_update())).one()
            version = int(row.version) + 1
            await connection.execute(note.update().where(note.c.id == id_).values(version=version))
            await self.append(connection, NoteWritten(text=body), id_, version, region_code)
            await asyncio.sleep(pause)
        return version

    async def append(
        self, connection: AsyncConnection, event: Event, id_: UUID, version: int, region_code: str = ZONE
    ) -> UUID:
        return await outbox_module.append(
            connection,
            SERVICE,
            event,
            aggregate_id=id_,
            aggregate_version=version,
            region_code=region_code,
            occurred_at=NOW,
        )

    async def look(self, statement: str, **parameters: Any) -> Sequence[Any]:
        async with self.engine.connect() as connection:
            return (await connection.execute(text(statement), parameters)).all()

    async def until(self, statement: str, seconds: float = 30.0) -> None:
        """Wait until a statement's answer is true."""
        async with asyncio.timeout(seconds):
            while not (await self.look(statement))[0][0]:  # noqa: ASYNC110 (another task's doing)
                await asyncio.sleep(0.02)


@dataclass
class Reader:
    """The other service: its database and its consumers."""

    engine: AsyncEngine
    bus: Bus
    calls: list[int]

    async def apply(self, connection: AsyncConnection, events: Sequence[Envelope]) -> None:
        self.calls.append(len(events))
        rows = [
            {
                "event_id": event.id,
                "aggregate_id": event.subject,
                "version": event.aggregateversion,
                "text": event.payload(NoteWritten).text,
            }
            for event in events
        ]
        await connection.execute(insert(effect), rows)
        if any(row["text"] == "poison" for row in rows):
            raise ValueError("this cannot be applied")

    def consumer(self, **options: Any) -> Consumer:
        chosen: dict[str, Any] = {
            "stream": STREAM,
            "durable": WHO,
            "subjects": (filter_of_service(SERVICE),),
            "handlers": {WRITTEN: self.apply, STRUCK: self.apply},
            "pause_seconds": 0.01,
        }
        return Consumer(self.engine, self.bus, **(chosen | options))

    async def look(self, statement: str) -> Sequence[Any]:
        async with self.engine.connect() as connection:
            return (await connection.execute(text(statement))).all()

    async def effects(self) -> list[tuple[UUID, int, str]]:
        rows = await self.look("SELECT aggregate_id, version, text FROM effect ORDER BY id")
        return [tuple(row) for row in rows]


async def make_database(server: ThrowawayPostgres, service: str) -> ServiceDatabase:
    """Make a database with the tables, for the serving role as migrations leave it."""
    made = await server.create_service_database(service)
    await make_tables(made, service)
    return made


async def make_tables(made: ServiceDatabase, service: str) -> None:
    """Make the tables, for the serving role as migrations leave it."""
    owner = create_async_engine(made.owner_url)
    async with owner.begin() as connection:
        await connection.run_sync(metadata.create_all)
        for table in (*TABLE_NAMES, "audit", "note", "effect"):
            await connection.execute(text(grant(table, f"linli_{service}")))
    await owner.dispose()


async def emptied(database: ServiceDatabase) -> AsyncEngine:
    """Return an engine of the serving role, with nothing in the tables."""
    owner = create_async_engine(database.owner_url)
    async with owner.begin() as connection:
        await connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY"))
    await owner.dispose()
    return create_async_engine(database.app_url, pool_size=20)


@contextlib.asynccontextmanager
async def running(work: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Run something beside the test, and say so when it ended by itself."""
    task = asyncio.create_task(work())
    try:
        yield
    finally:
        assert not task.done(), "what should run for ever ended"
        task.cancel()
        await asyncio.wait({task}, timeout=20)
        assert task.cancelled(), "what was cancelled did not end"
