"""`linli up`: one run of Linli until someone ends it."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

from deploy.local.runner import Runner
from deploy.local.settings import DataFolder, LocalSettings
from deploy.local.supervisor import only_runner

if TYPE_CHECKING:
    from deploy.local.progress import Report

_PARENT_POLL_SECONDS = 0.5
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def up(settings: LocalSettings, report: Report, *, with_parent: bool) -> None:
    """Run Linli until SIGINT, SIGTERM or SIGHUP; with `with_parent` also until the parent process ends.

    Raises LocalError when a part fails; everything is stopped before this returns or raises.
    """
    with only_runner(DataFolder(settings.data).lock):
        runner = Runner(settings, report)
        work = asyncio.ensure_future(_start_and_watch(runner))
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, work.cancel)
        following = asyncio.ensure_future(_cancel_with_parent(work)) if with_parent else None
        try:
            await asyncio.wait([work])
        finally:
            # From here on a second Ctrl-C changes nothing: stopping has its own time limits.
            for number in _SIGNALS:
                loop.add_signal_handler(number, lambda: None)
            if following:
                following.cancel()
            with report.step("Stopping"):
                await runner.stop()
        if not work.cancelled():
            work.result()


async def _start_and_watch(runner: Runner) -> None:
    await runner.start()
    await runner.watch()


async def _cancel_with_parent(work: asyncio.Future[None]) -> None:
    """Cancel `work` when the parent process is gone: `make` was killed, and nobody would stop what it started."""
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110 (no event tells of it on every system)
        await asyncio.sleep(_PARENT_POLL_SECONDS)
    work.cancel()
