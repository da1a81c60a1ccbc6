"""Work that runs beside the requests for as long as the service does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

import structlog

from chassis.errors import Unavailable
from chassis.events.tasks import end_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

T = TypeVar("T")
R = TypeVar("R")
_PAUSE_SECONDS = 5.0
_log = structlog.get_logger(__name__)


async def keep_up(name: str, work: Callable[[], Awaitable[None]], *, pause: float = _PAUSE_SECONDS) -> None:
    """Do work until it has nothing more to do or is cancelled; what goes wrong is logged, and it begins again."""
    while True:
        end_if_cancelled()
        try:
            await work()
        except Unavailable as error:
            _log.warning("background work waits", work=name, what=type(error).__name__, reason=repr(error.__cause__))
        except Exception:  # noqa: BLE001 (it must not end while the service runs)
            _log.exception("background work failed and begins again", work=name)
        else:
            return
        await asyncio.sleep(pause)


async def for_each(things: Iterable[T], work: Callable[[T], Awaitable[R]]) -> list[R]:
    """Do work for each of several things, so that none for which it fails holds up others; return what it returned.

    Raises ExceptionGroup of what went wrong when all were tried, Unavailable at once.
    """
    done: list[R] = []
    failed: list[Exception] = []
    for thing in things:
        try:
            done.append(await work(thing))
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 (it is raised below)
            failed.append(error)
    if failed:
        raise ExceptionGroup("it went wrong for some", failed)
    return done
