"""Publishing in order: many aggregates at once, and of one aggregate never two events that are not acknowledged.

Everything goes through one connection in the order of the feed, so the stream has that order too unless the server
refuses something. An event waits only for the one before it of its own aggregate: if that is refused or its
acknowledgement is lost, nothing later of the aggregate is in the stream. This is how few events go, and those that
cannot go together (`chassis.events.batches`).
"""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nats.errors import Error as NatsError
from nats.errors import MaxPayloadError
from nats.js.errors import APIError

from chassis.events.bus import BusAwayError
from chassis.events.envelope import headers_of, with_feed_sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from chassis.events.bus import Ack, Connection
    from chassis.events.ledger import Due

FLUSH_EVERY = 64
_SETTLE_EVERY = 256
_SERVER_FAULT = 500
_WRONG_STREAM = 10060


@dataclass
class Outcome:
    """What became of a batch; rows that are in neither are to be sent again."""

    stored: dict[int, int] = field(default_factory=dict)
    """Stream sequences by row id."""
    refused: dict[int, str] = field(default_factory=dict)
    """Why the server does not take a message, by row id: sending it again will not help."""
    trouble: str | None = None
    """Why the rest is unknown: the server or the connection, not the messages."""


class Trouble(Exception):
    """The round ends here."""


def nobody(_stored: Mapping[int, int]) -> None:
    """Hear of what is stored and do nothing."""


class Lanes:
    """The events that are sent and not acknowledged, by aggregate."""

    def __init__(self, connection: Connection, stream: str, outcome: Outcome) -> None:
        self._connection = connection
        self._stream = stream
        self._outcome = outcome
        self._unsettled: dict[UUID, tuple[Due, asyncio.Future[Ack]]] = {}
        self.blocked: set[UUID] = set()
        """Aggregates of refused events: nothing more of theirs is sent."""

    async def publish(self, rows: Sequence[Due], settled: Callable[[Mapping[int, int]], None] = nobody) -> None:
        """Send rows in their order and wait for their acknowledgements. Raises Trouble when the rest has to wait.

        `settled` hears now and then, while others are still on their way, of rows that are stored: stream sequences
        by id.
        """
        for number, row in enumerate(rows, 1):
            await self.send(row)
            if number % FLUSH_EVERY == 0:
                await asyncio.sleep(0)  # or nothing is written and no acknowledgement read meanwhile
            if number % _SETTLE_EVERY == 0:
                await self.settle(leave=_SETTLE_EVERY)
                settled(self._outcome.stored)
        await self.settle()

    async def send(self, row: Due) -> None:
        """Send a row, once what was sent of its aggregate is acknowledged; not at all behind a refused one."""
        if row.aggregate_id in self._unsettled:
            await self._settle(row.aggregate_id)
        if row.aggregate_id in self.blocked:
            return
        payload = with_feed_sequence(row.payload, row.feed_sequence)
        headers = headers_of(row.event_id, row.type, row.aggregate_version)
        try:
            future = await self._connection.publish(row.subject, payload, stream=self._stream, headers=headers)
        except MaxPayloadError as error:
            self._refuse(row, error)
        except (NatsError, BusAwayError, OSError) as error:
            raise Trouble(told(error)) from error
        else:
            self._unsettled[row.aggregate_id] = (row, future)

    async def settle(self, *, leave: int = 0) -> None:
        """Wait for the first acknowledgements, but for the last `leave`, or until one tells of trouble."""
        first = dict(itertools.islice(self._unsettled.items(), max(0, len(self._unsettled) - leave)))
        if pending := [future for _, future in first.values() if not future.done()]:
            await asyncio.wait(pending, return_when=asyncio.FIRST_EXCEPTION)
        for aggregate_id in first:
            await self._settle(aggregate_id)

    def give_up(self) -> None:
        """Take what is acknowledged already, and stop waiting for the rest: a lost one would never end."""
        for row, future in self._unsettled.values():
            if future.done() and not future.cancelled() and future.exception() is None:
                self._outcome.stored[row.id] = future.result().seq
            future.cancel()
        if self._unsettled:
            self._connection.forget()
        self._unsettled.clear()

    async def _settle(self, aggregate_id: UUID) -> None:
        row, future = self._unsettled[aggregate_id]
        try:
            acknowledged = future.result() if future.done() else await asyncio.shield(future)
        except APIError as error:
            if is_trouble(error):
                raise Trouble(told(error)) from error
            self._refuse(row, error)
        except (NatsError, BusAwayError) as error:
            raise Trouble(told(error)) from error
        else:
            self._outcome.stored[row.id] = acknowledged.seq
        del self._unsettled[aggregate_id]

    def _refuse(self, row: Due, error: Exception) -> None:
        self._outcome.refused[row.id] = told(error)
        self.blocked.add(row.aggregate_id)


def is_trouble(error: APIError) -> bool:
    """Tell whether an answer is about the server or its configuration, not about a message."""
    return (error.code or 0) >= _SERVER_FAULT or error.err_code == _WRONG_STREAM


def told(error: Exception) -> str:
    """Return what an error says."""
    return str(error) or type(error).__name__
