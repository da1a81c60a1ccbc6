"""One subscription: every event of its subgraph, completed by the other subgraphs, in order."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from typing import TYPE_CHECKING

from chassis.errors import TimedOut
from chassis.race import cancel
from gateway.execution.client import SubgraphRequest
from gateway.subscriptions.errors import GoingAway, NothingToSubscribe, SignInExpired, TooSlow
from gateway.subscriptions.identity import seconds_left
from gateway.subscriptions.metrics import ENDS, EVENTS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from gateway.execution.client import SubgraphAnswer
    from gateway.execution.engine import Answered
    from gateway.http.graph import Prepared
    from gateway.subscriptions.hub import Hub

    Pending = asyncio.Queue[asyncio.Task[Answered] | None]


async def follow(
    prepared: Prepared, headers: Mapping[str, str], hub: Hub, deliver: Callable[[bytes], Awaitable[None]]
) -> None:
    """Deliver each event's answer (its JSON text) until the subgraph completes the subscription.

    `headers` are forwarded to subgraphs. Raises SubrequestErrors of the subgraph, TooSlow, SignInExpired,
    TooManySubscriptions, NothingToSubscribe, and what `deliver` raises; then nothing of it runs any more.
    """
    if hub.closing.is_set():
        raise GoingAway
    subgraph = subgraph_of(prepared)
    left = seconds_left(headers.get("authorization"), time.time())
    outcome = "cancelled"
    with hub.subscription(subgraph):
        try:
            async with asyncio.timeout(left) as limit:
                await _Following(prepared, headers, hub, subgraph).run(deliver)
            outcome = "complete"
        except Exception as error:
            outcome = "expired" if limit.expired() else type(error).__name__
            if limit.expired():
                raise SignInExpired from error
            raise
        finally:
            ENDS.labels(subgraph, outcome).inc()


async def answer_once(prepared: Prepared, headers: Mapping[str, str], hub: Hub) -> bytes:
    """Return the answer to a query or mutation, as JSON text. Raises TimedOut."""
    seconds = hub.options.request_seconds
    try:
        async with asyncio.timeout(seconds):
            answered = await prepared.graph.engine.answer(prepared.plan, prepared.variables, headers)
    except TimeoutError as error:
        raise TimedOut(seconds=seconds) from error
    return answered.body


def subgraph_of(prepared: Prepared) -> str:
    """Return the subgraph whose events a subscription follows. Raises NothingToSubscribe."""
    fetches = prepared.plan.fetches
    if not fetches or fetches[0].calls:
        raise NothingToSubscribe
    return fetches[0].subgraph


class _Following:
    def __init__(self, prepared: Prepared, headers: Mapping[str, str], hub: Hub, subgraph: str) -> None:
        self._prepared = prepared
        self._headers = headers
        self._hub = hub
        self._subgraph = subgraph
        self._turns = asyncio.Semaphore(hub.options.concurrent_events)
        self._pending: Pending = asyncio.Queue()

    async def run(self, deliver: Callable[[bytes], Awaitable[None]]) -> None:
        reading = asyncio.create_task(self._read())
        answering: asyncio.Task[Answered] | None = None
        try:
            while (answering := await self._pending.get()) is not None:
                await deliver((await answering).body)
            await reading
        finally:
            await cancel([reading, *([answering] if answering else []), *self._drained()])

    async def _read(self) -> None:
        """Read events into the queue; end it with None, whatever happens."""
        prepared, limit = self._prepared, self._hub.options.queued_events
        fetch = prepared.plan.fetches[0]
        variables = {name: prepared.variables[name] for name in fetch.variables if name in prepared.variables}
        request = SubgraphRequest(fetch.document, variables)
        url = prepared.graph.supergraph.subgraphs[self._subgraph].url
        counter = EVENTS.labels(self._subgraph)
        try:
            async with aclosing(self._hub.upstream.events(self._subgraph, url, request, self._headers)) as events:
                async for event in events:
                    counter.inc()
                    if self._pending.qsize() >= limit:
                        await cancel(self._drained())
                        raise TooSlow(limit=limit)
                    self._pending.put_nowait(asyncio.create_task(self._answer(event)))
        finally:
            self._pending.put_nowait(None)

    async def _answer(self, event: SubgraphAnswer) -> Answered:
        prepared = self._prepared
        async with self._turns:
            return await prepared.graph.engine.answer(prepared.plan, prepared.variables, self._headers, event)

    def _drained(self) -> list[asyncio.Task[Answered]]:
        tasks: list[asyncio.Task[Answered]] = []
        while not self._pending.empty():
            task = self._pending.get_nowait()
            if task is not None:
                tasks.append(task)
        return tasks
