"""Ask a cut graph what the whole one is asked, by every executor, and tell where they differ."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec
from graphql import build_schema, execute_sync, parse, validate

from gateway.composition.compose import compose
from gateway.composition.read_subgraph import SubgraphSource
from gateway.composition.supergraph_sdl import read_supergraph
from gateway.execution.client import HttpSubgraphClient, SubgraphAnswer, SubgraphRequest, read_answer
from gateway.execution.engine import Engine
from gateway.execution.execute import execute
from gateway.execution.pool import HttpAnswer
from gateway.planning.cache import PlanCache
from gateway.planning.planner import Planner
from tests.gateway.differential.cut import RowResolver, RowSubgraph, subgraph_sdl, supergraph_sdl, whole_sdl
from tests.gateway.differential.random_graph import RandomGraph
from tests.gateway.differential.random_operation import RandomOperation
from tests.gateway.subgraph_kit import serve

if TYPE_CHECKING:
    from gateway.composition.supergraph import Supergraph
    from gateway.planning.plan import Plan

Client = Any
Executor = Callable[["Plan", Mapping[str, Any], Client], Awaitable[dict[str, Any]]]


async def interpretive(plan: Plan, variables: Mapping[str, Any], client: Client) -> dict[str, Any]:
    """Answer by the reference executor."""
    return (await execute(plan, variables=variables, client=client, headers={})).formatted()


async def compiled(plan: Plan, variables: Mapping[str, Any], client: Client) -> dict[str, Any]:
    """Answer by the fast path."""
    answered = await Engine(client, share=False, compile_at=1).answer(plan, variables, {})
    decoded: dict[str, Any] = msgspec.json.decode(answered.body)
    return decoded


EXECUTORS: dict[str, Executor] = {"interpretive": interpretive, "compiled": compiled}


class DirectClient:
    """Subgraphs asked in this process: a tenth of the time that HTTP takes."""

    def __init__(self, subgraphs: Mapping[str, RowSubgraph]) -> None:
        self._subgraphs = subgraphs

    async def fetch(self, subgraph: str, request: SubgraphRequest, _headers: Mapping[str, str]) -> SubgraphAnswer:
        """Answer as `HttpSubgraphClient.fetch` does."""
        return read_answer(200, self._answer(subgraph, request.body()))

    def send(
        self, subgraph: str, _head: bytes, body: bytes, done: Callable[[Any], None], *, is_mutation: bool = False
    ) -> None:
        """Answer as `HttpSubgraphClient.send` does: later."""
        assert not is_mutation
        asyncio.get_running_loop().call_soon(lambda: done(HttpAnswer(200, self._answer(subgraph, body))))

    def _answer(self, subgraph: str, body: bytes) -> bytes:
        found = self._subgraphs[subgraph]
        found.asked.clear()
        return msgspec.json.encode(found.answer(msgspec.json.decode(body)))


def cut_supergraph(graph: RandomGraph, seed: int) -> Supergraph:
    """Return the supergraph, by turns composed from the subgraphs and read from a supergraph printed by hand."""
    if seed % 2:
        return read_supergraph(supergraph_sdl(graph))
    return compose([SubgraphSource(name, "", subgraph_sdl(graph, name)) for name in graph.subgraphs])


def nulled_by_errors(answered: dict[str, Any]) -> set[tuple[Any, ...]]:
    """Return where errors left nulls: each error's path, cut at the null it led to.

    Which of several errors below one null are reported is left open by the specification.
    """
    places = set()
    for error in answered.get("errors") or ():
        value: Any = answered["data"]
        place: list[Any] = []
        for element in error.get("path", ()):
            if value is None:
                break
            place.append(element)
            value = value[element] if not isinstance(value, dict) or element in value else None
        places.add(tuple(place))
    return places


@asynccontextmanager
async def _client(subgraphs: list[RowSubgraph], *, over_http: bool) -> AsyncIterator[Client]:
    if not over_http:
        yield DirectClient({each.name: each for each in subgraphs})
        return
    async with serve(list(subgraphs)) as running:
        client = HttpSubgraphClient(running.urls)
        try:
            yield client
        finally:
            await client.close()


async def differences(seed: int, operations: int, *, over_http: bool) -> tuple[int, list[str]]:
    """Compare so many operations on the graph of a seed; return how many were valid, and what differed."""
    graph = RandomGraph(seed)
    whole = build_schema(whole_sdl(graph))
    supergraph = cut_supergraph(graph, seed)
    plans = PlanCache(Planner(supergraph))
    resolver = RowResolver(graph)
    compared, found = 0, []
    async with _client([RowSubgraph(graph, name) for name in graph.subgraphs], over_http=over_http) as client:
        for number in range(operations):
            operation = RandomOperation(whole, seed * 10_000 + number)
            document = parse(operation.text)
            # A subgraph may declare less than the whole (a nullable field, say), and then so does the composed schema.
            if validate(whole, document) or validate(supergraph.api_schema, document):
                continue
            compared += 1
            result = execute_sync(
                whole,
                document,
                variable_values=operation.variables,
                field_resolver=resolver,
                type_resolver=lambda value, _info, _type: value["__typename"],
            )
            expected = {"data": result.data, "errors": [each.formatted for each in result.errors or ()]}
            plan = plans.get(operation.text, document, None, operation.variables)
            for name, answer in EXECUTORS.items():
                given = await answer(plan, operation.variables, client)
                if given["data"] != expected["data"] or nulled_by_errors(given) != nulled_by_errors(expected):
                    found.append(f"{name}, seed {seed}, operation {number}: {operation.text} {operation.variables}")
    return compared, found
