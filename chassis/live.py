"""Who follows a thing learns that it has changed: one look at the database for all that are followed together."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from chassis.database import EVERYWHERE
from chassis.watching import Watching

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
    from uuid import UUID

    from chassis.database import Database, ReadSession

    Look = Callable[[ReadSession, list[UUID]], Awaitable[Mapping[UUID, Hashable | None]]]


class Follower:
    """Waits for news of one thing; however many there are meanwhile, it is told once."""

    def __init__(self) -> None:
        self._state: Hashable | None = object()
        self._news = asyncio.Event()

    def told(self, state: Hashable | None) -> None:
        """Take in the state of the thing; None: it is over."""
        if state != self._state:
            self._state = state
            self._news.set()

    async def changed(self) -> bool:
        """Wait until there is news, the first time at once; False when the thing is over."""
        await self._news.wait()
        self._news.clear()
        return self._state is not None


class Live:
    """Everybody in this program who follows something of one kind."""

    def __init__(self, database: Database, look: Look, *, seconds: float = 1.0, at_least: float = 0.1) -> None:
        """Follow things by `look`, which returns of those that are there a state that differs after every change.

        `seconds` is how long other instances' changes may go unseen, `at_least` what lies between two looks.
        """
        self._database, self._read = database, look
        self._followed: dict[UUID, set[Follower]] = {}
        self._watching = Watching(
            database, self._look, lambda: bool(self._followed), name="live", seconds=seconds, at_least=at_least
        )

    @asynccontextmanager
    async def following(self, id_: UUID) -> AsyncIterator[Follower]:
        """Follow a thing for as long as the block runs."""
        follower = Follower()
        self._followed.setdefault(id_, set()).add(follower)
        self._watching.look_now()
        try:
            yield follower
        finally:
            others = self._followed[id_]
            others.discard(follower)
            if not others:
                del self._followed[id_]

    async def _look(self) -> None:
        async with self._database.read(EVERYWHERE) as session:
            found = await self._read(session, list(self._followed))
        for id_, followers in self._followed.items():
            if id_ in found:
                for follower in followers:
                    follower.told(found[id_])
