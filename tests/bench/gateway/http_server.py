"""The cheapest HTTP server in Python: httptools on bare asyncio protocols. One request at a time on a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import httptools

Handler = Callable[[str, bytes], bytes]
"""From a path and a body to the bytes of a JSON answer."""


class ServerConnection(asyncio.Protocol):
    """One client."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpRequestParser(self)
        self._path = b""
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is not a subclass

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            if self._transport:
                self._transport.close()

    def on_message_begin(self) -> None:
        self._path = b""
        self._body = []

    def on_url(self, url: bytes) -> None:
        self._path += url

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        body = self._handler(self._path.decode(), b"".join(self._body))
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
        if self._transport:
            self._transport.write(head + body)


async def listen(handler: Handler) -> tuple[asyncio.Server, int]:
    """Serve on a free port of the loopback interface; return the server and its port."""
    server = await asyncio.get_running_loop().create_server(lambda: ServerConnection(handler), "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]
