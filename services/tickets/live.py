"""Who follows tickets, an inbox or notifications learns that something changed.

One look at the outbox for all who follow in this program. Who follows is told which tickets changed, not what: it is
read anew, by what they may see then (decision 0096).
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from chassis.database import EVERYWHERE
from chassis.errors import ApiError
from chassis.events.tail import MOST_AT_ONCE, Fact, Tail
from chassis.ids import new_id
from chassis.watching import Watching

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from uuid import UUID

    from chassis.database import Database

MOST_PENDING = 1000
READ = "read by"
"""Entity of what is told within this program alone: somebody has read notifications."""


class TooSlow(ApiError):
    """A follower does not read as fast as things change."""

    code = "SUBSCRIPTION_TOO_SLOW"
    en = "More than {most} changes wait; read again what you show, then subscribe again."
    zh = "待推送的变更超过 {most} 条，请重新查询后再订阅。"


class Follower:
    """Waits for news of the things that somebody follows; each thing waits once, however often it changes."""

    def __init__(self, wants: Callable[[Fact], bool]) -> None:
        self._wants = wants
        self._pending: dict[UUID, None] = {}
        self._is_any = asyncio.Event()

    def told(self, fact: Fact) -> None:
        """Take in that something happened."""
        if len(self._pending) <= MOST_PENDING and self._wants(fact):
            self._pending[fact.id] = None
            self._is_any.set()

    async def news(self, seconds: float | None = None) -> list[UUID]:
        """Wait for news and return the ids of what changed; nothing when `seconds` have passed. Raises TooSlow."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._is_any.wait()
        if len(self._pending) > MOST_PENDING:
            raise TooSlow(most=MOST_PENDING)
        found = list(self._pending)
        self._pending.clear()
        self._is_any.clear()
        return found


class Live:
    """Everybody in this program who follows something."""

    def __init__(self, database: Database, *, seconds: float = 1.0, at_least: float = 0.1) -> None:
        """`seconds` is how long changes by others may go unseen, `at_least` what lies between two looks."""
        self._database, self._tail = database, Tail()
        self._followers: set[Follower] = set()
        self._has_begun = asyncio.Event()
        self._watching = Watching(
            database, self._look, lambda: bool(self._followers), name="live tickets", seconds=seconds, at_least=at_least
        )

    @asynccontextmanager
    async def following(self, wants: Callable[[Fact], bool]) -> AsyncIterator[Follower]:
        """Follow for as long as the block runs; what is committed from its beginning on is told."""
        follower = Follower(wants)
        self._followers.add(follower)
        if not self._watching.is_on:
            self._tail = Tail()
            self._has_begun.clear()
            self._watching.look_now()
        try:
            await self._has_begun.wait()
            yield follower
        finally:
            self._followers.discard(follower)

    def has_read(self, subject: str) -> None:
        """Tell those who follow the notifications of somebody that they have read some."""
        self._tell(Fact(READ, new_id(), subject))

    def _tell(self, fact: Fact) -> None:
        for follower in self._followers:
            follower.told(fact)

    async def _look(self) -> None:
        """Tell of everything that has come since the last look."""
        while await self._look_once() == MOST_AT_ONCE:
            pass
        self._has_begun.set()

    async def _look_once(self) -> int:
        async with self._database.read(EVERYWHERE) as session:
            found = await self._tail.news(session)
        for fact in found:
            self._tell(fact)
        return len(found)
