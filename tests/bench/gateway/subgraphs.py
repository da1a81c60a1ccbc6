"""The benchmark's subgraphs: four ports in one process, each distinct request body answered from memory.

The first time a body comes, graphql-core works the answer out over the data; from then on it costs a look-up. So the
gateway is what is measured. `GET /count` tells how many requests came, `GET /latest` the latest of them.

Run as `python -m tests.bench.gateway.subgraphs own`: prints a line of JSON, the address of each subgraph.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import deque
from dataclasses import dataclass, field

import uvloop

from tests.bench.gateway.data import choose
from tests.bench.gateway.http_server import listen
from tests.gateway.subgraph_kit import FixtureSubgraph


@dataclass
class Counter:
    """What the subgraphs were asked."""

    count: int = 0
    latest: deque[tuple[str, bytes]] = field(default_factory=lambda: deque(maxlen=100))

    def told(self, path: str) -> bytes | None:
        """Return what a question of the harness gets, None for a path of the subgraphs' own."""
        if path == "/count":
            return json.dumps(self.count).encode()
        if path == "/latest":
            return json.dumps([(name, body.decode()) for name, body in self.latest]).encode()
        return None


class Remembering:
    """A subgraph that remembers its answers by the request's exact body."""

    def __init__(self, subgraph: FixtureSubgraph, counter: Counter) -> None:
        self._subgraph = subgraph
        self._counter = counter
        self._answers: dict[bytes, bytes] = {}

    def __call__(self, path: str, body: bytes) -> bytes:
        """Answer a request."""
        told = self._counter.told(path)
        if told is not None:
            return told
        self._counter.count += 1
        self._counter.latest.append((self._subgraph.name, body))
        answer = self._answers.get(body)
        if answer is None:
            answer = json.dumps(self._subgraph.answer(json.loads(body)), separators=(",", ":")).encode()
            self._answers[body] = answer
        return answer


async def main(name: str) -> None:
    """Serve until the process is ended."""
    counter = Counter()
    urls = {}
    servers = []
    for subgraph in choose(name).subgraphs:
        server, port = await listen(Remembering(subgraph, counter))
        servers.append(server)
        urls[subgraph.name] = f"http://127.0.0.1:{port}/graphql"
    sys.stdout.write(json.dumps(urls) + "\n")
    sys.stdout.flush()
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
