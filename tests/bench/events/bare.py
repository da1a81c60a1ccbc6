"""The limits: the same rows and messages by clients that do nothing else."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING

import asyncpg
from sqlalchemy.engine import make_url

from chassis.events.declaration import STREAM
from chassis.events.envelope import headers_of
from chassis.ids import new_id
from tests.bench.events.measure import TYPE, drafts, rows_of

if TYPE_CHECKING:
    from nats.js.api import PubAck

    from tests.bench.events.plant import Plant

_UNACKNOWLEDGED = 2000
_ROWS_AT_ONCE = 5000
_COLUMNS = (
    "event_id", "entity", "aggregate_id", "aggregate_version", "tenant", "region_code", "type", "subject", "payload",
)  # fmt: skip


async def write_bare(plant: Plant, events: int) -> float:
    """Copy as many rows into the outbox with asyncpg alone (COPY), already made; return rows a second."""
    await plant.emptied()
    rows = [tuple(row[name] for name in _COLUMNS) for row in rows_of(drafts(events))]
    url = make_url(plant.database.app_url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(url)
    started = time.perf_counter()
    async with connection.transaction():
        for start in range(0, events, _ROWS_AT_ONCE):
            some = rows[start : start + _ROWS_AT_ONCE]
            await connection.copy_records_to_table("outbox", records=some, columns=_COLUMNS)
    seconds = time.perf_counter() - started
    await connection.close()
    return events / seconds


async def publish_bare(plant: Plant, events: int) -> float:
    """Publish as many messages of the same size and headers with nats-py alone; return acknowledged ones a second."""
    client = (await (await plant.bus()).connection()).jetstream
    messages = [(row["subject"], row["payload"], headers_of(new_id(), TYPE, 1)) for row in rows_of(drafts(events))]
    waiting: deque[asyncio.Future[PubAck]] = deque()
    started = time.perf_counter()
    for subject, payload, headers in messages:
        waiting.append(await client.publish_async(subject, payload, stream=STREAM, headers=headers))
        if len(waiting) > _UNACKNOWLEDGED:
            await waiting.popleft()
    await asyncio.gather(*waiting)
    return events / (time.perf_counter() - started)
