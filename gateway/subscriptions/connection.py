"""One WebSocket connection that speaks graphql-transport-ws."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, NoReturn

from graphql import OperationType

from chassis.ids import new_id
from chassis.race import cancel, race
from gateway.subscriptions.errors import TooManyConnections, TooManySubscriptions, formatted
from gateway.subscriptions.follow import answer_once, follow
from gateway.subscriptions.identity import forwarded, seconds_left, user_key
from gateway.subscriptions.messages import (
    Close,
    CloseCode,
    Complete,
    ConnectionInit,
    Ping,
    Subscribe,
    read_message,
    write_message,
    write_next,
)

if TYPE_CHECKING:
    from starlette.types import Receive, Send

    from chassis.http.request import Headers
    from gateway.subscriptions.hub import Hub
    from gateway.subscriptions.messages import Message
    from gateway.supply.serving import Serving

_CLOSE_SECONDS = 1.0


class _ClientGone(Exception):
    """The client has gone, or does not read."""


class Connection:
    """An accepted connection, from connection_init to its close."""

    def __init__(
        self, serving: Serving, hub: Hub, headers: Headers, address: str, receive: Receive, send: Send
    ) -> None:
        self._serving = serving
        self._hub = hub
        self._headers = headers
        self._address = address
        self._receive = receive
        self._asgi_send = send
        self._sending = asyncio.Lock()
        self._stuck = asyncio.Event()
        self._forwarded = forwarded(headers)
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._is_heard = True

    async def serve(self) -> None:
        """Serve the connection; afterwards nothing of it runs any more."""
        try:
            user = await self._initialise()
            with self._hub.connection(user, "websocket"):
                await self._send(write_message("connection_ack"))
                try:
                    await race(self._read(), self._beat(), self._expire(), self._closing(), self._unread())
                finally:
                    await cancel(list(self._operations.values()))
        except TooManyConnections as error:
            await self._close(Close(CloseCode.TRY_LATER, error.text("en")))
        except Close as close:
            await self._close(close)
        except _ClientGone:
            pass

    # Before connection_ack

    async def _initialise(self) -> str:
        """Wait for connection_init and take its payload; return whose connection it is."""
        try:
            async with asyncio.timeout(self._hub.options.init_seconds):
                message = await self._next_message()
                while not isinstance(message, ConnectionInit):
                    await self._before_init(message)
                    message = await self._next_message()
        except TimeoutError:
            raise Close(CloseCode.INITIALISATION_TIMEOUT, "Connection initialisation timeout") from None
        for name, value in (message.payload or {}).items():
            if name.lower() in ("authorization", "accept-language"):
                if not isinstance(value, str) or not value.isascii() or not value.isprintable():
                    raise Close(CloseCode.FORBIDDEN, f"The payload's {name.lower()} is not the text of a header")
                self._forwarded[name.lower()] = value
        authorization = self._forwarded.get("authorization")
        if seconds_left(authorization, time.time()) == 0:
            raise Close(CloseCode.FORBIDDEN, "The token has expired")
        return user_key(authorization, self._address)

    async def _before_init(self, message: Message) -> None:
        if isinstance(message, Subscribe):
            raise Close(CloseCode.UNAUTHORIZED, "Unauthorized")
        if isinstance(message, Ping):
            await self._send(write_message("pong"))

    # What runs beside each other

    async def _read(self) -> NoReturn:
        while True:
            message = await self._next_message()
            if isinstance(message, ConnectionInit):
                raise Close(CloseCode.TOO_MANY_INITIALISATIONS, "Too many initialisation requests")
            if isinstance(message, Ping):
                await self._send(write_message("pong"))
            elif isinstance(message, Subscribe):
                await self._subscribe(message)
            elif isinstance(message, Complete):
                operation = self._operations.pop(message.id, None)
                if operation is not None:
                    await cancel([operation])

    async def _beat(self) -> NoReturn:
        while True:
            await asyncio.sleep(self._hub.options.heartbeat_seconds)
            if not self._is_heard:
                raise Close(CloseCode.NO_PONG, "No pong came")
            self._is_heard = False
            await self._send(write_message("ping"))

    async def _expire(self) -> NoReturn:
        left = seconds_left(self._forwarded.get("authorization"), time.time())
        if left is None:
            await asyncio.Event().wait()
        await asyncio.sleep(left or 0)
        raise Close(CloseCode.FORBIDDEN, "The token has expired")

    async def _closing(self) -> NoReturn:
        await self._hub.closing.wait()
        raise Close(CloseCode.GOING_AWAY, "Going away")

    async def _unread(self) -> NoReturn:
        """End the connection when a message could not be sent in time, whichever operation it was of."""
        await self._stuck.wait()
        raise _ClientGone

    # Operations

    async def _subscribe(self, message: Subscribe) -> None:
        if message.id in self._operations:
            raise Close(CloseCode.SUBSCRIBER_EXISTS, f"Subscriber for {message.id[:40]} already exists")
        limit = self._hub.options.operations_per_connection
        if len(self._operations) >= limit:
            await self._fail(message.id, TooManySubscriptions(limit=limit), "", "")
            return
        self._operations[message.id] = asyncio.create_task(self._operate(message))

    async def _operate(self, message: Subscribe) -> None:
        request_id = str(new_id())
        headers = {**self._forwarded, "x-request-id": request_id}
        subgraph = ""
        try:
            prepared = await self._serving.graph.prepare(message.payload)
            subgraph = prepared.plan.fetches[0].subgraph if prepared.plan.fetches else ""

            async def deliver(body: bytes) -> None:
                await self._send(write_next(message.id, body))

            if prepared.operation.operation is OperationType.SUBSCRIPTION:
                await follow(prepared, headers, self._hub, deliver)
            else:
                await deliver(await answer_once(prepared, headers, self._hub))
            self._forget(message.id)
            await self._send(write_message("complete", id=message.id))
        except _ClientGone:
            self._forget(message.id)
        except Exception as error:  # noqa: BLE001 (the edge: every end is told, and masked where it must be)
            self._forget(message.id)
            await self._fail(message.id, error, subgraph, request_id)

    def _forget(self, operation: str) -> None:
        # Its id is free before the client hears of its end, and may be another operation's afterwards.
        if self._operations.get(operation) is asyncio.current_task():
            del self._operations[operation]

    async def _fail(self, operation: str, error: Exception, subgraph: str, request_id: str) -> None:
        language = self._language()
        errors = formatted(error, subgraph, language, request_id)
        try:
            await self._send(write_message("error", id=operation, payload=errors))
        except _ClientGone:
            self._stuck.set()

    def _language(self) -> str:
        given = self._forwarded.get("accept-language", "").encode("latin-1")
        return type(self._headers)({"headers": [(b"accept-language", given)]}).language

    # The wire

    async def _next_message(self) -> Message:
        event = await self._receive()
        if event["type"] == "websocket.disconnect":
            raise _ClientGone
        text: Any = event.get("text")
        if text is None:
            raise Close(CloseCode.INVALID_MESSAGE, "Send text messages")
        if len(text) > self._hub.options.message_bytes:
            raise Close(CloseCode.TOO_BIG, "The message is too large")
        self._is_heard = True
        return read_message(text)

    async def _send(self, text: str) -> None:
        try:
            async with asyncio.timeout(self._hub.options.send_seconds), self._sending:
                await self._asgi_send({"type": "websocket.send", "text": text})
        except (TimeoutError, OSError) as error:
            self._stuck.set()
            raise _ClientGone from error

    async def _close(self, close: Close) -> None:
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._asgi_send({"type": "websocket.close", "code": int(close.code), "reason": close.reason})
        except (TimeoutError, OSError):
            pass
