"""Compare the gateway with graphql-core: the same rows, whole and cut into subgraphs, random operations."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from graphql import build_schema, execute_sync, parse, validate

from gateway.composition.compose import compose
from gateway.composition.read_subgraph import SubgraphSource
from gateway.composition.supergraph_sdl import read_supergraph
from tests.gateway.differential.cut import RowResolver, RowSubgraph, subgraph_sdl, supergraph_sdl, whole_sdl
from tests.gateway.differential.random_graph import RandomGraph
from tests.gateway.differential.random_operation import RandomOperation
from tests.gateway.gateway_kit import answer, gateway_over

if TYPE_CHECKING:
    from gateway.composition.supergraph import Supergraph

pytestmark = pytest.mark.usefixtures("each_executor")
FIRST = int(os.environ.get("LINLI_DIFFERENTIAL_FIRST", "0"))
GRAPHS = int(os.environ.get("LINLI_DIFFERENTIAL_GRAPHS", "25"))
OPERATIONS = int(os.environ.get("LINLI_DIFFERENTIAL_OPERATIONS", "16"))


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
        for element in error["path"]:
            if value is None:
                break
            place.append(element)
            value = value[element] if not isinstance(value, dict) or element in value else None
        places.add(tuple(place))
    return places


@pytest.mark.parametrize("seed", range(FIRST, FIRST + GRAPHS))
async def test_a_cut_graph_answers_like_the_whole_one(seed: int) -> None:
    graph = RandomGraph(seed)
    whole = build_schema(whole_sdl(graph))
    supergraph = cut_supergraph(graph, seed)
    resolver = RowResolver(graph)
    async with gateway_over(supergraph, [RowSubgraph(graph, name) for name in graph.subgraphs]) as gateway:
        for number in range(OPERATIONS):
            operation = RandomOperation(whole, seed * 10_000 + number)
            document = parse(operation.text)
            if validate(whole, document):
                continue
            result = execute_sync(
                whole,
                document,
                variable_values=operation.variables,
                field_resolver=resolver,
                type_resolver=lambda value, _info, _type: value["__typename"],
            )
            expected = {"data": result.data, "errors": [each.formatted for each in result.errors or ()]}
            given = await answer(gateway, operation.text, operation.variables)
            told = f"seed {seed}, operation {number}: {operation.text} {operation.variables}"
            assert given["data"] == expected["data"], told
            assert nulled_by_errors(given) == nulled_by_errors(expected), told
