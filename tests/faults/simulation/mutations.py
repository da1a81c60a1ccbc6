"""Faults put into the code on purpose: each must be found by the checker within some seeds, or the checker is blind.

A mutation replaces a piece of the real code, or of the tables' behaviour that it relies on, while a seed runs.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any
from unittest.mock import patch

from nats.errors import Error as NatsError
from nats.js.errors import APIError

from chassis.events import batches, lanes, publishing
from chassis.events.bus import BusAwayError
from chassis.events.consumer import Consumer
from chassis.events.envelope import Envelope, headers_of, with_feed_sequence
from chassis.events.ledger import Due
from chassis.events.relay import Relay, Round
from tests.faults.simulation import inbox, ledger
from tests.faults.simulation.database import Engine, Transaction

Mutation = Callable[[], contextlib.AbstractContextManager[Any]]


def mark_before_acknowledgement() -> Any:
    """Take an event for stored when it is sent."""
    send = lanes.Lanes.send

    async def careless(self: Any, row: Due) -> None:
        await send(self, row)
        self._outcome.stored[row.id] = 0

    return patch.object(lanes.Lanes, "send", careless)


def mark_after_trouble() -> Any:
    """Take everything of a batch for stored, whatever the outcome says."""
    publish = publishing.publish

    async def careless(connection: Any, stream: str, rows: Sequence[Due], *others: Any) -> lanes.Outcome:
        outcome = await publish(connection, stream, rows, *others)
        outcome.stored = {row.id: outcome.stored.get(row.id, 0) for row in rows if row.id not in outcome.refused}
        return outcome

    return patch.object(publishing, "publish", careless)


def no_lanes() -> Any:
    """Send an aggregate's events without waiting for the one before."""

    async def send(self: Any, row: Due) -> None:
        payload = with_feed_sequence(row.payload, row.feed_sequence)
        headers = headers_of(row.event_id, row.type, row.aggregate_version)
        try:
            future = await self._connection.publish(row.subject, payload, stream=self._stream, headers=headers)
        except (NatsError, BusAwayError, OSError) as error:
            raise lanes.Trouble(str(error)) from error
        self._unsettled[row.id] = (row, future)

    return patch.object(lanes.Lanes, "send", send)


def batches_do_not_wait() -> Any:
    """Commit a batch before it is known what became of the one before."""

    async def publish(self: Any, rows: Sequence[Due], least: int, settled: Any) -> None:
        under_way: list[Any] = []
        for start in range(0, len(rows), batches.MOST):
            await self._commit(await self._stage(rows[start : start + batches.MOST], least))
            if self._committed is not None:
                under_way.append(self._committed)
        for self._committed in under_way:
            await self._settle()
            settled(self._outcome.stored)

    return patch.object(batches.Batches, "publish", publish)


def a_refused_batch_is_stored() -> Any:
    """Take a refused batch for one that the stream has already."""

    async def settle(self: Any) -> None:
        if self._committed is None:
            return
        rows, future = self._committed
        with contextlib.suppress(APIError):
            await asyncio.shield(future)
        self._outcome.stored.update((row.id, 0) for row in rows)
        self._committed = None

    return patch.object(batches.Batches, "_settle", settle)


@contextlib.contextmanager
def no_hold() -> Iterator[None]:
    """Let later events of an aggregate pass one that is held."""

    async def passing(connection: Transaction) -> list[Due]:
        waiting = [row for row in connection.database.rows.values() if row.position is not None]
        before = {row.id: row.published_at for row in waiting}
        for row in waiting:
            row.published_at = row.published_at or 1.0
        try:
            return await take(connection)
        finally:
            for row in waiting:
                row.published_at = before[row.id]

    take = ledger.take_numbered
    with patch.object(ledger, "take_numbered", passing):
        yield


def no_lock() -> Any:
    """Let every relay lead."""

    async def everybody(connection: Transaction) -> bool:
        await connection.step()
        return True

    return patch.object(ledger, "lead", everybody)


def numbers_with_marks() -> Any:
    """Give numbers in the transaction of the marks, so that a crash after publishing gives others."""

    async def at_once(self: Relay, connection: Any) -> Round:
        async with self._engine.begin() as database:
            if not await ledger.lead(database):  # type: ignore[arg-type]
                return Round.FOLLOWING
            rows = await ledger.take_waiting(database, self._batch)  # type: ignore[arg-type]
            if not rows:
                await ledger.number(database, self._batch)  # type: ignore[arg-type]
                rows = await ledger.take_numbered(database)  # type: ignore[arg-type]
            outcome = await self._publish(database, connection, rows)
            await ledger.settle(database)  # type: ignore[arg-type]
        if not rows:
            return Round.DONE
        self._report(outcome)
        return Round.MORE

    return patch.object(Relay, "publish_round", at_once)


def cursor_instead_of_marks() -> Any:
    """Pass over rows whose id is below one that was numbered already: they committed late."""
    number = ledger.number

    async def by_cursor(connection: Transaction, limit: int, *, ahead: int = 1) -> bool:
        rows = connection.database.rows.values()
        highest = max((row.id for row in rows if row.position is not None), default=0)
        for row in rows:
            if row.position is None and row.id < highest:
                row.position, row.published_at, row.feed_sequence = -1, 0.0, None
        return await number(connection, limit, ahead=ahead)

    return patch.object(ledger, "number", by_cursor)


def outbox_outside_the_transaction() -> Any:
    """Write the event whether or not the change is committed."""

    def at_once(self: Transaction, values: dict[str, Any]) -> None:
        insert(self, values)
        row = self._inserted.pop()
        self.database.rows[row.id] = row

    insert = Transaction.insert
    return patch.object(Transaction, "insert", at_once)


def event_before_the_lock() -> Any:
    """Count the aggregate's version up without holding its row."""

    async def free(self: Transaction, key: object) -> None:
        if not (isinstance(key, tuple) and key[0] == "note"):
            await lock(self, key)

    lock = Transaction.lock
    return patch.object(Transaction, "lock", free)


def no_inbox() -> Any:
    """Apply whatever is delivered."""

    async def everything(connection: Transaction, _consumer: str, events: Sequence[Envelope]) -> list[Envelope]:
        await connection.step()
        return list(events)

    return patch.object(inbox, "unseen", everything)


def no_version_check() -> Any:
    """Apply older versions after newer ones."""

    async def everything(connection: Transaction, _consumer: str, events: Sequence[Envelope]) -> list[Envelope]:
        await connection.step()
        return list(events)

    return patch.object(inbox, "newest", everything)


@contextlib.contextmanager
def no_inbox_and_no_version_check() -> Iterator[None]:
    """Rely on the position alone."""
    with no_inbox(), no_version_check():
        yield


@contextlib.contextmanager
def position_before_effects() -> Iterator[None]:
    """Move the position in a transaction of its own, before the effects."""
    together, lock = Consumer._apply_together, inbox.lock_position
    moved: ContextVar[bool] = ContextVar("moved", default=False)

    async def first(self: Any, stream_created: str, reads: Any, last: int) -> None:
        async with Engine(self._engine.database).begin() as transaction:
            place = await lock(transaction, self.durable, stream_created)
            await inbox.move_position(transaction, self.durable, max(place, last))
        token = moved.set(True)
        try:
            await together(self, stream_created, reads, last)
        finally:
            moved.reset(token)

    async def at_the_beginning(connection: Transaction, consumer: str, stream_created: str) -> int:
        if not moved.get():
            return await lock(connection, consumer, stream_created)
        await connection.step()
        return 0

    with patch.object(Consumer, "_apply_together", first), patch.object(inbox, "lock_position", at_the_beginning):
        yield


def effects_outside_the_transaction() -> Any:
    """Keep effects whose transaction was rolled back."""

    def for_ever(self: Transaction, collection: Any, item: Any) -> None:
        if collection is self.database.effects:
            collection.append(item)
        else:
            add(self, collection, item)

    add = Transaction.add
    return patch.object(Transaction, "add", for_ever)


def position_of_another_stream() -> Any:
    """Go on at the old position in a stream that was replaced."""

    async def as_before(connection: Transaction, consumer: str, stream_created: str) -> int:
        await connection.lock(("position", consumer))
        _, sequence = connection.database.positions.get(consumer, (stream_created, 0))
        connection.put(connection.database.positions, consumer, (stream_created, sequence))
        return sequence

    return patch.object(inbox, "start_position", as_before)


def poison_is_passed_over() -> Any:
    """Forget an event that cannot be applied, without a dead letter."""

    async def nothing(*_: Any) -> None:
        return

    return patch.object(inbox, "set_aside", nothing)


def batch_position_without_the_rest() -> Any:
    """Apply only half of a large batch and move to its end."""
    together = Consumer._apply_together

    async def half(self: Any, stream_created: str, reads: Any, last: int) -> None:
        await together(self, stream_created, reads[: max(1, len(reads) // 2)] if len(reads) > 3 else reads, last)

    return patch.object(Consumer, "_apply_together", half)


def new_stream_goes_unseen() -> Any:
    """Go on as before when another stream has taken the place of the one that events were published into."""

    async def nothing(connection: Transaction, _stream: str, _limit: int) -> None:
        await connection.step()

    return patch.object(ledger, "restored", nothing)


@contextlib.contextmanager
def restoring_is_forgotten_half_way() -> Iterator[None]:
    """Take some of the old stream's events for all of them."""
    restored = ledger.restored

    async def some(connection: Transaction, stream: str, limit: int) -> None:
        await restored(connection, stream, min(limit, 2))
        connection.put(connection.database.positions, "relay", (stream, 0))

    with patch.object(ledger, "restored", some):
        yield


MUTATIONS: dict[str, Mutation] = {
    mutation.__name__: mutation
    for mutation in (
        mark_before_acknowledgement,
        mark_after_trouble,
        no_lanes,
        batches_do_not_wait,
        a_refused_batch_is_stored,
        no_hold,
        no_lock,
        numbers_with_marks,
        cursor_instead_of_marks,
        outbox_outside_the_transaction,
        event_before_the_lock,
        no_inbox,
        no_version_check,
        no_inbox_and_no_version_check,
        position_before_effects,
        effects_outside_the_transaction,
        position_of_another_stream,
        poison_is_passed_over,
        batch_position_without_the_rest,
        new_stream_goes_unseen,
        restoring_is_forgotten_half_way,
    )
}
"""By name."""
