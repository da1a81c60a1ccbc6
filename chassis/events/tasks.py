"""Ending background work."""

from __future__ import annotations

import asyncio


def end_if_cancelled() -> None:
    """Raise CancelledError when this task was cancelled and the cancellation got lost on its way up.

    `asyncio.wait_for` loses one that comes together with the result (until Python 3.12), and nats-py turns one into an
    error of its own when its connection is closed. A loop that runs for ever asks here once a turn.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
