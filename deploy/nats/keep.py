"""Keeping the stream and the consumers: what is lost on the servers is made anew within seconds, without a person."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import structlog

from deploy.local.errors import LocalError
from deploy.nats import change
from deploy.nats.declared import read

if TYPE_CHECKING:
    from pathlib import Path

_log = structlog.get_logger(__name__)

SECONDS = 5.0


async def keep(declaration: Path, seconds: float = SECONDS) -> None:
    """Bring the servers in line with the declaration every `seconds` seconds, until cancelled.

    The declaration is read anew each time, so what is added to it meanwhile is kept too. Servers that are away are
    waited for; each trouble is told once.
    """
    told = ""
    while True:
        started = time.monotonic()
        try:
            await change.provide(await asyncio.to_thread(read, declaration))
            trouble = ""
        except LocalError as error:
            trouble = str(error)
        if trouble and trouble != told:
            _log.warning("the stream cannot be looked after", error=trouble)
        told = trouble
        await asyncio.sleep(max(seconds - (time.monotonic() - started), 0.1))
