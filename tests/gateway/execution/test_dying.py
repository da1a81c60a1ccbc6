"""A subgraph dies under load and comes back; or answers late: what the others answer is never lost."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import pytest

from deploy.local.ports import free_port
from gateway.composition.compose import compose
from gateway.composition.subgraph import SubgraphSource
from gateway.execution.client import ClientLimits, HttpSubgraphClient
from gateway.planning.cache import PlanCache
from gateway.planning.planner import Planner
from tests.gateway.gateway_kit import Gateway, answer
from tests.gateway.subgraph_kit import FixtureSubgraph, Server, rows

pytestmark = pytest.mark.usefixtures("each_executor")
LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])'
ITEMS = LINK + 'type Query { items: [Item!]! } type Item @key(fields: "id") { id: ID! name: String! }'
COUNTS = LINK + 'type Query { total: Int } type Item @key(fields: "id") { id: ID! count: Int }'
ROWS = [{"id": str(number), "name": f"item {number}"} for number in range(5)]
QUERY = "{ items { name count } total }"
CLIENTS = 16
PATIENCE = 3.0
"""Seconds that a subgraph may take."""


def subgraphs() -> list[FixtureSubgraph]:
    counts = rows(*({"id": row["id"], "count": 7} for row in ROWS), by="id")
    return [
        FixtureSubgraph("items", ITEMS, {"Query.items": ROWS, "Item": rows(*ROWS, by="id")}),
        FixtureSubgraph("counts", COUNTS, {"Query.total": 5, "Item": counts}),
    ]


class Site:
    """Two subgraphs at ports of their own, and clients that ask until told to stop."""

    def __init__(self) -> None:
        self.servers = {each.name: Server([each], free_port()) for each in subgraphs()}
        urls = {name: server.running.urls[name] for name, server in self.servers.items()}
        sources = [SubgraphSource(name, "", server.subgraphs[name].sdl) for name, server in self.servers.items()]
        supergraph = compose(sources)
        # One connection failure after another opens the circuit; it tries again soon, for the test's sake.
        client = HttpSubgraphClient(urls, ClientLimits(total_seconds=PATIENCE, pause_seconds=0.05))
        self.gateway = Gateway(supergraph, PlanCache(Planner(supergraph)), client, self.servers["items"].running)
        self.answers: list[dict[str, Any]] = []

    async def ask(self) -> None:
        while True:
            self.answers.append(await answer(self.gateway, QUERY))
            await asyncio.sleep(0)

    async def more(self, wanted: Any, number: int = 100) -> None:
        """Wait for so many more answers of a kind."""
        began = len(self.answers)
        async with asyncio.timeout(30):
            while sum(map(wanted, self.answers[began:])) < number:  # noqa: ASYNC110 (others fill the list)
                await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def under_load() -> Any:
    site = Site()
    for server in site.servers.values():
        await server.start()
    asking = [asyncio.create_task(site.ask()) for _ in range(CLIENTS)]
    try:
        yield site
    finally:
        for task in asking:
            task.cancel()
        ended = await asyncio.gather(*asking, return_exceptions=True)
        await site.gateway.client.close()
        for server in site.servers.values():
            await server.stop()
        assert [each for each in ended if not isinstance(each, asyncio.CancelledError)] == []


def is_whole(result: dict[str, Any]) -> bool:
    whole = {"items": [{"name": row["name"], "count": 7} for row in ROWS], "total": 5}
    return result == {"data": whole}


def lacks_counts(result: dict[str, Any]) -> bool:
    lacking = {"items": [{"name": row["name"], "count": None} for row in ROWS], "total": None}
    return bool(
        result["data"] == lacking and {each["extensions"]["service"] for each in result["errors"]} == {"counts"}
    )


def keeps_names(result: dict[str, Any]) -> bool:
    return [each["name"] for each in result["data"]["items"]] == [row["name"] for row in ROWS]


async def test_a_subgraph_that_dies_under_load_and_comes_back_costs_no_field_of_another() -> None:
    async with under_load() as site:
        for _ in range(3):
            await site.more(is_whole)
            await site.servers["counts"].stop()
            await site.more(lacks_counts)
            await site.servers["counts"].start()
        await site.more(is_whole)
    assert all(keeps_names(result) for result in site.answers)


async def test_a_subgraph_that_hangs_does_not_hold_up_what_does_not_need_it() -> None:
    async with under_load() as site:
        await site.more(is_whole)
        site.servers["counts"].hang()
        began = asyncio.get_running_loop().time()
        for _ in range(50):
            assert await answer(site.gateway, "{ items { name } }") == {
                "data": {"items": [{"name": row["name"]} for row in ROWS]}
            }
        assert asyncio.get_running_loop().time() - began < PATIENCE
        await site.more(lacks_counts, CLIENTS)
        site.servers["counts"].go_on()
        await site.more(is_whole)
    assert all(keeps_names(result) for result in site.answers)
