"""The inbox: what makes the effect of an event happen once, however often and in whatever order it is delivered.

All of it runs in the transaction of the effects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.events.tables import consumer_position, dead_letter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from chassis.events.envelope import Envelope
    from chassis.events.stream import Message

_ROWS_FORGOTTEN_AT_ONCE = 5000

_TAKE = text(
    "INSERT INTO inbox (consumer, event_id) SELECT :consumer, unnest(CAST(:ids AS uuid[]))"
    " ON CONFLICT DO NOTHING RETURNING event_id"
)
_FORGET = text(
    "DELETE FROM inbox WHERE ctid IN (SELECT ctid FROM inbox"
    " WHERE consumer = :consumer AND applied_at < now() - make_interval(days => :days) LIMIT :limit)"
)

_VERSIONS = text("""
SELECT source, entity, aggregate_id, version FROM aggregate_version
JOIN unnest(CAST(:sources AS text[]), CAST(:entities AS text[]), CAST(:ids AS uuid[]))
    AS wanted(source, entity, aggregate_id) USING (source, entity, aggregate_id)
WHERE consumer = :consumer
""")
_REMEMBER = text("""
INSERT INTO aggregate_version (consumer, source, entity, aggregate_id, version)
SELECT :consumer, moved.*
FROM unnest(CAST(:sources AS text[]), CAST(:entities AS text[]), CAST(:ids AS uuid[]), CAST(:versions AS bigint[]))
    AS moved
ON CONFLICT (consumer, source, entity, aggregate_id) DO UPDATE SET version = excluded.version
""")


class StreamReplacedError(Exception):
    """The position is of another stream of the same name: another instance saw the new one first."""


async def unseen(connection: AsyncConnection, consumer: str, events: Sequence[Envelope]) -> list[Envelope]:
    """Take events into the inbox; return those that were not in it, each once, in their order."""
    if not events:
        return []
    result = await connection.execute(_TAKE, {"consumer": consumer, "ids": [event.id for event in events]})
    fresh: set[UUID] = set(result.scalars())
    kept: list[Envelope] = []
    for event in events:
        if event.id in fresh:
            fresh.discard(event.id)
            kept.append(event)
    return kept


async def newest(connection: AsyncConnection, consumer: str, events: Sequence[Envelope]) -> list[Envelope]:
    """Return the events that are newer than what was applied of their aggregate, and remember their versions."""
    if not events:
        return []
    wanted = sorted({(event.source, event.entity, event.subject) for event in events})
    known = await connection.execute(_VERSIONS, {"consumer": consumer} | _columns(wanted))
    versions = {(source, entity, id_): version for source, entity, id_, version in known}
    kept: list[Envelope] = []
    moved: dict[tuple[str, str, UUID], int] = {}
    for event in events:
        of = (event.source, event.entity, event.subject)
        if event.aggregateversion > moved.get(of, versions.get(of, 0)):
            moved[of] = event.aggregateversion
            kept.append(event)
    if moved:
        parameters = {"consumer": consumer, "versions": list(moved.values())} | _columns(list(moved))
        await connection.execute(_REMEMBER, parameters)
    return kept


def _columns(aggregates: Sequence[tuple[str, str, UUID]]) -> dict[str, list[Any]]:
    sources, entities, ids = zip(*aggregates, strict=True)
    return {"sources": list(sources), "entities": list(entities), "ids": list(ids)}


async def start_position(connection: AsyncConnection, consumer: str, stream_created: str) -> int:
    """Return how far the consumer has read this stream; 0 for one that it has not read, whatever it read before."""
    statement = upsert(consumer_position).values(consumer=consumer, stream_created=stream_created, stream_seq=0)
    is_other = consumer_position.c.stream_created != stream_created
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["consumer"], set_={"stream_created": stream_created, "stream_seq": 0}, where=is_other
        )
    )
    return await lock_position(connection, consumer, stream_created)


async def lock_position(connection: AsyncConnection, consumer: str, stream_created: str) -> int:
    """Return the position and keep other instances of the consumer out until the transaction ends.

    Raises StreamReplacedError when the position is of another stream.
    """
    position = consumer_position.c
    result = await connection.execute(
        select(position.stream_created, position.stream_seq).where(position.consumer == consumer).with_for_update()
    )
    row = result.one()
    if row.stream_created != stream_created:
        raise StreamReplacedError(consumer)
    sequence: int = row.stream_seq
    return sequence


async def move_position(connection: AsyncConnection, consumer: str, sequence: int) -> None:
    """Remember that everything up to `sequence` is applied or set aside."""
    statement = consumer_position.update().where(consumer_position.c.consumer == consumer)
    await connection.execute(statement.values(stream_seq=sequence, moved_at=text("now()")))


async def set_aside(
    connection: AsyncConnection, consumer: str, message: Message, event: Envelope | None, attempts: int, error: str
) -> None:
    """Put a message that could not be applied, or not be decoded, into the dead letters."""
    row = {
        "consumer": consumer,
        "event_id": event.id if event else None,
        "type": event.type if event else None,
        "subject": message.subject,
        "stream_seq": message.sequence,
        "payload": message.payload,
        "attempts": attempts,
        "error": error,
    }
    await connection.execute(insert(dead_letter), row)


async def forget(connection: AsyncConnection, consumer: str, days: int) -> bool:
    """Forget some events that were applied more than `days` ago; return whether there may be more.

    `days` is longer than the stream keeps events, or a replay would be applied again.
    """
    result = await connection.execute(_FORGET, {"consumer": consumer, "days": days, "limit": _ROWS_FORGOTTEN_AT_ONCE})
    return result.rowcount == _ROWS_FORGOTTEN_AT_ONCE
