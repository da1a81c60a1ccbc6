"""A subscription of a service as a client reads it, without HTTP in between."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson

from chassis.graphql.subscribe import EventStreams

if TYPE_CHECKING:
    from tests.kit import Started

PATIENCE = 30


class Followed:
    """What is told, one after another; None when it is complete."""

    def __init__(self, service: Started, query: str, token: str | None, **variables: Any) -> None:
        self._answers: asyncio.Queue[Any] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._body = orjson.dumps({"query": query, "variables": variables})
        self._task = asyncio.create_task(self._run(EventStreams(service.endpoint), token))

    async def _run(self, streams: EventStreams, token: str | None) -> None:
        headers = [(b"accept", b"text/event-stream"), (b"accept-language", b"en")]
        if token:
            headers.append((b"authorization", f"Bearer {token}".encode()))
        body: list[Any] = [{"type": "http.request", "body": self._body, "more_body": False}]

        async def receive() -> Any:
            if body:
                return body.pop()
            await self._gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            content = message.get("body", b"")
            if content.startswith(b"event: next"):
                self._answers.put_nowait(orjson.loads(content.partition(b"data: ")[2]))
            elif content.startswith(b"event: complete"):
                self._answers.put_nowait(None)

        await streams({"type": "http", "method": "POST", "headers": headers}, receive, send)

    async def next(self) -> Any:
        """What is told next; None when it is complete."""
        async with asyncio.timeout(PATIENCE):
            return await self._answers.get()

    async def data(self) -> Any:
        """The value of the one field that is followed, as it is told next."""
        answer = await self.next()
        assert answer is not None
        assert "errors" not in answer, answer
        (value,) = answer["data"].values()
        return value

    async def code(self) -> str:
        """The code of the error that is told next, after which it is complete."""
        answer = await self.next()
        assert await self.next() is None
        return str(answer["errors"][0]["extensions"]["code"])

    def waiting(self) -> int:
        """How much was told that was not read yet."""
        return self._answers.qsize()

    async def close(self) -> None:
        self._gone.set()
        await self._task
