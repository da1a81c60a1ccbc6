"""The relay: publishes what is in the outbox, at least once and in order per aggregate.

When the stream is seen to be another than before, everything that is kept goes into the new one before anything new.
One relay is at work per database, by a lock that ends with the transaction. A round gives new rows their numbers and
commits, then publishes them and marks them in a second transaction, in which it numbers as many again when there are
many. Dying anywhere leaves rows that are published again under the same ids and numbers, which the stream recognises.
"""

from __future__ import annotations

import asyncio
import time
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Self

import structlog
from prometheus_client import Counter, Gauge

from chassis.events import ledger, publishing
from chassis.events.bus import BusAwayError
from chassis.events.faults import no_fault
from chassis.events.outage import is_outage
from chassis.events.stream import identity_of
from chassis.events.tasks import end_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from chassis.events.bus import Bus, Connection
    from chassis.events.faults import Fault
    from chassis.events.lanes import Outcome

_log = structlog.get_logger(__name__)

PUBLISHED = Counter("linli_outbox_published_total", "Events that the stream acknowledged", ["service"])
REFUSED = Counter("linli_outbox_refused_total", "Times that the broker refused an event", ["service"])
WAITING = Gauge("linli_outbox_unpublished", "Events that are not published yet", ["service"])
OLDEST = Gauge("linli_outbox_oldest_unpublished_seconds", "Age of the oldest event not published yet", ["service"])
PARKED = Gauge("linli_outbox_parked_aggregates", "Aggregates that wait for a person", ["service"])
STREAM_REPLACED = Counter(
    "linli_stream_replaced_total", "Times that a new stream took the old one's place", ["service"]
)

_POLL_SECONDS = 0.3
_DEADLINE_SECONDS = 5.0
_SHORTEST_PAUSE = 0.25
_LONGEST_PAUSE = 5.0
_STATE_SECONDS = 5.0
_HOUR = 3600.0
_ROWS_EXPIRED_AT_ONCE = 1000
_ROWS_RESTORED_AT_ONCE = 5000
_HELD_SECONDS = 1.0


class Round(Enum):
    """How a round ended."""

    DONE = auto()
    """Nothing is left to publish."""
    MORE = auto()
    """The next round may follow at once."""
    FOLLOWING = auto()
    """Another relay is at work."""


class Relay:
    """Publishes the outbox of one service; run it in every instance, one of them works at a time."""

    def __init__(
        self,
        engine: AsyncEngine,
        bus: Bus,
        *,
        service: str,
        stream: str,
        retention_days: int = 30,
        batch: int = 2000,
        attempts: int = 5,
        fault: Fault = no_fault,
    ) -> None:
        """`retention_days` is how long published rows are kept; `attempts` how often a refused event is sent."""
        self._engine = engine
        self._bus = bus
        self._service = service
        self._stream = stream
        self._retention_days = retention_days
        self._batch = batch
        self._attempts = attempts
        self.pace = publishing.Pace()
        self._fault = fault
        self._wake = asyncio.Event()
        self._state_at = 0.0
        self._expired_at = time.monotonic()
        self._seen_on: Connection | None = None
        self._seen_at = 0.0
        self._highest = 0

    def wake(self) -> None:
        """Look at the outbox now: something was committed."""
        self._wake.set()

    async def run(self) -> None:
        """Publish until cancelled; whatever goes wrong is logged and tried again after a pause."""
        pause = _SHORTEST_PAUSE
        while True:
            end_if_cancelled()
            self._wake.clear()
            try:
                await self._look_after()
                ended = await self._round_when_connected()
            except Exception as error:  # noqa: BLE001 (it must not end while the service runs)
                if isinstance(error, BusAwayError) or is_outage(error):
                    _log.warning("relay waits", service=self._service, error=str(error), retry_seconds=pause)
                else:
                    _log.exception("relay failed and starts again", service=self._service)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
                continue
            pause = _SHORTEST_PAUSE
            if ended is not Round.MORE:
                await self._rest()

    async def publish_round(self, connection: Connection) -> Round:
        """Publish what waits, or else number what is new and publish that; mark it.

        Raises BusAwayError when the rest has to wait for NATS.
        """
        async with self._engine.begin() as database:
            if not await ledger.lead(database):
                return Round.FOLLOWING
            rows = await ledger.take_waiting(database, self._batch)
            if rows:
                outcome = await self._publish(database, connection, rows)
            elif not await ledger.number(database, self._batch):
                return Round.DONE
            self._fault("relay: before numbers are committed")
        if not rows:
            self._fault("relay: after numbers are committed")
            async with self._engine.begin() as database:
                if not await ledger.lead(database):
                    return Round.FOLLOWING
                rows = await ledger.take_numbered(database)
                # Numbers of the next batch cost no time beside a full one; with few events they would make it late.
                following = ledger.number(database, self._batch, ahead=2) if len(rows) == self._batch else None
                outcome = await self._publish(database, connection, rows, following)
                await ledger.settle(database)
                self._fault("relay: before marks are committed")
        self._fault("relay: after marks are committed")
        self._report(outcome)
        return Round.MORE

    async def _publish(
        self,
        database: AsyncConnection,
        connection: Connection,
        rows: list[ledger.Due],
        beside: Coroutine[Any, Any, object] | None = None,
    ) -> Outcome:
        """Publish rows and note what became of them; `beside` is done in the database in the meantime."""
        async with _Beside(database, rows, beside) as marks:
            self._fault("relay: before publishing")
            outcome = await publishing.publish(
                connection, self._stream, rows, _DEADLINE_SECONDS, self.pace, marks.begin
            )
            self._fault("relay: after publishing")
            await marks.finish(outcome.stored)
        for row in rows:
            if row.id in outcome.refused:
                pause = _HELD_SECONDS * 2**row.attempts
                await ledger.hold(database, row.id, outcome.refused[row.id], pause=pause, most=self._attempts)
        return outcome

    async def drained(self, seconds: float = 30.0) -> None:
        """Wait until nothing is left to publish but what is parked. Raises TimeoutError after `seconds`."""
        async with asyncio.timeout(seconds):
            while True:
                async with self._engine.connect() as database:
                    if await ledger.is_drained(database):
                        return
                self._wake.set()
                await asyncio.sleep(0.01)

    async def _round_when_connected(self) -> Round:
        """Do a round, unless there is no connection: then look in a moment whether there is."""
        connection = await self._bus.connection_within(_STATE_SECONDS)
        if connection is not self._seen_on or time.monotonic() - self._seen_at > _STATE_SECONDS:
            if not await self._see_stream(connection):
                return Round.FOLLOWING
            self._seen_on, self._seen_at = connection, time.monotonic()
        return await self.publish_round(connection)

    async def _see_stream(self, connection: Connection) -> bool:
        """See whether a new stream has taken the old one's place, and let everything kept be published into it first.

        Return whether this relay leads. Raises BusAwayError while there is no stream.
        """
        restoring = False
        while True:
            async with self._engine.begin() as database:
                if not await ledger.lead(database):
                    return False
                stream = await identity_of(connection, self._stream)
                if await ledger.restored(database, stream, _ROWS_RESTORED_AT_ONCE) is None:
                    break
            if not restoring:
                restoring = True
                STREAM_REPLACED.labels(self._service).inc()
                _log.error("the stream is a new one: what is kept is published again", service=self._service)
        self._highest = 0
        return True

    def _report(self, outcome: Outcome) -> None:
        PUBLISHED.labels(self._service).inc(len(outcome.stored))
        REFUSED.labels(self._service).inc(len(outcome.refused))
        for reason in outcome.refused.values():
            _log.error("the broker refused an event; its aggregate waits", service=self._service, reason=reason)
        reached = list(outcome.stored.values())
        if outcome.trouble is not None or min(reached, default=self._highest) < self._highest:
            self._seen_on = None  # perhaps it is another stream
        self._highest = max(self._highest, *reached) if reached else self._highest
        if outcome.trouble is not None:
            raise BusAwayError(outcome.trouble)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(_POLL_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _look_after(self) -> None:
        """Every few seconds measure the backlog; every hour delete what was published long ago."""
        now = time.monotonic()
        if now - self._state_at > _STATE_SECONDS:
            self._state_at = now
            async with self._engine.connect() as database:
                state = await ledger.backlog(database)
            WAITING.labels(self._service).set(state.waiting)
            OLDEST.labels(self._service).set(state.oldest_seconds)
            PARKED.labels(self._service).set(state.parked)
        if now - self._expired_at > _HOUR:
            self._expired_at = now
            deleted = _ROWS_EXPIRED_AT_ONCE
            while deleted == _ROWS_EXPIRED_AT_ONCE:
                async with self._engine.begin() as database:
                    deleted = await ledger.expire(database, self._retention_days, _ROWS_EXPIRED_AT_ONCE)


class _Beside:
    """What the database does while events are on their way to the stream: something first, then marks."""

    def __init__(
        self, database: AsyncConnection, rows: Sequence[ledger.Due], first: Coroutine[Any, Any, object] | None
    ) -> None:
        self._database = database
        self._unmarked = {row.id: row for row in rows}
        self._first = first
        self._task: asyncio.Task[object] | None = None

    async def __aenter__(self) -> Self:
        if self._first is not None:
            self._task = asyncio.create_task(self._first)
        return self

    async def __aexit__(self, *_: object) -> None:
        # A transaction is not to be rolled back while a statement of it runs.
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task})

    def begin(self, stored: Mapping[int, int]) -> None:
        """Mark what is stored and not marked, unless the database is at work or has failed."""
        if self._task is None or (self._task.done() and not self._task.cancelled() and not self._task.exception()):
            self._task = asyncio.create_task(self._mark(stored))

    async def finish(self, stored: Mapping[int, int]) -> None:
        """Mark the rest. Raises what went wrong in the database."""
        if self._task is not None:
            await self._task
        await self._mark(stored)

    async def _mark(self, stored: Mapping[int, int]) -> None:
        fresh = self._unmarked.keys() & stored.keys()
        await ledger.mark(self._database, [(self._unmarked.pop(id_), stored[id_]) for id_ in sorted(fresh)])
