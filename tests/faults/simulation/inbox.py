"""`chassis.events.inbox` on the database in memory; `test_models.py` holds the two to the same answers."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.events.envelope import Envelope
from chassis.events.inbox import StreamReplacedError
from chassis.events.stream import Message
from tests.faults.simulation.database import Transaction

__all__ = [
    "StreamReplacedError",
    "forget",
    "lock_position",
    "move_position",
    "newest",
    "set_aside",
    "start_position",
    "unseen",
]


async def unseen(connection: Transaction, consumer: str, events: Sequence[Envelope]) -> list[Envelope]:
    if not events:
        return []
    await connection.step()
    kept = []
    for event in events:
        if (consumer, event.id) not in connection.database.inbox:
            connection.add(connection.database.inbox, (consumer, event.id))
            kept.append(event)
    return kept


async def newest(connection: Transaction, consumer: str, events: Sequence[Envelope]) -> list[Envelope]:
    if not events:
        return []
    await connection.step()
    kept = []
    for event in events:
        of = (consumer, event.source, event.entity, event.subject)
        if event.aggregateversion > connection.database.versions.get(of, 0):
            connection.put(connection.database.versions, of, event.aggregateversion)
            kept.append(event)
    return kept


async def start_position(connection: Transaction, consumer: str, stream_created: str) -> int:
    await connection.lock(("position", consumer))
    found = connection.database.positions.get(consumer)
    if found is None or found[0] != stream_created:
        connection.put(connection.database.positions, consumer, (stream_created, 0))
    return await lock_position(connection, consumer, stream_created)


async def lock_position(connection: Transaction, consumer: str, stream_created: str) -> int:
    await connection.step()
    await connection.lock(("position", consumer))
    created, sequence = connection.database.positions[consumer]
    if created != stream_created:
        raise StreamReplacedError(consumer)
    return sequence


async def move_position(connection: Transaction, consumer: str, sequence: int) -> None:
    await connection.step()
    created, _ = connection.database.positions[consumer]
    connection.put(connection.database.positions, consumer, (created, sequence))


async def set_aside(
    connection: Transaction, consumer: str, message: Message, event: Envelope | None, attempts: int, error: str
) -> None:
    await connection.step()
    connection.add(connection.database.dead_letters, (consumer, (message, event, attempts, error)))


async def forget(connection: Transaction, consumer: str, days: int) -> bool:
    """Nothing is old enough within a simulation."""
    await connection.step()
    return bool(consumer and days < 0)
