"""One process of the kill tests: `python -m tests.faults.processes.node`, told all by its environment.

A `service` writes notes as commands do and runs the real relay; a `consumer` runs the real consumer, twice: once for
effects that depend on order and once for those that do not. What the writers were told is appended to a journal, which
outlives a SIGKILL.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from uuid import UUID

import msgspec
import psutil
from sqlalchemy import insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.database import Database
from chassis.events import outbox
from chassis.events.auditor import Auditor
from chassis.events.bus import Bus
from chassis.events.consumer import AnyOrder, Consumer, Handler
from chassis.events.declaration import STREAM
from chassis.events.envelope import Envelope
from chassis.events.faults import Fault
from chassis.events.relay import Relay
from chassis.events.subject import filter_of_service
from chassis.ids import new_id
from tests.chassis.events.events_kit import NOW, SERVICE, NoteWritten, effect, note

ORDERED, ANY_ORDER = "ordered", "any_order"
WRITERS = 4
_BETWEEN_SECONDS = 0.06
_SHARED = 12
_REGIONS = ("370321001002", "370303001")


class Orders(msgspec.Struct, frozen=True, kw_only=True):
    """What a node is to do."""

    kind: str
    database_url: str
    nats_url: str
    seed_file: str
    journal: str
    pause_file: str
    random: int
    place: str | None = None
    """Where something is to die."""
    passes: int = 1
    """How often the place is passed before."""
    victim: int | None = None
    """The process that dies there; this one when there is none."""


def fault_of(orders: Orders) -> Fault:
    """Return what kills, with SIGKILL, at the named place."""
    left = orders.passes

    def die(place: str) -> None:
        nonlocal left
        if place != orders.place or left == 0:
            return
        left -= 1
        if left == 0:
            for pid in _with_children(orders.victim or os.getpid()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    return die


def _with_children(pid: int) -> list[int]:
    try:
        return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    except psutil.Error:
        return [pid]


class Journal:
    """Lines that are kept whoever dies: one write each, appended."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def note(self, what: str, event_id: UUID) -> None:
        os.write(self._file, f"{what} {event_id}\n".encode())


class Writer:
    """Creates and changes notes, many at a time, some of them the same ones."""

    def __init__(self, orders: Orders, database: Database, wake: Callable[[], None]) -> None:
        self._random = Random(orders.random)  # noqa: S311 (to be repeated)
        self._database = database
        self._wake = wake
        self._journal = Journal(orders.journal)
        self._pause = Path(orders.pause_file)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(self._random.expovariate(1 / _BETWEEN_SECONDS))
            if not self._pause.exists():
                await self._write()

    async def _write(self) -> None:
        refused = self._random.random() < 0.05
        written: UUID | None = None
        try:
            async with self._database.engine.begin() as connection:
                written = await self._change(connection)
                if refused:
                    raise LookupError  # noqa: TRY301
        except LookupError:
            if written:
                self._journal.note("refused", written)
        except (SQLAlchemyError, OSError, TimeoutError):
            return  # nobody knows whether it is committed
        else:
            self._journal.note("committed", written)
            self._wake()

    async def _change(self, connection: AsyncConnection) -> UUID:
        place = self._random.randrange(_SHARED)
        id_, version = (new_id(), 1) if self._random.random() < 0.2 else (UUID(int=place + 1, version=4), 0)
        if version:
            await connection.execute(insert(note), {"id": id_, "version": 1})
        else:
            found = await connection.execute(select(note.c.version).where(note.c.id == id_).with_for_update())
            version = int(found.scalar_one()) + 1
            await connection.execute(note.update().where(note.c.id == id_).values(version=version))
        return await outbox.append(
            connection,
            SERVICE,
            NoteWritten(text="x"),
            aggregate_id=id_,
            aggregate_version=version,
            region_code=_REGIONS[id_.int % len(_REGIONS)],
            occurred_at=NOW,
        )


def shared_notes() -> list[UUID]:
    """Return the notes that all writers change; they begin at version 0."""
    return [UUID(int=place + 1, version=4) for place in range(_SHARED)]


def _handler(durable: str) -> Handler:
    async def apply(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
        rows = [
            {"event_id": one.id, "aggregate_id": one.subject, "version": one.aggregateversion, "text": durable}
            for one in events
        ]
        await connection.execute(insert(effect), rows)

    return AnyOrder(apply) if durable == ANY_ORDER else apply


async def serve(orders: Orders) -> None:
    """Be a service until killed."""
    database, bus = await _stand_on(orders)
    # A small batch is often full: the next one is numbered while it is published.
    relay = Relay(database.engine, bus, service=SERVICE, stream=STREAM, batch=20, fault=fault_of(orders))
    writer = Writer(orders, database, relay.wake)
    auditor = Auditor(database.engine, bus, service=SERVICE, stream=STREAM, wake=relay.wake)
    await asyncio.gather(relay.run(), auditor.run(), *(writer.run() for _ in range(WRITERS)))


async def consume(orders: Orders) -> None:
    """Be a consumer until killed."""
    database, bus = await _stand_on(orders)
    fault = fault_of(orders)
    consumers = [
        Consumer(
            database.engine,
            bus,
            stream=STREAM,
            durable=durable,
            subjects=(filter_of_service(SERVICE),),
            handlers={NoteWritten.type_in(SERVICE): _handler(durable)},
            fault=fault,
        )
        for durable in (ORDERED, ANY_ORDER)
    ]
    await asyncio.gather(*(consumer.run() for consumer in consumers))


async def _stand_on(orders: Orders) -> tuple[Database, Bus]:
    database = Database(orders.database_url, name=orders.kind)
    bus = Bus(orders.nats_url, credentials=Path(orders.seed_file), name=orders.kind)
    await bus.start()
    return database, bus


def main() -> None:
    """Run as the environment says."""
    orders = msgspec.json.decode(os.environ["ORDERS"], type=Orders)
    asyncio.run(serve(orders) if orders.kind == "service" else consume(orders))


if __name__ == "__main__":
    main()
