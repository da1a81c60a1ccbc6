"""Stop the work when the client goes away."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import Receive

T = TypeVar("T")


async def until_disconnect(receive: Receive, work: Callable[[Receive], Awaitable[T]]) -> T | None:
    """Run `work(receive)`; return None, with the work cancelled, when the client disconnects before its end."""
    body_read = asyncio.Event()

    async def reading() -> dict[str, Any]:
        message = await receive()
        if not message.get("more_body", False):
            body_read.set()
        return dict(message)

    async def gone() -> None:
        await body_read.wait()
        while (await receive())["type"] != "http.disconnect":
            pass

    working = asyncio.ensure_future(work(reading))
    watching = asyncio.ensure_future(gone())
    try:
        await asyncio.wait((working, watching), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, watching):
            task.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)
