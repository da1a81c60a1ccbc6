"""What all subscriptions of a gateway share: the counts, the way to subgraphs, and the end of service."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gateway.subscriptions.errors import TooManyConnections, TooManySubscriptions
from gateway.subscriptions.metrics import CONNECTIONS, SUBSCRIPTIONS
from gateway.subscriptions.upstream import Upstream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.subscriptions.options import SubscriptionOptions

_LAST_WORDS_SECONDS = 5.0


class Hub:
    """One for a gateway; `close` it before the server stops its connections."""

    def __init__(self, options: SubscriptionOptions) -> None:
        self.options = options
        self.upstream = Upstream(options)
        self.closing = asyncio.Event()
        """Set when the gateway stops: everyone says goodbye."""
        self._users: Counter[str] = Counter()
        self._subscriptions = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def connections(self) -> int:
        """How many connections and streams there are."""
        return self._users.total()

    @property
    def subscriptions(self) -> int:
        """How many subscriptions run."""
        return self._subscriptions

    @contextmanager
    def connection(self, user: str, transport: str) -> Iterator[None]:
        """Count a connection of `user` (`user_key`) while it lasts. Raises TooManyConnections."""
        if self._users[user] >= self.options.connections_per_user:
            raise TooManyConnections(limit=self.options.connections_per_user)
        if self._users.total() >= self.options.connections:
            raise TooManyConnections(limit=self.options.connections)
        self._users[user] += 1
        self._idle.clear()
        try:
            with CONNECTIONS.labels(transport).track_inprogress():
                yield
        finally:
            self._users[user] -= 1
            if not self._users[user]:
                del self._users[user]
            if not self._users:
                self._idle.set()

    @contextmanager
    def subscription(self, subgraph: str) -> Iterator[None]:
        """Count a subscription to `subgraph` while it lasts. Raises TooManySubscriptions."""
        if self._subscriptions >= self.options.subscriptions:
            raise TooManySubscriptions(limit=self.options.subscriptions)
        self._subscriptions += 1
        try:
            with SUBSCRIPTIONS.labels(subgraph).track_inprogress():
                yield
        finally:
            self._subscriptions -= 1

    async def close(self) -> None:
        """End all subscriptions, telling their clients, and close the connections to subgraphs. May be repeated."""
        self.closing.set()
        try:
            async with asyncio.timeout(_LAST_WORDS_SECONDS):
                await self._idle.wait()
        except TimeoutError:
            pass
        await self.upstream.close()
