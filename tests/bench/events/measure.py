"""The measurements: writing in bulk, the relay at full speed, and the way from a commit to a subscriber."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.database import EVERYWHERE, Database
from chassis.events.declaration import STREAM
from chassis.events.outbox import Draft, _row, append_many
from chassis.events.relay import Relay
from chassis.ids import new_id
from tests.chassis.events.events_kit import SERVICE, NoteWritten

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from nats.aio.msg import Msg

    from tests.bench.events.plant import Plant

TYPE = NoteWritten.type_in(SERVICE)
_REGION = "370321002001"
_WHEN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
_TEXT = "x" * 120
_WRITERS = 8
_EVENTS_A_COMMIT = 5
"""One process commits some hundred transactions a second: each has some events, as those of a sweep have."""
_WARM_UP_SECONDS = 1.0
_PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Latency:
    """How long events took from the commit to a subscriber of the stream's subjects, in milliseconds."""

    rate: float
    """Events a second that were committed."""
    events: int
    median: float
    p99: float
    most: float

    def __str__(self) -> str:
        return (
            f"{self.events:,} events at {self.rate:,.0f} a second: median {self.median:.1f} ms,"
            f" p99 {self.p99:.1f} ms, longest {self.most:.1f} ms"
        )


def drafts(number: int) -> list[Draft]:
    """Return events of as many things, as an import writes them."""
    return [
        Draft(
            event=NoteWritten(text=_TEXT),
            aggregate_id=new_id(),
            aggregate_version=1,
            region_code=_REGION,
            occurred_at=_WHEN,
        )
        for _ in range(number)
    ]


def rows_of(some: list[Draft]) -> list[dict[str, Any]]:
    """Return what is written for drafts."""
    return [_row(SERVICE, draft) for draft in some]


async def written(plant: Plant, events: int) -> float:
    """Write events into the outbox with `append_many` in one transaction; return events a second."""
    await plant.emptied()
    engine, some = plant.engine(), drafts(events)
    started = time.perf_counter()
    async with engine.begin() as connection:
        await append_many(connection, SERVICE, some)
    return events / (time.perf_counter() - started)


@contextlib.asynccontextmanager
async def relaying(plant: Plant) -> AsyncIterator[Relay]:
    """Run a relay."""
    relay = Relay(plant.engine(), await plant.bus(), service=SERVICE, stream=STREAM)
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        task.cancel()
        await asyncio.wait({task})


async def relayed(plant: Plant, events: int) -> float:
    """Let the relay publish events that wait in the outbox; return events a second."""
    await written(plant, events)
    async with relaying(plant) as relay:
        started = time.perf_counter()
        await relay.drained(_PATIENCE_SECONDS)
        return events / (time.perf_counter() - started)


async def latency(plant: Plant, rate: int, seconds: float) -> Latency:
    """Commit events one by one at `rate` from several writers; a subscriber notes when each comes."""
    await plant.emptied()
    committed: dict[UUID, float] = {}
    heard: dict[UUID, float] = {}

    async def hear(message: Msg) -> None:
        heard.setdefault(UUID((message.headers or {})["ce-id"]), time.perf_counter())

    subscriber = (await (await plant.bus("other")).connection()).client
    await subscriber.subscribe(f"linli.*.*.*.*.{SERVICE}.>", cb=hear)
    await subscriber.flush()
    database = Database(plant.database.app_url, name="bench", pool_size=_WRITERS)
    async with relaying(plant) as relay:
        database.after_commit.append(relay.wake)
        await _write(database, committed, rate, _WARM_UP_SECONDS)
        committed.clear()
        started = time.perf_counter()
        await _write(database, committed, rate, seconds)
        taken = time.perf_counter() - started
        await relay.drained(_PATIENCE_SECONDS)
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not committed.keys() <= heard.keys():  # noqa: ASYNC110 (another process's doing)
                await asyncio.sleep(0.02)
    await database.close()
    took = sorted((heard[id_] - at) * 1000 for id_, at in committed.items())
    return Latency(
        len(took) / taken, len(took), took[len(took) // 2], took[min(len(took) - 1, int(len(took) * 0.99))], took[-1]
    )


async def _write(database: Database, committed: dict[UUID, float], rate: int, seconds: float) -> None:
    """Commit some events a transaction, at `rate` all together; a writer who is late makes up for it."""
    pause, begun = _WRITERS * _EVENTS_A_COMMIT / rate, time.perf_counter()

    async def write(number: int) -> None:
        due = begun + pause * number / _WRITERS
        while due < begun + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            some = drafts(_EVENTS_A_COMMIT)
            async with database.write(EVERYWHERE) as session:
                ids = await append_many(session.connection, SERVICE, some)
            committed.update(dict.fromkeys(ids, time.perf_counter()))
            due += pause

    await asyncio.gather(*(write(number) for number in range(_WRITERS)))
