"""Waiting until the services have heard of each other what was loaded.

An import is whole in its own service at once; what others keep of it, such as who holds a duty, follows by event.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import aiohttp
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.events import ledger
from deploy.local.errors import LocalError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncEngine

    from deploy.local.postgres import ServerAddress
    from deploy.local.progress import Step

_SECONDS = 600.0
_POLL_SECONDS = 0.2
_READS_AFTER = 2
"""Of two reads that end, the second began after the first: it saw everything published before."""

Found = dict[tuple[str, str], float]
"""By service and consumer."""


async def wait_settled(server: ServerAddress, metrics: Mapping[str, str], step: Step) -> None:
    """Wait until every service has published its events and applied the others'.

    `metrics` are the services' metrics addresses by service. Raises LocalError when it takes more than ten minutes.
    """
    try:
        async with asyncio.timeout(_SECONDS), AsyncExitStack() as stack:
            client = await stack.enter_async_context(aiohttp.ClientSession())
            engines = [_engine(server, service) for service in metrics]
            for engine in engines:
                stack.push_async_callback(engine.dispose)
            while not await _has_settled(engines, client, metrics, step):
                pass
    except TimeoutError:
        raise LocalError(
            f"The services have not heard of each other within {_SECONDS:.0f} seconds what was loaded: "
            "see linli_outbox_parked_aggregates and linli_consumer_pending at their /metrics, and their logs."
        ) from None


async def _has_settled(
    engines: Sequence[AsyncEngine], client: aiohttp.ClientSession, metrics: Mapping[str, str], step: Step
) -> bool:
    """Wait for every outbox, then for every consumer; tell whether that gave no new events to publish."""
    await _drained(engines, step)
    before = await _read_everything(client, metrics)
    while True:
        await asyncio.sleep(_POLL_SECONDS)
        now = await _read_everything(client, metrics)
        behind = [consumer for consumer, reads in now.items() if reads < before[consumer] + _READS_AFTER]
        step.advance_to(len(now) - len(behind), len(now), "services hear of it")
        if not behind:
            return await _waiting(engines) == 0


async def _drained(engines: Sequence[AsyncEngine], step: Step) -> None:
    most = await _waiting(engines)
    while waiting := await _waiting(engines):
        most = max(most, waiting)
        step.advance_to(most - waiting, most, "events are published")
        await asyncio.sleep(_POLL_SECONDS)


def _engine(server: ServerAddress, service: str) -> AsyncEngine:
    return create_async_engine(server.url(f"linli_{service}", driver="asyncpg"))


async def _waiting(engines: Iterable[AsyncEngine]) -> int:
    """Return how many events are not published yet."""
    total = 0
    for engine in engines:
        async with engine.connect() as connection:
            total += (await ledger.backlog(connection)).waiting
    return total


async def _read_everything(client: aiohttp.ClientSession, metrics: Mapping[str, str]) -> Found:
    """Return how often each consumer has found nothing more to read."""
    found: Found = {}
    for service, address in metrics.items():
        async with client.get(address) as response:
            families = text_string_to_metric_families(await response.text())
            samples = [sample for family in families for sample in family.samples]
        for sample in samples:
            if sample.name == "linli_consumer_read_everything_total":
                found[service, sample.labels["consumer"]] = sample.value
    return found
