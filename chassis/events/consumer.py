"""The consumer: applies other services' events to this service's database, each once and in the stream's order.

A batch is read from the stream, applied in one transaction together with the position reached, and only then the next
one is read. Several instances may run: they take turns on the position's row, and what another has applied is skipped.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog
from prometheus_client import Counter, Gauge
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.database import EVERYWHERE, scope_literal
from chassis.events import inbox
from chassis.events.bus import BusAwayError
from chassis.events.envelope import Envelope, UndecodableError, decode
from chassis.events.faults import no_fault
from chassis.events.outage import is_outage
from chassis.events.stream import Message, StreamReader, identity_of
from chassis.events.subject import common_filter, covers
from chassis.events.tasks import end_if_cancelled

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from chassis.events.bus import Bus, Connection
    from chassis.events.faults import Fault

_log = structlog.get_logger(__name__)

APPLIED = Counter("linli_consumer_applied_total", "Events applied", ["consumer"])
SKIPPED = Counter("linli_consumer_skipped_total", "Events seen before, or older than what was applied", ["consumer"])
TROUBLE = Counter("linli_consumer_transient_total", "Times that a handler met something away and waits", ["consumer"])
SET_ASIDE = Counter("linli_consumer_dead_letters_total", "Events set aside as dead letters", ["consumer"])
PENDING = Gauge("linli_consumer_pending", "Events in the stream that are not read yet", ["consumer"])
READ_EVERYTHING = Counter("linli_consumer_read_everything_total", "Reads that found nothing more", ["consumer"])

Handler = Callable[[AsyncConnection, Sequence[Envelope]], Awaitable[None]]
"""Applies events of its types, in their order, in the transaction of the connection; never commits."""

_SET_SCOPE = text("SELECT set_config('linli.scope', :scope, true)")
_ASK = text("SELECT 1")
_BATCH = 500
_SHORTEST_IDLE = 0.02
_LONGEST_IDLE = 1.0
_SHORTEST_PAUSE = 0.25
_LONGEST_PAUSE = 5.0
_TRANSIENT_SECONDS = 600.0
_HOUR = 3600.0
_IDENTITY_SECONDS = 30.0


@dataclass(frozen=True)
class AnyOrder:
    """Marks a handler whose effects do not depend on order: it also gets events older than what was applied.

    Without the mark an event that comes after a newer one of its aggregate has no effect. That happens only when the
    stream had lost it and it was put back.
    """

    handler: Handler

    async def __call__(self, connection: AsyncConnection, events: Sequence[Envelope]) -> None:
        """Apply the events."""
        await self.handler(connection, events)


class _TransientError(Exception):
    """A handler met something that is away for now, such as a service it calls: the cause."""


class _Read(NamedTuple):
    """A message with what it decodes to, or with why it does not."""

    message: Message
    event: Envelope | None
    error: str | None
    attempts: int = 1
    """How often it was tried when it is set aside."""


class Consumer:
    """A named reader of a stream; its position and its inbox are kept under `durable`."""

    def __init__(  # noqa: PLR0913 (all by name)
        self,
        engine: AsyncEngine,
        bus: Bus,
        *,
        stream: str,
        durable: str,
        subjects: tuple[str, ...],
        handlers: Mapping[str, Handler],
        attempts: int = 5,
        pause_seconds: float = _SHORTEST_PAUSE,
        transient_seconds: float = _TRANSIENT_SECONDS,
        inbox_days: int = 90,
        fault: Fault = no_fault,
    ) -> None:
        """`handlers` by CloudEvents type; events of other types are passed over.

        An event that fails `attempts` times, with pauses that double from `pause_seconds`, becomes a dead letter. One
        whose handler raises OSError or TimeoutError though the database answers is tried for `transient_seconds`.
        `inbox_days` is longer than the stream keeps events.
        """
        self.durable = durable
        self._engine = engine
        self._bus = bus
        self._stream = stream
        self._subjects = subjects
        self._handlers = handlers
        self._attempts = attempts
        self._pause = pause_seconds
        self._transient_seconds = transient_seconds
        self._inbox_days = inbox_days
        self._fault = fault
        self._wake = asyncio.Event()
        self._progress = asyncio.Condition()
        self._reads = 0
        self._read_everything = 0
        self._forgot_at = time.monotonic()
        READ_EVERYTHING.labels(durable)

    async def run(self) -> None:
        """Consume until cancelled; whatever goes wrong is logged and tried again."""
        pause = _SHORTEST_PAUSE
        while True:
            end_if_cancelled()
            connection = await self._bus.connection()
            started = time.monotonic()
            try:
                await self._consume(connection)
            except inbox.StreamReplacedError:
                continue
            except BusAwayError as error:
                _log.warning("consumer waits for the stream", consumer=self.durable, error=str(error))
            except Exception as error:  # noqa: BLE001 (it must not end while the service runs)
                if not is_outage(error):
                    _log.exception("consumer failed and starts again", consumer=self.durable)
                else:
                    _log.warning("consumer waits for the database", consumer=self.durable, error=str(error))
            if time.monotonic() - started > _LONGEST_PAUSE:
                pause = _SHORTEST_PAUSE
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def wake(self) -> None:
        """Look for new events now."""
        self._wake.set()

    async def caught_up(self, seconds: float = 30.0) -> None:
        """Wait until everything that is in the stream now is applied. Raises TimeoutError after `seconds`."""
        async with asyncio.timeout(seconds), self._progress:
            asked = self._reads
            self._wake.set()
            await self._progress.wait_for(lambda: self._read_everything > asked)

    async def _consume(self, connection: Connection) -> None:
        """Read and apply until the connection is lost."""
        stream_created = await identity_of(connection, self._stream)
        async with self._engine.begin() as database:
            position = await inbox.start_position(database, self.durable, stream_created)
        looked_at = time.monotonic()
        reader = StreamReader(connection, self._stream, common_filter(self._subjects))
        hints = [await connection.client.subscribe(subject, cb=self._hint) for subject in self._subjects]
        idle = _SHORTEST_IDLE
        try:
            while not connection.lost.is_set():
                end_if_cancelled()
                self._reads += 1
                number = self._reads
                batch = await reader.read(position, _BATCH)
                PENDING.labels(self.durable).set(batch.pending)
                if batch.messages:
                    position = await self._apply(stream_created, batch.messages)
                    idle = _SHORTEST_IDLE
                    continue
                await self._note_read_everything(number)
                idle = await self._rest(idle)
                if time.monotonic() - looked_at > _IDENTITY_SECONDS:
                    looked_at = time.monotonic()
                    if await identity_of(connection, self._stream) != stream_created:
                        raise inbox.StreamReplacedError(self.durable)
        finally:
            if not connection.lost.is_set():
                for hint in hints:
                    await hint.unsubscribe()
                await reader.close()

    async def _hint(self, _message: Any) -> None:
        """Hear that something was published; it is read from the stream, not from here."""
        self._wake.set()

    async def _note_read_everything(self, number: int) -> None:
        async with self._progress:
            self._read_everything = number
            READ_EVERYTHING.labels(self.durable).inc()
            self._progress.notify_all()

    async def _rest(self, idle: float) -> float:
        """Wait for a hint, or for `idle` seconds; return how long to wait next.

        A hint may come a moment before the stream has stored the message, so waits are short after one.
        """
        if time.monotonic() - self._forgot_at > _HOUR:
            await self._forget()
        try:
            async with asyncio.timeout(idle):
                await self._wake.wait()
        except TimeoutError:
            return min(idle * 2, _LONGEST_IDLE)
        self._wake.clear()
        return _SHORTEST_IDLE

    async def _forget(self) -> None:
        self._forgot_at = time.monotonic()
        more = True
        while more:
            async with self._engine.begin() as database:
                more = await inbox.forget(database, self.durable, self._inbox_days)

    async def _apply(self, stream_created: str, messages: Sequence[Message]) -> int:
        """Apply messages in one transaction, or one by one when that fails; return the position reached."""
        reads = [_read(message) for message in messages if any(covers(s, message.subject) for s in self._subjects)]
        last = messages[-1].sequence
        try:
            await self._apply_together(stream_created, reads, last)
        except inbox.StreamReplacedError:
            raise
        except Exception as error:  # noqa: BLE001 (whatever the handlers raise)
            await self._raise_if_away(error)
            _log.warning("a batch failed, its events are applied one by one", consumer=self.durable, error=str(error))
            for read in reads:
                await self._apply_alone(stream_created, read)
        return last

    async def _apply_alone(self, stream_created: str, read: _Read) -> None:
        pause, attempt, started = self._pause, 0, time.monotonic()
        while True:
            try:
                await self._apply_together(stream_created, [read], read.message.sequence)
            except inbox.StreamReplacedError:
                raise
            except Exception as error:  # noqa: BLE001
                await self._raise_if_away(error)
                cause = error.__cause__ if isinstance(error, _TransientError) else error
                failure = f"{type(cause).__name__}: {cause}"
                attempt += 1
                known = {"consumer": self.durable, "event_id": _id(read), "attempt": attempt}
                if isinstance(error, _TransientError):
                    TROUBLE.labels(self.durable).inc()
                    _log.warning("an event waits for what its handler calls", error=failure, **known)
                    is_last = time.monotonic() - started > self._transient_seconds
                else:
                    _log.exception("an event could not be applied", **known)
                    is_last = attempt >= self._attempts
            else:
                return
            if is_last:
                break
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        failed = read._replace(error=failure, attempts=attempt)
        await self._apply_together(stream_created, [failed], read.message.sequence)

    async def _raise_if_away(self, error: Exception) -> None:
        """Raise what says that the database is away, which is waited for as long as it takes and counts as no attempt.

        OSError and TimeoutError of a handler may also be of something else that it calls: the database is asked.
        """
        if is_outage(error):
            raise error
        if not isinstance(error, _TransientError):
            return
        try:
            async with self._engine.connect() as database:
                await database.execute(_ASK)
        except Exception as away:
            if is_outage(away):
                raise away from error
            raise

    async def _apply_together(self, stream_created: str, reads: Sequence[_Read], last: int) -> None:
        async with self._engine.begin() as database:
            await database.execute(_SET_SCOPE, {"scope": scope_literal(EVERYWHERE)})
            position = await inbox.lock_position(database, self.durable, stream_created)
            ahead = [read for read in reads if read.message.sequence > position]
            for read in ahead:
                if read.error is not None:
                    await inbox.set_aside(database, self.durable, read.message, read.event, read.attempts, read.error)
            events = [read.event for read in ahead if read.event and read.error is None]
            applied = await self._apply_events(database, [event for event in events if event.type in self._handlers])
            if last > position:
                await inbox.move_position(database, self.durable, last)
            self._fault("consumer: before commit")
        self._fault("consumer: after commit")
        APPLIED.labels(self.durable).inc(applied)
        SET_ASIDE.labels(self.durable).inc(sum(read.error is not None for read in ahead))

    async def _apply_events(self, database: AsyncConnection, events: Sequence[Envelope]) -> int:
        """Give the events that are to have an effect to their handlers; return how many those are."""
        fresh = await inbox.unseen(database, self.durable, events)
        dated = [event for event in fresh if not isinstance(self._handlers[event.type], AnyOrder)]
        newest = {event.id for event in await inbox.newest(database, self.durable, dated)}
        older = {event.id for event in dated} - newest
        if older:
            _log.warning("events came after newer ones and have no effect", consumer=self.durable, events=len(older))
        chosen = [event for event in fresh if event.id not in older]
        for handler, run in groupby(chosen, key=lambda event: self._handlers[event.type]):
            try:
                await handler(database, list(run))
            except (OSError, TimeoutError) as error:
                raise _TransientError(str(error)) from error
        SKIPPED.labels(self.durable).inc(len(events) - len(chosen))
        return len(chosen)


def _read(message: Message) -> _Read:
    try:
        return _Read(message, decode(message.payload), None)
    except UndecodableError as error:
        return _Read(message, None, f"undecodable: {error}")


def _id(read: _Read) -> str | None:
    return str(read.event.id) if read.event else None
