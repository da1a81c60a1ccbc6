"""Who follows an account learns that something was posted to it.

One look at the database, for all that are followed together, when this program has committed something and otherwise
once a second: postings of other instances are seen too, nothing is lost with a connection, and who posts does nothing
for it (PostgreSQL's NOTIFY would let postings commit one after another).
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

import structlog

from chassis.database import EVERYWHERE
from chassis.errors import Unavailable
from services.credit.storage.catalogues import Catalogues
from services.credit.storage.reads import events_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from chassis.database import Database
    from chassis.service import Runtime

_log = structlog.get_logger(__name__)


class Follower:
    """Waits for news of one account; however many there are meanwhile, it is told once."""

    def __init__(self) -> None:
        self._events: int | None = -1
        self._news = asyncio.Event()

    def told(self, events: int | None) -> None:
        """Take in how many events the account has; None: it is closed."""
        if events != self._events:
            self._events = events
            self._news.set()

    async def changed(self) -> bool:
        """Wait until there is news, the first time at once; False when the account was closed."""
        await self._news.wait()
        self._news.clear()
        return self._events is not None


class Live:
    """Everybody in this program who follows an account."""

    def __init__(self, database: Database, *, seconds: float = 1.0, at_least: float = 0.1) -> None:
        """`seconds` is how long other instances' postings may go unseen, `at_least` what lies between two looks."""
        self._database = database
        self._seconds, self._at_least = seconds, at_least
        self._followed: dict[UUID, set[Follower]] = {}
        self._committed = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None
        database.after_commit.append(self._committed.set)

    @asynccontextmanager
    async def following(self, account_id: UUID) -> AsyncIterator[Follower]:
        """Follow an account for as long as the block runs."""
        follower = Follower()
        self._followed.setdefault(account_id, set()).add(follower)
        self._committed.set()
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch(), name="live balances")
        try:
            yield follower
        finally:
            others = self._followed[account_id]
            others.discard(follower)
            if not others:
                del self._followed[account_id]

    async def _watch(self) -> None:
        """Look again and again until nobody follows anything."""
        while self._followed:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds):
                    await self._committed.wait()
            # Before the look: what is committed during it asks for another one.
            self._committed.clear()
            try:
                await self._look()
            except Unavailable:
                _log.warning("live balances wait for the database")
            except Exception:  # noqa: BLE001 (it goes on at the next turn)
                _log.exception("a look at live balances failed")
            await asyncio.sleep(self._at_least)

    async def _look(self) -> None:
        async with self._database.read(EVERYWHERE) as session:
            found = await events_of(session, list(self._followed))
        for id_, followers in self._followed.items():
            if id_ in found:
                for follower in followers:
                    follower.told(found[id_])


class Extras(NamedTuple):
    """What credit's resolvers find in `context.extras`."""

    catalogues: Catalogues
    live: Live


def extras(runtime: Runtime) -> Extras:
    """Make it, for one program."""
    return Extras(Catalogues(), Live(runtime.database))
