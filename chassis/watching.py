"""Looking again and again for those who follow something, as long as anybody does.

The next look comes when this program has committed something, and otherwise once in a while: what other instances
change is seen too, nothing is lost with a connection, and who changes something does nothing for it (PostgreSQL's
NOTIFY would let transactions commit one after another).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from chassis.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chassis.database import Database

_log = structlog.get_logger(__name__)


class Watching:
    """One look for all who follow something of a kind in this program."""

    def __init__(
        self,
        database: Database,
        look: Callable[[], Awaitable[None]],
        is_followed: Callable[[], bool],
        *,
        name: str,
        seconds: float,
        at_least: float,
    ) -> None:
        """`seconds` is how long other instances' changes may go unseen, `at_least` what lies between two looks."""
        self._look, self._is_followed, self._name = look, is_followed, name
        self._seconds, self._at_least = seconds, at_least
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        database.after_commit.append(self._wanted.set)

    @property
    def is_on(self) -> bool:
        """Whether somebody looks."""
        return self._task is not None and not self._task.done()

    def look_now(self) -> None:
        """Ask for a look, and begin to look again and again unless that is under way."""
        self._wanted.set()
        if not self.is_on:
            self._task = asyncio.create_task(self._watch(), name=self._name)

    async def _watch(self) -> None:
        while self._is_followed():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds):
                    await self._wanted.wait()
            # Before the look: what is committed during it asks for another one.
            self._wanted.clear()
            try:
                await self._look()
            except Unavailable:
                _log.warning("who follows something waits for the database", watching=self._name)
            except Exception:  # noqa: BLE001 (it goes on at the next turn)
                _log.exception("a look at what is followed failed", watching=self._name)
            await asyncio.sleep(self._at_least)
