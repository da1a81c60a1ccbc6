"""The relay's statements on the outbox: number, take, mark, settle, hold, release, expire.

All but `parked`, `release` and `backlog` run under the relay's lock, which ends with its transaction: a relay that was
thought dead cannot mark anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

RESTORING = "restoring "
_RELAY = "relay"
"""Under this name the relay keeps, beside the consumers' positions, which stream the published rows are in."""

_LOCK = text("SELECT pg_try_advisory_xact_lock(7240125)")

# Numbers follow the order of the rows that are visible; of one aggregate that is the order of its versions. A row that
# commits late gets a later number, never one that was passed over: nothing is lost and nothing is renumbered.
# Within a batch come the first events of all aggregates, then their second ones: published in this order, few events
# have to wait for the one before them. An import writes all events of a thing after one another.
# They are noted in one row for the whole batch and written to the rows together with what became of them: a wide row
# with seven indexes is then changed once and not twice, which is what a relay's speed depends on most.
_NUMBER = text("""
WITH fresh AS (
    SELECT id, tenant,
        row_number() OVER (PARTITION BY tenant ORDER BY turn, id) AS nth,
        row_number() OVER (ORDER BY turn, id) AS of_all
    FROM (
        SELECT id, tenant, row_number() OVER (PARTITION BY aggregate_id ORDER BY id) AS turn
        FROM (
            SELECT id, tenant, aggregate_id FROM outbox
            WHERE position IS NULL AND (SELECT count(*) FROM numbering) < :ahead
                AND id NOT IN (SELECT unnest(rows) FROM numbering)
            ORDER BY id LIMIT :limit
        ) AS unnumbered
    ) AS taking_turns
), counted AS (
    SELECT tenant, count(*) AS rows FROM fresh GROUP BY tenant
    UNION ALL
    SELECT '', count(*) FROM fresh HAVING count(*) > 0
), advanced AS (
    INSERT INTO feed (tenant, last_sequence) SELECT tenant, rows FROM counted ORDER BY tenant
    ON CONFLICT (tenant) DO UPDATE SET last_sequence = feed.last_sequence + excluded.last_sequence
    RETURNING tenant, last_sequence
), base AS (
    SELECT tenant, advanced.last_sequence - counted.rows AS before FROM advanced JOIN counted USING (tenant)
), noted AS (
    INSERT INTO numbering (first_position, rows, feed_sequences)
    SELECT everyone.before + 1, array_agg(fresh.id ORDER BY of_all), array_agg(own.before + nth ORDER BY of_all)
    FROM fresh JOIN base AS own USING (tenant), base AS everyone
    WHERE everyone.tenant = '' GROUP BY everyone.before
    RETURNING first_position
)
SELECT EXISTS (SELECT FROM numbering) OR EXISTS (SELECT FROM noted)
""")

_FIRST = "(SELECT * FROM numbering ORDER BY first_position LIMIT 1)"

_TAKE_NUMBERED = text(f"""
SELECT due.id, event_id, aggregate_id, aggregate_version, type, subject, payload,
    first_position + place - 1 AS position, given.feed_sequence, attempts
FROM {_FIRST} AS batch, unnest(rows, feed_sequences) WITH ORDINALITY AS given(id, feed_sequence, place)
JOIN outbox AS due ON due.id = given.id
WHERE due.position IS NULL AND NOT EXISTS (
    SELECT FROM outbox AS earlier
    WHERE earlier.aggregate_id = due.aggregate_id AND earlier.published_at IS NULL AND earlier.position IS NOT NULL
)
ORDER BY place
""")  # noqa: S608 (constants)

_TAKE_WAITING = text("""
SELECT id, event_id, aggregate_id, aggregate_version, type, subject, payload, position, feed_sequence, attempts
FROM outbox AS due
WHERE published_at IS NULL AND position IS NOT NULL AND NOT EXISTS (
    SELECT FROM outbox AS held
    WHERE held.aggregate_id = due.aggregate_id AND held.published_at IS NULL AND held.position IS NOT NULL
        AND held.held_until > now()
)
ORDER BY position LIMIT :limit
""")

_MARK = text("""
UPDATE outbox SET position = done.position, feed_sequence = done.feed_sequence, stream_seq = done.stream_seq,
    published_at = clock_timestamp(), held_until = NULL, last_error = NULL
FROM unnest(
    CAST(:ids AS bigint[]), CAST(:positions AS bigint[]), CAST(:feed_sequences AS bigint[]), CAST(:stream AS bigint[])
) AS done(id, position, feed_sequence, stream_seq)
WHERE outbox.id = done.id
""")

_SETTLE = text("""
WITH done AS (
    DELETE FROM numbering WHERE first_position = (SELECT min(first_position) FROM numbering)
    RETURNING first_position, rows, feed_sequences
)
UPDATE outbox SET position = given.position, feed_sequence = given.feed_sequence
FROM (
    SELECT given.id, first_position + place - 1 AS position, given.feed_sequence
    FROM done, unnest(rows, feed_sequences) WITH ORDINALITY AS given(id, feed_sequence, place)
) AS given
WHERE outbox.id = given.id AND outbox.position IS NULL
""")

_HOLD = text("""
UPDATE outbox SET attempts = attempts + 1, last_error = :error,
    held_until = CASE WHEN attempts + 1 >= :most THEN 'infinity' ELSE now() + make_interval(secs => :pause) END
WHERE id = :id
""")

_PARKED = text("""
SELECT aggregate_id, entity, event_id, type, attempts, last_error, created_at
FROM outbox WHERE published_at IS NULL AND position IS NOT NULL AND held_until = 'infinity' ORDER BY position
""")

_RELEASE = text("""
UPDATE outbox SET held_until = NULL, attempts = 0
WHERE aggregate_id = :aggregate_id AND published_at IS NULL AND position IS NOT NULL AND held_until IS NOT NULL
""")

_EXPIRE = text("""
DELETE FROM outbox WHERE id IN (
    SELECT id FROM outbox WHERE published_at < now() - make_interval(days => :days) ORDER BY published_at LIMIT :limit
)
""")

_STREAM = text("SELECT stream_created, stream_seq FROM consumer_position WHERE consumer = :name")
_NOTE_STREAM = text("""
INSERT INTO consumer_position (consumer, stream_created, stream_seq) VALUES (:name, :stream, :reached)
ON CONFLICT (consumer) DO UPDATE
    SET stream_created = excluded.stream_created, stream_seq = excluded.stream_seq, moved_at = now()
""")
_REOPEN_SOME = text("""
WITH reopened AS (
    UPDATE outbox SET published_at = NULL, stream_seq = NULL WHERE id IN (
        SELECT id FROM outbox WHERE published_at IS NOT NULL AND id > :after ORDER BY id LIMIT :limit
    ) RETURNING id
) SELECT coalesce(max(id), :after) FROM reopened
""")
_REOPEN = text("""
UPDATE outbox SET published_at = NULL, stream_seq = NULL
FROM unnest(CAST(:ids AS bigint[]), CAST(:sequences AS bigint[])) AS lost(id, stream_seq)
WHERE outbox.id = lost.id AND outbox.stream_seq = lost.stream_seq AND published_at IS NOT NULL
""")

# Rows without a number and rows that have one and wait are in an index each.
_UNPUBLISHED = """(
    SELECT aggregate_id, created_at, NULL AS held_until FROM outbox WHERE position IS NULL
    UNION ALL
    SELECT aggregate_id, created_at, held_until FROM outbox WHERE published_at IS NULL AND position IS NOT NULL
) AS unpublished"""

_BACKLOG = text(f"""
SELECT count(*) AS waiting, coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0) AS oldest_seconds,
    count(*) FILTER (WHERE held_until = 'infinity') AS parked
FROM {_UNPUBLISHED}
""")  # noqa: S608

_DRAINED = text(f"""
SELECT NOT EXISTS (
    SELECT FROM {_UNPUBLISHED} WHERE NOT EXISTS (
        SELECT FROM outbox AS held
        WHERE held.aggregate_id = unpublished.aggregate_id AND held.published_at IS NULL
            AND held.position IS NOT NULL AND held.held_until = 'infinity'
    )
)
""")  # noqa: S608


class Due(NamedTuple):
    """An event to be published."""

    id: int
    event_id: UUID
    aggregate_id: UUID
    aggregate_version: int
    type: str
    subject: str
    payload: bytes
    position: int
    feed_sequence: int
    attempts: int


class Backlog(NamedTuple):
    """What is not published yet: rows, age of the oldest in seconds, and how many aggregates are parked."""

    waiting: int
    oldest_seconds: float
    parked: int


class Parked(NamedTuple):
    """An aggregate whose events wait because the broker refused one of them."""

    aggregate_id: UUID
    entity: str
    event_id: UUID
    type: str
    attempts: int
    last_error: str
    created_at: object


async def lead(connection: AsyncConnection) -> bool:
    """Become the one relay of this database until the transaction ends; return whether that is so."""
    return bool((await connection.execute(_LOCK)).scalar())


async def number(connection: AsyncConnection, limit: int, *, ahead: int = 1) -> bool:
    """Make a batch of up to `limit` new rows, unless `ahead` wait for `settle`; return whether any waits for that now.

    It has their places in the order of publishing and in their feeds. What is numbered is published only after a
    commit, so that whoever goes on after a crash publishes it under the same numbers.
    """
    return bool((await connection.execute(_NUMBER, {"limit": limit, "ahead": ahead})).scalar())


async def take_numbered(connection: AsyncConnection) -> list[Due]:
    """Return the rows of the first batch, without those behind an unpublished one of their aggregate."""
    return [Due(*row) for row in await connection.execute(_TAKE_NUMBERED)]


async def take_waiting(connection: AsyncConnection, limit: int) -> list[Due]:
    """Return rows that were settled without being published, without those of aggregates that are held."""
    return [Due(*row) for row in await connection.execute(_TAKE_WAITING, {"limit": limit})]


async def mark(connection: AsyncConnection, stored: Sequence[tuple[Due, int]]) -> None:
    """Note that rows are in the stream under these sequences, and what numbers they have."""
    if stored:
        parameters = {
            "ids": [row.id for row, _ in stored],
            "positions": [row.position for row, _ in stored],
            "feed_sequences": [row.feed_sequence for row, _ in stored],
            "stream": [sequence for _, sequence in stored],
        }
        await connection.execute(_MARK, parameters)


async def settle(connection: AsyncConnection) -> None:
    """End the first batch: write the numbers of what was not marked to the rows, which wait from now on."""
    await connection.execute(_SETTLE)


async def hold(connection: AsyncConnection, id_: int, error: str, *, pause: float, most: int) -> None:
    """Let an aggregate wait for `pause` seconds, or until it is released when this was its `most`th attempt."""
    await connection.execute(_HOLD, {"id": id_, "error": error, "pause": pause, "most": most})


async def parked(connection: AsyncConnection) -> Sequence[Parked]:
    """Return the aggregates that wait for a person."""
    return [Parked(*row) for row in await connection.execute(_PARKED)]


async def release(connection: AsyncConnection, aggregate_id: UUID) -> bool:
    """Let the relay try an aggregate again; return whether it was held."""
    return (await connection.execute(_RELEASE, {"aggregate_id": aggregate_id})).rowcount > 0


async def expire(connection: AsyncConnection, days: int, limit: int) -> int:
    """Delete up to `limit` rows that were published more than `days` ago; return how many."""
    return (await connection.execute(_EXPIRE, {"days": days, "limit": limit})).rowcount


async def restored(connection: AsyncConnection, stream: str, limit: int) -> int | None:
    """Let up to `limit` rows that were published into another stream be published into this one; None when all are.

    `stream` is the identity of the stream that is there now. How far this has come is kept, so that nothing new is
    published before what is older, whoever goes on with it.
    """
    row = (await connection.execute(_STREAM, {"name": _RELAY})).one_or_none()
    if row is None or row.stream_created == stream:
        if row is None:
            await connection.execute(_NOTE_STREAM, {"name": _RELAY, "stream": stream, "reached": 0})
        return None
    under_way = f"{RESTORING}{stream}"
    after = row.stream_seq if row.stream_created == under_way else 0
    reached = int((await connection.execute(_REOPEN_SOME, {"after": after, "limit": limit})).scalar_one())
    now = {"stream": stream, "reached": 0} if reached == after else {"stream": under_way, "reached": reached}
    await connection.execute(_NOTE_STREAM, {"name": _RELAY} | now)
    return None if reached == after else reached


async def published_into(connection: AsyncConnection) -> str | None:
    """Return the identity of the stream that published rows are in; it begins with RESTORING while they return."""
    row = (await connection.execute(_STREAM, {"name": _RELAY})).one_or_none()
    return row.stream_created if row else None


async def reopen(connection: AsyncConnection, lost: Mapping[int, int]) -> int:
    """Let rows be published again whose messages are not at the stream sequences noted; return how many.

    `lost` has the sequences by row id. A row that was published again meanwhile is left alone.
    """
    result = await connection.execute(_REOPEN, {"ids": list(lost), "sequences": list(lost.values())})
    return result.rowcount


async def is_drained(connection: AsyncConnection) -> bool:
    """Tell whether everything is published but what is parked, with what waits behind it."""
    return bool((await connection.execute(_DRAINED)).scalar())


async def backlog(connection: AsyncConnection) -> Backlog:
    """Return what is not published yet."""
    row = (await connection.execute(_BACKLOG)).one()
    return Backlog(row.waiting, float(row.oldest_seconds), row.parked)
