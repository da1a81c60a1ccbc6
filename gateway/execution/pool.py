"""The connections to one subgraph: how many, for how long, which call gets one, when to leave the subgraph alone."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gateway.execution.breaker import Breaker
from gateway.execution.connection import Connection
from gateway.execution.errors import (
    SubrequestHttpError,
    SubrequestRefusedError,
    SubrequestTimeoutError,
    SubrequestTooLargeError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.execution.errors import SubrequestError

_UNAVAILABLE = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True)
class ClientLimits:
    """What a subgraph may take of the gateway."""

    total_seconds: float = 30.0
    """From the start of a request to the end of its answer."""
    connect_seconds: float = 5.0
    connections: int = 64
    """Connections to one subgraph at a time; further requests wait, within their total time."""
    answer_bytes: int = 32 * 1024 * 1024
    """Size of one answer."""
    idle_seconds: float = 15.0
    """How long a connection is kept for the next request."""
    failures: int = 20
    """After so many failures without a success between them, the subgraph is left alone."""
    pause_seconds: float = 2.0
    """For how long; then one request tries whether it is back."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back."""

    status: int
    content: bytes


class Call:
    """A request on its way. `done` is called once, with the answer or why there is none; never after `cancel`."""

    __slots__ = ("_connection", "_done", "_is_repeated", "_may_repeat", "_pool", "_timer", "request")

    def __init__(
        self, pool: Pool, request: bytes, done: Callable[[HttpAnswer | SubrequestError], None], *, may_repeat: bool
    ) -> None:
        self.request = request
        self._pool = pool
        self._done: Callable[[HttpAnswer | SubrequestError], None] | None = done
        self._may_repeat = may_repeat
        self._is_repeated = False
        self._connection: Connection | None = None
        self._timer = pool.loop.call_later(pool.limits.total_seconds, self._late)

    @property
    def is_over(self) -> bool:
        """Whether it has ended or was cancelled."""
        return self._done is None

    def cancel(self) -> None:
        """Stop: a connection on which an answer would still come is closed."""
        self._end()
        self._pool.excuse()
        self._drop()

    def run_on(self, connection: Connection) -> None:
        """Send it on a connection."""
        self._connection = connection
        connection.run(self, self.request)

    def answered(self, connection: Connection, status: int, content: bytes) -> None:
        """Take the whole answer."""
        self._connection = None
        done = self._end()
        self._pool.judge(is_good=status not in _UNAVAILABLE)
        self._pool.take_back(connection)
        if done is not None:
            done(HttpAnswer(status, content))

    def failed(self, connection: Connection, error: SubrequestError, *, untouched: bool) -> None:
        """Take that a connection broke. A query is sent once more when not a byte of an answer came."""
        self._connection = None
        self._pool.forget(connection)
        if untouched and self._may_repeat and not self._is_repeated and not self.is_over:
            self._is_repeated = True
            self._pool.connect_for(self)
            return
        self.fail(error)

    def unreached(self, error: SubrequestError) -> None:
        """Take that there was no connection to be had: nothing was sent, so any request may be sent again."""
        if self._is_repeated or self.is_over:
            self.fail(error)
            return
        self._is_repeated = True
        self._pool.connect_for(self)

    def fail(self, error: SubrequestError) -> None:
        """End without an answer."""
        done = self._end()
        # An answer that is too large says nothing of whether the subgraph is there.
        self._pool.judge(is_good=isinstance(error, SubrequestTooLargeError | SubrequestRefusedError))
        if done is not None:
            done(error)

    def _late(self) -> None:
        self.fail(SubrequestTimeoutError("The service did not answer in time."))
        self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
            self._pool.forget(connection)

    def _end(self) -> Callable[[HttpAnswer | SubrequestError], None] | None:
        self._timer.cancel()
        done, self._done = self._done, None
        return done


class Pool:
    """The connections to the server of one URL. Use it in the loop in which it was made."""

    def __init__(self, url: str, limits: ClientLimits) -> None:
        parts = urlsplit(url)
        if not parts.hostname:
            raise ValueError(f"{url!r} has no host")
        self.loop = asyncio.get_running_loop()
        self.limits = limits
        self._host = parts.hostname
        self._is_secure = parts.scheme == "https"
        self._port = parts.port or (443 if self._is_secure else 80)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        host = parts.netloc.rpartition("@")[2]
        self.head = f"POST {target} HTTP/1.1\r\nhost: {host}\r\n".encode("ascii")
        """How a request to this subgraph begins."""
        self._breaker = Breaker(limits.failures, limits.pause_seconds)
        self._idle: list[Connection] = []
        self._all: set[Connection] = set()
        self._opening: set[asyncio.Task[None]] = set()
        self._waiting: deque[Call] = deque()

    @property
    def is_away(self) -> bool:
        """Whether the subgraph is being left alone."""
        return self._breaker.is_open

    def send(
        self, request: bytes, done: Callable[[HttpAnswer | SubrequestError], None], *, may_repeat: bool
    ) -> Call | None:
        """Send a request; `done` is called with the outcome. None when it has been called already."""
        if not self._breaker.admits(self.loop.time()):
            done(SubrequestRefusedError("The service is away; it is asked again in some seconds."))
            return None
        call = Call(self, request, done, may_repeat=may_repeat)
        connection = self._idle_connection()
        if connection is not None:
            call.run_on(connection)
        else:
            self.connect_for(call)
        return call

    def connect_for(self, call: Call) -> None:
        """Give a call a new connection, or let it wait for one."""
        if len(self._all) + len(self._opening) >= self.limits.connections:
            self._waiting.append(call)
            return
        task = self.loop.create_task(self._connect(call))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    def take_back(self, connection: Connection) -> None:
        """Use a connection for who waits, or keep it."""
        if not connection.is_reusable or not connection.is_open:
            connection.close()
            self.forget(connection)
            return
        call = self._next_waiting()
        if call is not None:
            call.run_on(connection)
            return
        connection.idle_since = self.loop.time()
        self._idle.append(connection)

    def forget(self, connection: Connection) -> None:
        """Take notice that a connection is gone; who waits may get a new one."""
        if connection in self._all:
            self._all.discard(connection)
            call = self._next_waiting()
            if call is not None:
                self.connect_for(call)

    def judge(self, *, is_good: bool) -> None:
        """Take notice of how a call ended."""
        self._breaker.tell(is_good=is_good, at=self.loop.time())

    def excuse(self) -> None:
        """Take notice that a call was cancelled."""
        self._breaker.give_up_try()

    async def close(self) -> None:
        """Close all connections; calls that run fail."""
        for task in list(self._opening):
            task.cancel()
        if self._opening:
            await asyncio.gather(*self._opening, return_exceptions=True)
        while (call := self._next_waiting()) is not None:
            call.fail(SubrequestHttpError("The gateway stops."))
        for connection in list(self._all):
            connection.close()
        self._all.clear()
        self._idle.clear()

    def _idle_connection(self) -> Connection | None:
        oldest = self.loop.time() - self.limits.idle_seconds
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open and connection.idle_since > oldest:
                return connection
            connection.close()
            self._all.discard(connection)
        return None

    def _next_waiting(self) -> Call | None:
        while self._waiting:
            call = self._waiting.popleft()
            if not call.is_over:
                return call
        return None

    async def _connect(self, call: Call) -> None:
        limits = self.limits
        try:
            async with asyncio.timeout(limits.connect_seconds):
                _, connection = await self.loop.create_connection(
                    lambda: Connection(limits.answer_bytes),
                    self._host,
                    self._port,
                    ssl=ssl.create_default_context() if self._is_secure else None,
                )
        except (OSError, TimeoutError):
            self._opening.discard(asyncio.current_task())
            call.unreached(SubrequestHttpError("The service could not be reached."))
            if (waiting := self._next_waiting()) is not None:
                self.connect_for(waiting)
            return
        self._opening.discard(asyncio.current_task())
        self._all.add(connection)
        # Whoever waits longest gets it, should this call be over.
        taker: Call | None = call if not call.is_over else self._next_waiting()
        if taker is not None:
            taker.run_on(connection)
        else:
            connection.is_reusable = True
            self.take_back(connection)
