"""Ask subgraphs for their SDL (Federation specification, `_service`)."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import aiohttp
import structlog

from gateway.composition.compose import SubgraphSource

if TYPE_CHECKING:
    from collections.abc import Mapping

_log = structlog.get_logger(__name__)
_QUERY = {"query": "{ _service { sdl } }"}
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0


class SubgraphSilent(Exception):
    """A subgraph did not tell its SDL in time; the message names it and why."""


async def fetch_sources(urls: Mapping[str, str], seconds: float) -> list[SubgraphSource]:
    """Return every subgraph's SDL, asking again while one is still starting. Raises SubgraphSilent after `seconds`."""
    timeout = aiohttp.ClientTimeout(total=5)
    async with aiohttp.ClientSession(timeout=timeout) as client:
        asking = [_fetch(client, name, url, time.monotonic() + seconds) for name, url in urls.items()]
        return list(await asyncio.gather(*asking))


async def _fetch(client: aiohttp.ClientSession, name: str, url: str, deadline: float) -> SubgraphSource:
    pause = _FIRST_PAUSE
    while True:
        try:
            async with client.post(url, json=_QUERY) as response:
                answer = await response.json(content_type=None)
            return SubgraphSource(name, url, answer["data"]["_service"]["sdl"])
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            if time.monotonic() + pause > deadline:
                raise SubgraphSilent(f"subgraph {name} at {url} does not tell its SDL: {error!r}") from error
            _log.info("waiting for a subgraph", subgraph=name, url=url)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
