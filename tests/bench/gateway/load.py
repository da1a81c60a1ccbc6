"""The load: connections that ask one after the other, every answer compared, for a time or a count."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from tests.bench.gateway.http_client import ClientConnection, connect, post

GRACE_SECONDS = 30.0
MOST_REQUESTS = 200_000


@dataclass(slots=True)
class Load:
    """What came of it: seconds of each answer, and answers that were not what they must be."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    wrong: int = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, part: float) -> float:
        """Return the latency, in milliseconds, that `part` of the answers (0 to 1) do not exceed."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


class Expected:
    """The answer that must come; the first spelling of it that is equal as JSON is compared as bytes from then on."""

    def __init__(self, value: Any) -> None:
        self._value = value
        self._spelling = b""

    def matches(self, body: bytes) -> bool:
        """Tell whether an answer is the expected one."""
        if body == self._spelling:
            return True
        if json.loads(body) != self._value:
            return False
        self._spelling = body
        return True


def request_of(url: str, query: str) -> bytes:
    """Return the bytes of the request that asks a query."""
    return post(url, json.dumps({"query": query}).encode())


async def run_load(url: str, query: str, expected: Any, connections: int, seconds: float) -> Load:
    """Ask `query` on so many connections for so long, at most 200,000 times.

    Raises OSError when a connection ends or a status is not 200, TimeoutError when answers stop coming.
    """
    request, right, load = request_of(url, query), Expected(expected), Load()
    opened = await asyncio.gather(*(connect(url) for _ in range(connections)))
    started = time.perf_counter()
    end = started + seconds

    async def ask(connection: ClientConnection) -> None:
        while (begun := time.perf_counter()) < end and len(load.latencies) < MOST_REQUESTS:
            body = await connection.send(request)
            load.latencies.append(time.perf_counter() - begun)
            load.wrong += not right.matches(body)

    try:
        async with asyncio.timeout(seconds + GRACE_SECONDS):
            await asyncio.gather(*(ask(connection) for connection in opened))
    finally:
        for connection in opened:
            connection.close()
    load.seconds = time.perf_counter() - started
    return load
