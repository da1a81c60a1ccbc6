"""What bare Python can do: a server that sends a query's recorded subgraph requests and answers with ready bytes.

It parses, plans, merges and checks nothing, so no gateway in Python that asks as often gets past it by much.
Run as `python -m tests.bench.gateway.bare PORT FILE`; the file maps each query's text to its calls and its answer.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import uvicorn

from tests.bench.gateway.http_client import ClientConnection, connect, post


class Bare:
    """The ASGI application."""

    def __init__(self, script: dict[str, Any]) -> None:
        self._calls = {
            query: [(url, post(url, body.encode())) for url, body in each["calls"]] for query, each in script.items()
        }
        self._answers = {query: each["answer"].encode() for query, each in script.items()}
        self._idle: dict[str, list[ClientConnection]] = {}

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        message = await receive()
        body = message["body"]
        while message.get("more_body"):
            message = await receive()
            body += message["body"]
        query = json.loads(body)["query"]
        for url, request in self._calls.get(query, ()):
            await self._call(url, request)
        answer = self._answers.get(query, b'{"data":{"__typename":"Query"}}')
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    async def _call(self, url: str, request: bytes) -> None:
        idle = self._idle.setdefault(url, [])
        connection = idle.pop() if idle else await connect(url)
        await connection.send(request)
        idle.append(connection)


if __name__ == "__main__":
    uvicorn.run(
        Bare(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        lifespan="off",
        access_log=False,
        log_level="warning",
    )
