"""Requests that arrive evenly, however long the answers take: each is timed from when it should have been sent."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson

from tests.bench.gateway.http_client import ClientConnection, connect

if TYPE_CHECKING:
    from tests.bench.city.questions import Ask, Question

_PATIENCE = 60.0


@dataclass
class Load:
    """Milliseconds of each answer, and what was wrong with some."""

    milliseconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def percentile(self, part: float) -> float:
        """Return what `part` of the answers (0 to 1) do not exceed."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def request(url: str, question: Question) -> bytes:
    """Return the bytes of a request."""
    parts = urlsplit(url)
    body = orjson.dumps({"query": question.query, "variables": question.variables})
    head = (
        f"POST {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\ncontent-type: application/json\r\n"
        f"accept: application/json\r\nauthorization: Bearer {question.token}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def run(url: str, ask: Ask, rate: float, seconds: float) -> Load:
    """Send `rate` requests a second for so many seconds, and wait for every answer."""
    load, idle = Load(), list[ClientConnection]()
    waiting = [request(url, ask()) for _ in range(int(rate * seconds))]
    started = time.perf_counter()

    async def send(at: float, message: bytes) -> None:
        while idle and not idle[-1].is_open:
            idle.pop()
        connection = idle.pop() if idle else await connect(url)
        try:
            body = await connection.send(message)
        except OSError as error:
            load.wrong.append(str(error))
            return
        load.milliseconds.append(1000 * (time.perf_counter() - at))
        idle.append(connection)
        answer = orjson.loads(body)
        if "errors" in answer or not answer.get("data"):
            load.wrong.append(body[:1000].decode(errors="replace"))

    async with asyncio.timeout(seconds + _PATIENCE), asyncio.TaskGroup() as group:
        for number, message in enumerate(waiting):
            at = started + number / rate
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            group.create_task(send(at, message))
    for connection in idle:
        connection.close()
    return load
