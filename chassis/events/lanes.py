"""Publishing in order: many aggregates at once, and of one aggregate never two events that are not acknowledged.

Everything goes through one connection in the order of the feed, so the stream has that order too unless the server
refuses something. An event waits only for the one before it of its own aggregate: if that is refused or its
acknowledgement is lost, nothing later of the aggregate is in the stream.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nats.errors import Error as NatsError
from nats.errors import MaxPayloadError
from nats.js.errors import APIError

from chassis.events.bus import BusAwayError
from chassis.events.envelope import headers_of, with_feed_sequence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from nats.js.api import PubAck

    from chassis.events.bus import Connection
    from chassis.events.ledger import Due

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


class _Trouble(Exception):
    """The round ends here."""


async def publish(connection: Connection, stream: str, rows: Sequence[Due], seconds: float) -> Outcome:
    """Publish rows in their order within `seconds` and return what became of them; raises nothing of NATS."""
    outcome = Outcome()
    lanes = _Lanes(connection, stream, outcome)
    try:
        async with asyncio.timeout(seconds):
            for row in rows:
                await lanes.send(row)
            await lanes.settle_all()
    except TimeoutError:
        outcome.trouble = f"no acknowledgement within {seconds} seconds"
    except _Trouble as trouble:
        outcome.trouble = str(trouble)
    finally:
        lanes.give_up()
    return outcome


class _Lanes:
    """The events that are sent and not acknowledged, by aggregate."""

    def __init__(self, connection: Connection, stream: str, outcome: Outcome) -> None:
        self._connection = connection
        self._stream = stream
        self._outcome = outcome
        self._unsettled: dict[UUID, tuple[Due, asyncio.Future[PubAck]]] = {}
        self._blocked: set[UUID] = set()

    async def send(self, row: Due) -> None:
        """Send a row, once what was sent of its aggregate is acknowledged; not at all behind a refused one."""
        await self._settle(row.aggregate_id)
        if row.aggregate_id in self._blocked:
            return
        payload = with_feed_sequence(row.payload, row.feed_sequence)
        headers = headers_of(row.event_id, row.type, row.aggregate_version)
        try:
            future = await self._connection.publish(row.subject, payload, stream=self._stream, headers=headers)
        except MaxPayloadError as error:
            self._refuse(row, error)
        except (NatsError, BusAwayError, OSError) as error:
            raise _Trouble(_told(error)) from error
        else:
            self._unsettled[row.aggregate_id] = (row, future)

    async def settle_all(self) -> None:
        """Wait for all acknowledgements, or for the first that tells of trouble."""
        if futures := [future for _, future in self._unsettled.values()]:
            await asyncio.wait(futures, return_when=asyncio.FIRST_EXCEPTION)
        for aggregate_id in list(self._unsettled):
            await self._settle(aggregate_id)

    def give_up(self) -> None:
        """Take what is acknowledged already, and stop waiting for the rest: a lost one would never end."""
        for row, future in self._unsettled.values():
            if future.done() and not future.cancelled() and future.exception() is None:
                self._outcome.stored[row.id] = future.result().seq
            future.cancel()
        self._unsettled.clear()

    async def _settle(self, aggregate_id: UUID) -> None:
        if aggregate_id not in self._unsettled:
            return
        row, future = self._unsettled[aggregate_id]
        try:
            acknowledged = future.result() if future.done() else await asyncio.shield(future)
            self._outcome.stored[row.id] = acknowledged.seq
        except APIError as error:
            if (error.code or 0) >= _SERVER_FAULT or error.err_code == _WRONG_STREAM:
                raise _Trouble(_told(error)) from error
            self._refuse(row, error)
        except (NatsError, BusAwayError) as error:
            raise _Trouble(_told(error)) from error
        del self._unsettled[aggregate_id]

    def _refuse(self, row: Due, error: Exception) -> None:
        self._outcome.refused[row.id] = _told(error)
        self._blocked.add(row.aggregate_id)


def _told(error: Exception) -> str:
    return str(error) or type(error).__name__
