"""Stop the work of a request when the client goes away or its time is over."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Receive

PATIENCE_SECONDS = 0.05
"""Most requests end before: for them a timer is set and taken back, which costs a tenth of a task."""


class Ending(Enum):
    """Why a request was ended before its end."""

    GONE = "gone"
    """The client has gone."""
    LATE = "late"
    """Its time is over."""


class Watch:
    """Cancels the task that made it when the client disconnects or after `seconds`; `ending` then says why.

    Whoever catches that cancellation calls `asyncio.Task.uncancel`. Call `body_read` once the body has been received,
    and `end` in the end.
    """

    __slots__ = ("_is_body_read", "_looking", "_loop", "_receive", "_seconds", "_task", "_timer", "ending")

    def __init__(self, receive: Receive, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._receive = receive
        self._seconds = seconds
        self._is_body_read = False
        self._looking: asyncio.Task[None] | bool = False
        self._timer = self._loop.call_later(min(PATIENCE_SECONDS, seconds), self._begin)
        self.ending: Ending | None = None

    def body_read(self) -> None:
        """From now on, whatever is received is the client's going."""
        self._is_body_read = True
        if self._looking is True:
            self._looking = self._loop.create_task(self._look())

    def end(self) -> None:
        """Watch no longer."""
        self._timer.cancel()
        if isinstance(self._looking, asyncio.Task):
            self._looking.cancel()

    def _begin(self) -> None:
        self._timer = self._loop.call_later(max(0.0, self._seconds - PATIENCE_SECONDS), self._stop, Ending.LATE)
        self._looking = self._loop.create_task(self._look()) if self._is_body_read else True

    async def _look(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._stop(Ending.GONE)

    def _stop(self, why: Ending) -> None:
        if self.ending is None and self._task is not None:
            self.ending = why
            self._task.cancel()
