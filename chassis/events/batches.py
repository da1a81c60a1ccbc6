"""Publishing many events together, as JetStream's atomic batches (ADR-50): one acknowledgement, one write to the disk.

A batch is stored whole, in its order, or not at all. Any event that cannot be stored has all of its batch refused,
also one that the stream has already: then the events go one by one, and what the stream has is recognised by its id.
While a batch is stored the next one is sent, but for its last message, which waits until the one before is settled.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

import structlog
from nats.errors import Error as NatsError
from nats.errors import MaxPayloadError
from nats.js.api import Header
from nats.js.errors import APIError

from chassis.events.bus import BusAwayError
from chassis.events.envelope import headers_of, with_feed_sequence
from chassis.events.lanes import FLUSH_EVERY, Trouble, is_trouble, told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chassis.events.bus import Ack, Connection
    from chassis.events.lanes import Lanes, Outcome
    from chassis.events.ledger import Due

_log = structlog.get_logger(__name__)

MOST = 1000
"""How many messages the server takes in one batch."""


class _Staged(NamedTuple):
    rows: Sequence[Due]
    batch: str
    whole: bool
    """All but the last are sent; if not, they are to go one by one."""


class Batches:
    """Publishes rows in batches, and by `lanes` what cannot go in one."""

    def __init__(self, connection: Connection, stream: str, outcome: Outcome, lanes: Lanes) -> None:
        self._connection = connection
        self._stream = stream
        self._outcome = outcome
        self._lanes = lanes
        self._committed: tuple[Sequence[Due], asyncio.Future[Ack]] | None = None

    async def publish(self, rows: Sequence[Due], least: int, settled: Callable[[Mapping[int, int]], None]) -> None:
        """Publish rows in their order; fewer than `least` go one by one. Raises Trouble when the rest has to wait.

        `settled` hears of rows that are stored while others are still on their way.
        """
        for start in range(0, len(rows), MOST):
            staged = await self._stage(rows[start : start + MOST], least)
            await self._settle()
            settled(self._outcome.stored)
            await self._commit(staged)
        await self._settle()

    def give_up(self) -> None:
        """Take what is acknowledged already, and stop waiting for the rest."""
        if self._committed is None:
            return
        rows, future = self._committed
        if future.done() and not future.cancelled() and future.exception() is None:
            self._store(rows, future.result())
        future.cancel()
        self._committed = None
        self._connection.forget()

    async def _stage(self, rows: Sequence[Due], least: int) -> _Staged:
        staged = _Staged(rows, self._connection.new_batch(), whole=True)
        if len(rows) < least:
            return staged._replace(whole=False)
        for number, row in enumerate(rows[:-1], 1):
            payload, headers = _message(row, staged.batch, number)
            try:
                await self._connection.stage(row.subject, payload, stream=self._stream, headers=headers)
            except MaxPayloadError:
                return staged._replace(whole=False)
            except (NatsError, BusAwayError, OSError) as error:
                raise Trouble(told(error)) from error
            if number % FLUSH_EVERY == 0:
                await asyncio.sleep(0)
        return staged

    async def _commit(self, staged: _Staged) -> None:
        rows, last = staged.rows, staged.rows[-1]
        if not staged.whole or any(row.aggregate_id in self._lanes.blocked for row in rows):
            await self._lanes.publish(rows)
            return
        payload, headers = _message(last, staged.batch, len(rows))
        headers[Header.BATCH_COMMIT] = "1"
        try:
            future = await self._connection.publish(last.subject, payload, stream=self._stream, headers=headers)
        except MaxPayloadError:
            await self._lanes.publish(rows)
        except (NatsError, BusAwayError, OSError) as error:
            raise Trouble(told(error)) from error
        else:
            self._committed = (rows, future)

    async def _settle(self) -> None:
        """Wait for the batch that is under way, if one is; a refused one goes again, event by event."""
        if self._committed is None:
            return
        rows, future = self._committed
        try:
            acknowledged = await asyncio.shield(future)
        except APIError as error:
            if is_trouble(error):
                raise Trouble(told(error)) from error
            _log.info("a batch is refused and goes event by event", events=len(rows), reason=told(error))
            self._committed = None
            await self._lanes.publish(rows)
        except (NatsError, BusAwayError) as error:
            raise Trouble(told(error)) from error
        else:
            self._store(rows, acknowledged)
            self._committed = None

    def _store(self, rows: Sequence[Due], acknowledged: Ack) -> None:
        first = acknowledged.seq - len(rows) + 1
        self._outcome.stored.update((row.id, first + place) for place, row in enumerate(rows))


def _message(row: Due, batch: str, number: int) -> tuple[bytes, dict[str, str]]:
    headers = headers_of(row.event_id, row.type, row.aggregate_version)
    headers |= {Header.BATCH_ID: batch, Header.BATCH_SEQUENCE: str(number)}
    return with_feed_sequence(row.payload, row.feed_sequence), headers
