"""The cheapest HTTP client in Python: a connection that posts ready bytes and returns the answer's body."""

from __future__ import annotations

import asyncio
from typing import cast
from urllib.parse import urlsplit

import httptools

OK = 200


class ClientConnection(asyncio.Protocol):
    """One kept-alive connection; one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[bytes] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []

    @property
    def is_open(self) -> bool:
        """Whether the server has not closed it: it does when nothing was asked for some seconds."""
        return self._transport is not None and not self._transport.is_closing()

    async def send(self, request: bytes) -> bytes:
        """Send a request and return the body of its answer. Raises ConnectionError, also for a status but 200."""
        self._waiter = asyncio.get_running_loop().create_future()
        if self._transport is None or not self.is_open:
            raise ConnectionError("the connection is closed")
        self._transport.write(request)
        return await self._waiter

    def close(self) -> None:
        """Close the connection."""
        if self._transport:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is not a subclass

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(ConnectionError(f"the connection was lost: {exc}"))

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(ConnectionError(f"not HTTP: {error}"))

    def on_message_begin(self) -> None:
        self._body = []

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        status = self._parser.get_status_code()
        if status != OK:
            self._fail(ConnectionError(f"status {status}: {body[:500].decode(errors='replace')}"))
        elif self._waiter and not self._waiter.done():
            self._waiter.set_result(body)

    def _fail(self, error: Exception) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_exception(error)


async def connect(url: str) -> ClientConnection:
    """Connect to the server of `url`. Raises OSError."""
    parts = urlsplit(url)
    loop = asyncio.get_running_loop()
    assert parts.hostname
    assert parts.port
    _, connection = await loop.create_connection(ClientConnection, parts.hostname, parts.port)
    return connection


def post(url: str, body: bytes) -> bytes:
    """Return the bytes of a request."""
    parts = urlsplit(url)
    head = (
        f"POST {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\ncontent-type: application/json\r\n"
        f"accept: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def get(url: str) -> bytes:
    """Return the body that a GET of `url` gets, on a connection of its own. Raises OSError."""
    parts = urlsplit(url)
    connection = await connect(url)
    try:
        return await connection.send(f"GET {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\n\r\n".encode())
    finally:
        connection.close()
