"""Who follows tickets, an inbox or notifications learns that something changed.

One look at the outbox for all who follow in this program: when it has committed something itself, and otherwise once a
second, so that changes by other instances, sweeps and reactions are seen too. Who follows is told which tickets
changed, not what: it is read anew, by what they may see then (decision 0096).
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import structlog

from chassis.database import EVERYWHERE
from chassis.errors import ApiError, Unavailable
from chassis.events.tail import MOST_AT_ONCE, Fact, Tail
from chassis.ids import new_id

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from uuid import UUID

    from chassis.database import Database

_log = structlog.get_logger(__name__)
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
        self._database = database
        self._seconds, self._at_least = seconds, at_least
        self._followers: set[Follower] = set()
        self._committed = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None
        self._has_begun = asyncio.Event()
        database.after_commit.append(self._committed.set)

    @asynccontextmanager
    async def following(self, wants: Callable[[Fact], bool]) -> AsyncIterator[Follower]:
        """Follow for as long as the block runs; what is committed from its beginning on is told."""
        follower = Follower(wants)
        self._followers.add(follower)
        if self._watching is None or self._watching.done():
            self._has_begun.clear()
            self._watching = asyncio.create_task(self._watch(), name="live tickets")
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

    async def _watch(self) -> None:
        """Look again and again until nobody follows anything."""
        tail = Tail()
        while self._followers:
            # Before the look: what is committed during it asks for another one.
            self._committed.clear()
            try:
                while await self._look(tail) == MOST_AT_ONCE:
                    pass
            except Unavailable:
                _log.warning("live tickets wait for the database")
            except Exception:  # noqa: BLE001 (it goes on at the next turn)
                _log.exception("a look at live tickets failed")
            else:
                self._has_begun.set()
            await asyncio.sleep(self._at_least)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds):
                    await self._committed.wait()

    async def _look(self, tail: Tail) -> int:
        async with self._database.read(EVERYWHERE) as session:
            found = await tail.news(session)
        for fact in found:
            self._tell(fact)
        return len(found)
