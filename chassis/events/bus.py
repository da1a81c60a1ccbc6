"""The connection to NATS: kept for ever, made anew whenever it is lost, by the nkey of the service's own user.

nats-py's own reconnection is switched off. While it reconnects it keeps what is published in a buffer and sends it
later, perhaps after the publisher gave up; here a connection that is lost takes with it what was not acknowledged, and
the publisher decides what to send again.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from nats.aio.client import NO_RESPONDERS_STATUS, Client
from nats.errors import Error as NatsError
from nats.js.api import Header
from nats.js.errors import APIError, NoStreamResponseError

from chassis.events.declaration import STREAM_API
from chassis.events.keys import inbox_prefix, public_key
from chassis.events.tasks import end_if_cancelled

if TYPE_CHECKING:
    from pathlib import Path

    from nats.aio.msg import Msg
    from nats.js import JetStreamContext

_log = structlog.get_logger(__name__)

_SHORTEST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0
_CONNECT_SECONDS = 3


class BusAwayError(Exception):
    """NATS is not reachable, or the connection was lost before it answered."""


class Ack(msgspec.Struct):
    """JetStream's acknowledgement of a message: where it is in the stream."""

    seq: int = 0
    error: dict[str, Any] | None = None


class Connection:
    """One connection, from when it is made until it is lost."""

    def __init__(self, client: Client, *, api: str = "$JS.API") -> None:
        self.client = client
        self.jetstream: JetStreamContext = client.jetstream(prefix=api)
        self.lost = asyncio.Event()
        self._inbox = client.new_inbox()
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[Ack]] = {}

    async def listen(self) -> None:
        """Subscribe to acknowledgements; to be called once, before anything is published."""
        await self.client.subscribe(f"{self._inbox}.*", cb=self._acknowledged)

    async def publish(
        self, subject: str, payload: bytes, *, stream: str, headers: dict[str, str]
    ) -> asyncio.Future[Ack]:
        """Send a message to the stream; the future has the acknowledgement, or BusAwayError for a lost connection.

        Whoever waits for the future sets a time limit and cancels it afterwards. One subscription takes all
        acknowledgements, decoded to what is needed: nats-py's `publish_async` takes twice the time for a message.
        """
        if self.lost.is_set():
            raise BusAwayError("the connection to NATS is lost")
        headers[Header.EXPECTED_STREAM] = stream
        number = str(next(self._numbers))
        future: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        await self.client.publish(subject, payload, reply=f"{self._inbox}.{number}", headers=headers)
        if self.lost.is_set():
            raise BusAwayError("the connection to NATS was lost")
        self._waiting[number] = future
        return future

    async def stage(self, subject: str, payload: bytes, *, stream: str, headers: dict[str, str]) -> None:
        """Send a message of a batch that is not its last one: it is acknowledged with that. Raises BusAwayError."""
        if self.lost.is_set():
            raise BusAwayError("the connection to NATS is lost")
        headers[Header.EXPECTED_STREAM] = stream
        await self.client.publish(subject, payload, headers=headers)

    def new_batch(self) -> str:
        """Return an id for a batch of messages, like no other's."""
        return f"{self._inbox.rpartition('.')[2]}-{next(self._numbers)}"

    def forget(self) -> None:
        """Stop waiting for the acknowledgements of messages whose futures were cancelled."""
        self._waiting = {number: future for number, future in self._waiting.items() if not future.done()}

    def lose(self) -> None:
        """Tell everyone who waits for this connection that it is gone."""
        self.lost.set()
        waiting, self._waiting = self._waiting, {}
        for future in waiting.values():
            if not future.done():
                future.set_exception(BusAwayError("the connection to NATS was lost"))

    async def _acknowledged(self, message: Msg) -> None:
        future = self._waiting.pop(message.subject.rpartition(".")[2], None)
        if future is None or future.done():
            return
        if message.headers and message.headers.get(Header.STATUS) == NO_RESPONDERS_STATUS:
            future.set_exception(NoStreamResponseError())
            return
        try:
            ack = _ack_decoder.decode(message.data)
            if ack.error is not None:
                APIError.from_error(ack.error)  # raises it
            future.set_result(ack)
        except APIError as error:
            future.set_exception(error)
        except msgspec.DecodeError as error:
            future.set_exception(NatsError(f"not an acknowledgement: {error}"))


_ack_decoder = msgspec.json.Decoder(Ack)


class Bus:
    """Holds the current connection to NATS; starts without waiting for it, so that a service starts without NATS."""

    def __init__(self, url: str, *, credentials: Path | None = None, name: str) -> None:
        self._servers = [server.strip() for server in url.split(",")]
        self._credentials = credentials
        self._name = name
        self._current: Connection | None = None
        self._connected = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to connect."""
        self._task = asyncio.create_task(self._keep_connected(), name="bus")

    async def close(self) -> None:
        """Disconnect and stay so."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def is_connected(self) -> bool:
        """Tell whether there is a connection now."""
        return self._current is not None

    async def connection(self) -> Connection:
        """Return the current connection; waits as long as there is none."""
        while self._current is None:
            await self._connected.wait()
        return self._current

    async def connection_within(self, seconds: float) -> Connection:
        """Return the current connection. Raises BusAwayError when there is none after `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                return await self.connection()
        except TimeoutError:
            raise BusAwayError(f"no connection to NATS within {seconds:.0f} seconds") from None

    async def _keep_connected(self) -> None:
        pause = _SHORTEST_PAUSE
        while True:
            end_if_cancelled()
            connection: Connection | None = None
            try:
                connection = await self._connect()
                # One that came together with the connection got lost, and nothing else would wake the wait below.
                end_if_cancelled()
                pause = _SHORTEST_PAUSE
                await connection.lost.wait()
                _log.warning("lost the connection to NATS")
            except (OSError, TimeoutError, NatsError, ValueError) as error:
                _log.warning("cannot connect to NATS", error=str(error) or type(error).__name__, retry_seconds=pause)
            finally:
                self._current = None
                self._connected.clear()
                if connection is not None:
                    connection.lose()
                    await connection.client.close()
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _connect(self) -> Connection:
        made: list[Connection] = []

        async def closed() -> None:
            for connection in made:
                connection.lose()

        client = Client()
        prefix = inbox_prefix(public_key(self._credentials)) if self._credentials else "_INBOX"
        try:
            await client.connect(
                servers=self._servers,
                name=self._name,
                nkeys_seed=str(self._credentials) if self._credentials else None,
                inbox_prefix=prefix,
                allow_reconnect=False,
                connect_timeout=_CONNECT_SECONDS,
                ping_interval=10,
                max_outstanding_pings=2,
                error_cb=_note,
                closed_cb=closed,
            )
        except BaseException:
            await client.close()  # or its socket stays open
            raise
        # Who has no key is in no account of the declaration, but in the one that owns the stream.
        connection = Connection(client, api=STREAM_API) if self._credentials else Connection(client)
        made.append(connection)
        try:
            await connection.listen()
        except BaseException:
            await client.close()
            raise
        if client.is_closed:
            raise NatsError("closed at once")
        self._current = connection
        self._connected.set()
        _log.info("connected to NATS", server=client.connected_url.netloc if client.connected_url else None)
        return connection


async def _note(error: Exception) -> None:
    """Log what the server or the client complains about; a permissions violation is a fault in the declaration."""
    is_fault = "permissions violation" in str(error).lower()
    (_log.error if is_fault else _log.warning)("NATS reports", error=str(error) or type(error).__name__)
