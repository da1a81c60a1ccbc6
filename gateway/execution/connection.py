"""One HTTP/1.1 connection to a subgraph: an asyncio protocol over httptools, one exchange at a time.

A library's client costs 90 to 1,100 µs of processor time for a call where this costs 20 (docs/performance.md), and a
gateway does little else. Everything that decides (which connection, how long, whether again) is the pool's.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol, cast

import httptools

from gateway.execution.errors import SubrequestHttpError, SubrequestMalformedError, SubrequestTooLargeError

if TYPE_CHECKING:
    from gateway.execution.errors import SubrequestError

FIRST_FINAL_STATUS = 200


class Exchange(Protocol):
    """A request that runs on a connection, and who waits for its answer."""

    def answered(self, connection: Connection, status: int, content: bytes) -> None:
        """Take the whole answer; the connection is free again if it `is_reusable`."""

    def failed(self, connection: Connection, error: SubrequestError, *, untouched: bool) -> None:
        """Take that there is none; `untouched` says that not a byte of an answer came."""


class Connection(asyncio.Protocol):
    """A connection to a subgraph. `idle_since` is on the loop's clock."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._exchange: Exchange | None = None
        self._chunks: list[bytes] = []
        self._size = 0
        self._began = False
        self._is_whole = False
        self._status = 0
        self._encoding = b""
        self._ends_by_closing = False
        self.is_reusable = False
        self.idle_since = 0.0

    @property
    def is_open(self) -> bool:
        """Whether a request can be sent."""
        return self._transport is not None and not self._transport.is_closing()

    def run(self, exchange: Exchange, request: bytes) -> None:
        """Send a whole request; the exchange hears of its answer."""
        self._exchange = exchange
        self._chunks = []
        self._size = 0
        self._began = False
        self._encoding = b""
        if self._transport is not None:
            self._transport.write(request)

    def close(self) -> None:
        """Close, without a word to an exchange that runs."""
        self._exchange = None
        if self._transport is not None:
            self._transport.abort()

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is not a subclass

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the exchange that runs, if one does."""
        # An answer without a length ends where the connection ends (RFC 9112, 6.3); httptools does not say so.
        if self._ends_by_closing and exc is None:
            self._finish()
        self._fail(SubrequestHttpError("The service closed the connection."))

    def data_received(self, data: bytes) -> None:
        """Feed the parser; once the answer is whole, hand it over."""
        if self._exchange is None:
            # Nothing was asked: what comes now would be taken for the answer to the next request.
            self.close()
            return
        self._began = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail(SubrequestMalformedError("The service's answer is not HTTP."))
            self.close()
            return
        if self._is_whole:
            self._is_whole = False
            self._finish()

    # What httptools calls

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note the headers that matter."""
        if name.lower() == b"content-encoding":
            self._encoding = value.lower()

    def on_headers_complete(self) -> None:
        """Note how the answer will end."""
        self._status = self._parser.get_status_code()
        self._ends_by_closing = self._status >= FIRST_FINAL_STATUS and not self._parser.should_keep_alive()

    def on_body(self, body: bytes) -> None:
        """Collect a part of the body, up to the limit."""
        self._size += len(body)
        if self._size > self._most_bytes:
            self._fail(SubrequestTooLargeError("The service's answer is too large."))
            self.close()
            return
        self._chunks.append(body)

    def on_message_complete(self) -> None:
        """Note that the answer is whole."""
        # Interim answers (100, 103) come before the one that counts (RFC 9110, 15.2).
        self._is_whole = self._status >= FIRST_FINAL_STATUS
        # Here, because the parser forgets it with the message.
        self.is_reusable = self._parser.should_keep_alive()

    def _finish(self) -> None:
        exchange = self._exchange
        if exchange is None:
            return
        if self._encoding not in {b"", b"identity"}:
            self._fail(SubrequestMalformedError("The service's answer is encoded, which was not asked for."))
            self.close()
            return
        self._exchange = None
        content = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks = []
        exchange.answered(self, self._status, content)

    def _fail(self, error: SubrequestError) -> None:
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.failed(self, error, untouched=not self._began)
