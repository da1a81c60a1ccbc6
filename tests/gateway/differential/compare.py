"""Ask a cut graph what the whole one is asked, by every executor, and tell where they differ."""

from __future__ import annotations

import asyncio
import re
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

# What the field `rr` says: which nested object it requires, and its id.
_REQUIRED = re.compile(r"\[\('\w+ \{ \w+ \}', (?:None|True|False|-?[\d.]+|'[^']*')\)\]")
_NULL_REQUIRED = "}', None)]"
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


def _is_same(given: dict[str, Any], expected: dict[str, Any]) -> bool:
    if given["data"] == expected["data"]:
        return nulled_by_errors(given) == nulled_by_errors(expected)
    # An error below an object that a client and a required field both ask for nulls it for both, here as elsewhere.
    without = [_REQUIRED.sub("", msgspec.json.encode(each["data"]).decode()) for each in (given, expected)]
    return bool(expected["errors"]) and without[0] == without[1] and _NULL_REQUIRED in str(given["data"])


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


class Comparison:
    """A random graph, whole and cut, which are asked the same."""

    def __init__(self, seed: int) -> None:
        graph = RandomGraph(seed)
        self.whole = build_schema(whole_sdl(graph))
        self.supergraph = cut_supergraph(graph, seed)
        self.subgraphs = [RowSubgraph(graph, name) for name in graph.subgraphs]
        self._plans = PlanCache(Planner(self.supergraph))
        self._resolver = RowResolver(graph)
        self._client: Client = None

    @classmethod
    @asynccontextmanager
    async def over(cls, seed: int, *, http: bool = False) -> AsyncIterator[Comparison]:
        """Make the graph of a seed, whose subgraphs answer in this process or over HTTP."""
        made = cls(seed)
        async with _client(made.subgraphs, over_http=http) as made._client:
            yield made

    def validate_next(self, *, is_validating: bool) -> None:
        """Let subgraphs validate what they are asked, or take it as it is."""
        for each in self.subgraphs:
            each.is_validating = is_validating

    def assert_valid(self, text: str) -> None:
        """A subgraph may declare less than the whole (a nullable field, say), and then so does the composed schema."""
        document = parse(text)
        problems = validate(self.whole, document) + validate(self.supergraph.api_schema, document)
        assert not problems, f"{problems[0].message}: {text}"

    async def differing(self, text: str, variables: dict[str, Any]) -> list[str]:
        """Return the executors that answer otherwise than graphql-core."""
        document = parse(text)
        result = execute_sync(
            self.whole,
            document,
            variable_values=variables,
            field_resolver=self._resolver,
            type_resolver=lambda value, _info, _type: value["__typename"],
        )
        expected = {"data": result.data, "errors": [each.formatted for each in result.errors or ()]}
        plan = self._plans.get(text, document, None, variables)
        found = []
        for name, answer in EXECUTORS.items():
            given = await answer(plan, variables, self._client)
            if not _is_same(given, expected):
                found.append(name)
        return found


async def differences(seed: int, operations: int, *, over_http: bool = False, validate_each: int = 1) -> list[str]:
    """Compare so many operations on the graph of a seed; return what differed.

    Operations and what subgraphs are asked are validated each `validate_each`th time: it takes most of the time.
    """
    found: list[str] = []
    async with Comparison.over(seed, http=over_http) as comparison:
        for number in range(operations):
            operation = RandomOperation(comparison.whole, seed * 10_000 + number, comparison.supergraph.api_schema)
            is_validating = number % validate_each == 0
            if is_validating:
                comparison.assert_valid(operation.text)
            comparison.validate_next(is_validating=is_validating)
            told = f"seed {seed}, operation {number}: {operation.text} {operation.variables}"
            differing = await comparison.differing(operation.text, operation.variables)
            found.extend(f"{name}, {told}" for name in differing)
    return found
