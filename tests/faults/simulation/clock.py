"""An event loop whose time passes only when nothing is left to do: a minute takes milliseconds, in the same order."""

from __future__ import annotations

import asyncio
import selectors
from typing import Any


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs coroutines by a clock of its own; there is no real I/O on it."""

    def __init__(self) -> None:
        self._virtual = 0.0
        super().__init__(_NoWaiting(self))

    def time(self) -> float:
        return self._virtual

    def pass_time(self, seconds: float) -> None:
        self._virtual += seconds


class _NoWaiting(selectors.SelectSelector):
    """Lets the clock jump where a real selector would wait."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise RuntimeError("everybody waits for something that will never happen")
        self._loop.pass_time(max(timeout, 0.0))
        return []
