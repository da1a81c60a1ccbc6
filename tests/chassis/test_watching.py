"""Looks come at once when something was committed, go on after a failure, and end when nobody follows."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from chassis.errors import Unavailable
from chassis.watching import Watching

if TYPE_CHECKING:
    from chassis.database import Database


class Followed:
    """Something that is followed, with the looks at it; no look comes by itself within a test."""

    def __init__(self, *failures: Exception) -> None:
        self._failures = list(failures)
        self._looks: asyncio.Queue[None] = asyncio.Queue()
        self.is_followed = True
        self._commits = SimpleNamespace(after_commit=[])
        database = cast("Database", self._commits)
        self.watching = Watching(
            database, self._look, lambda: self.is_followed, name="test", seconds=3600, at_least=0.001
        )

    def commit(self) -> None:
        for told in self._commits.after_commit:
            told()

    async def _look(self) -> None:
        self._looks.put_nowait(None)
        if self._failures:
            raise self._failures.pop(0)

    async def look(self) -> None:
        """Wait for the next look."""
        await asyncio.wait_for(self._looks.get(), 10)

    def has_looked(self) -> bool:
        return not self._looks.empty()


async def test_a_commit_brings_a_look_at_once_and_nothing_else_does() -> None:
    followed = Followed()
    followed.watching.look_now()
    await followed.look()
    followed.commit()
    await followed.look()
    await asyncio.sleep(0.05)
    assert not followed.has_looked()
    assert followed.watching.is_on


async def test_a_look_that_fails_is_followed_by_others() -> None:
    followed = Followed(Unavailable(reason="away"), ValueError("a fault"))
    followed.watching.look_now()
    for _ in range(2):
        await followed.look()
        followed.commit()
    await followed.look()


async def test_nobody_looks_when_nobody_follows_and_a_new_follower_begins_anew() -> None:
    followed = Followed()
    followed.watching.look_now()
    await followed.look()
    followed.is_followed = False
    followed.commit()
    async with asyncio.timeout(10):
        while followed.watching.is_on:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    while followed.has_looked():
        await followed.look()
    followed.is_followed = True
    followed.watching.look_now()
    await followed.look()
