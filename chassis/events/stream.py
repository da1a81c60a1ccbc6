"""Reading a stream by position: what follows a sequence number, in order, without a consumer on the server.

This is JetStream's direct get in batches (ADR-31, server 2.11). The reader keeps its position in its own database, in
the transaction of the effects, so there is nothing to acknowledge and nothing that is redelivered out of order; and a
service's NATS user needs no right to create consumers.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError

from chassis.events.bus import BusAwayError

if TYPE_CHECKING:
    from nats.aio.msg import Msg
    from nats.aio.subscription import Subscription

    from chassis.events.bus import Connection

_END_OF_BATCH = "204"
_NOTHING = "404"
_ANSWER_SECONDS = 5.0


class Message(NamedTuple):
    """One message as the stream keeps it."""

    sequence: int
    subject: str
    payload: bytes


class Batch(NamedTuple):
    """Consecutive messages that match, and how many more follow."""

    messages: list[Message]
    pending: int


async def identity_of(connection: Connection, stream: str) -> str:
    """Return what tells a stream from another of the same name: sequence numbers mean nothing in the other.

    Raises BusAwayError when there is no such stream or no answer.
    """
    try:
        found = await connection.jetstream.stream_info(stream)
    except (JetStreamError, NatsError, TimeoutError) as error:
        raise BusAwayError(f"stream {stream}: {str(error) or type(error).__name__}") from error
    return found.created.isoformat() if found.created else ""


class StreamReader:
    """Reads the messages of a stream that match one filter."""

    def __init__(self, connection: Connection, stream: str, pattern: str) -> None:
        self._client = connection.client
        self._stream = stream
        self._pattern = pattern
        self._inbox = self._client.new_inbox()
        self._answers: Subscription | None = None
        self._numbers = count(1)

    async def read(self, after: int, limit: int) -> Batch:
        """Return up to `limit` messages with a sequence above `after`. Raises BusAwayError."""
        reply = f"{self._inbox}.{next(self._numbers)}"
        request = {"seq": after + 1, "batch": limit, "next_by_subj": self._pattern}
        try:
            if self._answers is None:
                self._answers = await self._client.subscribe(f"{self._inbox}.*")
            await self._client.publish(f"$JS.API.DIRECT.GET.{self._stream}", msgspec.json.encode(request), reply=reply)
            return await self._collect(reply)
        except (NatsError, TimeoutError) as error:
            raise BusAwayError(f"stream {self._stream}: {str(error) or type(error).__name__}") from error

    async def close(self) -> None:
        """Give the subscription back; also when the connection is gone."""
        if self._answers is not None and not self._client.is_closed:
            await self._answers.unsubscribe()

    async def _collect(self, reply: str) -> Batch:
        messages: list[Message] = []
        previous = 0
        while True:
            answer = await self._next()
            if answer.subject != reply:
                continue  # of a read that was given up
            headers = answer.headers or {}
            status = headers.get("Status")
            if status == _NOTHING:
                return Batch(messages, 0)
            if status is not None and status != _END_OF_BATCH:
                raise BusAwayError(f"stream {self._stream}: {status} {headers.get('Description', '')}")
            if int(headers["Nats-Last-Sequence"]) != previous:
                raise BusAwayError(f"stream {self._stream}: a message was lost on the way")
            if status == _END_OF_BATCH:
                return Batch(messages, int(headers["Nats-Num-Pending"]))
            previous = int(headers["Nats-Sequence"])
            messages.append(Message(previous, headers["Nats-Subject"], answer.data))

    async def _next(self) -> Msg:
        if self._answers is None:
            raise BusAwayError("nothing was asked")
        return await self._answers.next_msg(timeout=_ANSWER_SECONDS)
