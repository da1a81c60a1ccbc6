"""`chassis.events.ledger` on the database in memory; `test_models.py` holds the two to the same answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import inf
from uuid import UUID

from chassis.events.ledger import RESTORING, Backlog, Due, Parked
from tests.faults.simulation.database import Database, Row, Transaction


async def lead(connection: Transaction) -> bool:
    await connection.step()
    return connection.try_lock("relay")


async def number(connection: Transaction, limit: int, *, ahead: int = 1) -> bool:
    await connection.step()
    database = connection.database
    numbered = {id_ for batch in database.numbering.values() for id_ in batch}
    fresh = [row for row in database.rows.values() if row.position is None and row.id not in numbered]
    fresh = fresh if len(database.numbering) < ahead else []
    rows = sorted(fresh, key=lambda row: row.id)[:limit]
    await connection.step()  # between what a statement sees and what it writes, another may come if nothing locks
    turns: Counter[UUID] = Counter()
    taking: list[tuple[int, int, Row]] = []
    for row in rows:
        turns[row.aggregate_id] += 1
        taking.append((turns[row.aggregate_id], row.id, row))
    batch = {}
    for _, _, row in sorted(taking, key=lambda item: item[:2]):
        place = {}
        for tenant in (row.tenant, ""):
            place[tenant] = database.feed.get(tenant, 0) + 1
            connection.put(database.feed, tenant, place[tenant])
        batch[row.id] = (place[""], place[row.tenant])
    if batch:
        connection.put(database.numbering, next(iter(batch.values()))[0], batch)
    return bool(database.numbering)


async def take_numbered(connection: Transaction) -> list[Due]:
    await connection.step()
    database = connection.database
    waiting = {
        row.aggregate_id for row in database.rows.values() if row.published_at is None and row.position is not None
    }
    due = [
        _due(database.rows[id_], *numbers)
        for id_, numbers in _first(database).items()
        if database.rows[id_].position is None and database.rows[id_].aggregate_id not in waiting
    ]
    return sorted(due, key=lambda row: row.position)


def _first(database: Database) -> dict[int, tuple[int, int]]:
    return database.numbering[min(database.numbering)] if database.numbering else {}


async def take_waiting(connection: Transaction, limit: int) -> list[Due]:
    await connection.step()
    database = connection.database
    waiting = [row for row in database.rows.values() if row.published_at is None and row.position is not None]
    held = {row.aggregate_id for row in waiting if (row.held_until or 0) > database.now()}
    due = [_due(row, row.position or 0, row.feed_sequence or 0) for row in waiting if row.aggregate_id not in held]
    return sorted(due, key=lambda row: row.position)[:limit]


def _due(row: Row, position: int, feed_sequence: int) -> Due:
    known = {name: getattr(row, name) for name in Due._fields}
    return Due(**known | {"position": position, "feed_sequence": feed_sequence})


async def mark(connection: Transaction, stored: Sequence[tuple[Due, int]]) -> None:
    if not stored:
        return
    await connection.step()
    for due, sequence in stored:
        connection.set(
            connection.database.rows[due.id],
            position=due.position,
            feed_sequence=due.feed_sequence,
            published_at=connection.database.now(),
            stream_seq=sequence,
            held_until=None,
            last_error=None,
        )


async def settle(connection: Transaction) -> None:
    await connection.step()
    database = connection.database
    first = _first(database)
    for id_, (position, feed_sequence) in first.items():
        row = database.rows[id_]
        if row.position is None:
            connection.set(row, position=position, feed_sequence=feed_sequence)
    connection.set(database, numbering={key: batch for key, batch in database.numbering.items() if batch is not first})


async def hold(connection: Transaction, id_: int, error: str, *, pause: float, most: int) -> None:
    await connection.step()
    row = connection.database.rows[id_]
    until = inf if row.attempts + 1 >= most else connection.database.now() + pause
    connection.set(row, attempts=row.attempts + 1, last_error=error, held_until=until)


async def parked(connection: Transaction) -> Sequence[Parked]:
    await connection.step()
    rows = [row for row in connection.database.rows.values() if row.published_at is None and row.held_until == inf]
    rows.sort(key=lambda row: row.position or 0)
    return [Parked(*(getattr(row, name) for name in Parked._fields)) for row in rows]


async def release(connection: Transaction, aggregate_id: UUID) -> bool:
    await connection.step()
    rows = [
        row
        for row in connection.database.rows.values()
        if row.aggregate_id == aggregate_id and row.published_at is None and row.held_until is not None
    ]
    for row in rows:
        connection.set(row, held_until=None, attempts=0)
    return bool(rows)


async def restored(connection: Transaction, stream: str, limit: int) -> int | None:
    await connection.step()
    database = connection.database
    known, after = database.positions.get("relay", (stream, 0))
    if known == stream:
        connection.put(database.positions, "relay", (stream, 0))
        return None
    under_way = f"{RESTORING}{stream}"
    after = after if known == under_way else 0
    published = [row for row in database.rows.values() if row.published_at is not None and row.id > after]
    reached = after
    for row in sorted(published, key=lambda row: row.id)[:limit]:
        connection.set(row, published_at=None, stream_seq=None)
        reached = row.id
    connection.put(database.positions, "relay", (stream, 0) if reached == after else (under_way, reached))
    return None if reached == after else reached


async def published_into(connection: Transaction) -> str | None:
    await connection.step()
    return connection.database.positions.get("relay", (None, 0))[0]


async def reopen(connection: Transaction, lost: Mapping[int, int]) -> int:
    await connection.step()
    rows = [connection.database.rows.get(id_) for id_ in lost]
    found = [row for row in rows if row and row.published_at is not None and row.stream_seq == lost[row.id]]
    for row in found:
        connection.set(row, published_at=None, stream_seq=None)
    return len(found)


async def is_drained(connection: Transaction) -> bool:
    await connection.step()
    unpublished = [row for row in connection.database.rows.values() if row.published_at is None]
    waiting = {row.aggregate_id for row in unpublished if row.held_until == inf}
    return all(row.aggregate_id in waiting for row in unpublished)


async def backlog(connection: Transaction) -> Backlog:
    await connection.step()
    unpublished = [row for row in connection.database.rows.values() if row.published_at is None]
    oldest = min((row.created_at for row in unpublished), default=connection.database.now())
    return Backlog(
        len(unpublished), connection.database.now() - oldest, sum(row.held_until == inf for row in unpublished)
    )
