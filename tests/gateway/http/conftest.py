"""The gateway's application on a free port, over two fixture subgraphs that it composed itself."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import uvicorn

from gateway.composition.compose import SubgraphSource, compose
from gateway.http.app import application
from gateway.settings import GatewaySettings
from tests.gateway.subgraph_kit import FixtureSubgraph, RunningSubgraphs, serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LINK = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
"""
PLACES = (
    LINK
    + """
type Query { places: [Place!]! me: String some(first: Int): [Place!]! }
type Mutation { rename(id: ID!, name: String!): Place }
type Place @key(fields: "id") { id: ID! name: String! inner: Place }
"""
)
COUNTS = (
    LINK
    + """
type Query { total: Int }
type Place @key(fields: "id") { id: ID! count: Int }
"""
)
ROWS = [{"id": "1", "name": "东"}, {"id": "2", "name": "西"}]


@dataclass
class Served:
    url: str
    running: RunningSubgraphs
    client: aiohttp.ClientSession

    async def ask(self, query: str, headers: dict[str, str] | None = None, **body: Any) -> tuple[int, dict[str, Any]]:
        async with self.client.post(f"{self.url}/graphql", json={"query": query, **body}, headers=headers) as response:
            return response.status, await response.json(content_type=None)


def subgraphs() -> list[FixtureSubgraph]:
    places = {
        "Query.places": ROWS,
        "Query.some": lambda _source, first: ROWS[:first],
        "Place.inner": lambda source: source,
        "Mutation.rename": lambda _source, id, name: {"id": id, "name": name},  # noqa: A006
        "Place": lambda representation: next(row for row in ROWS if row["id"] == representation["id"]),
    }
    counts = {"Query.total": 7, "Place.count": lambda source: int(source["id"]) * 10, "Place": None}
    return [FixtureSubgraph("places", PLACES, places), FixtureSubgraph("counts", COUNTS, counts)]


@asynccontextmanager
async def serving(**settings: Any) -> AsyncIterator[Served]:
    async with serve(subgraphs()) as running:
        sources = [SubgraphSource(name, url, running.subgraphs[name].sdl) for name, url in running.urls.items()]
        chosen = GatewaySettings.model_validate({"subgraphs": "unused=http://127.0.0.1:1", **settings})
        config = uvicorn.Config(application(chosen, compose(sources)), port=0, log_config=None, lifespan="on")
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            async with aiohttp.ClientSession() as client:
                yield Served(f"http://127.0.0.1:{port}", running, client)
        finally:
            server.should_exit = True
            await task


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as running:
        yield running
