"""A supergraph that is written and read again is the same, whoever wrote it: shown with random subgraphs."""

from __future__ import annotations

import pytest
from graphql import print_schema

from gateway.composition.compose import compose
from gateway.composition.read_subgraph import SubgraphSource
from gateway.composition.supergraph import Supergraph
from gateway.composition.supergraph_sdl import read_supergraph
from tests.gateway.differential.cut import subgraph_sdl, supergraph_sdl
from tests.gateway.differential.random_graph import RandomGraph

GRAPHS = 40


def sources(graph: RandomGraph) -> list[SubgraphSource]:
    return [SubgraphSource(name, f"http://{name}.test/", subgraph_sdl(graph, name)) for name in graph.subgraphs]


def assert_same(one: Supergraph, other: Supergraph) -> None:
    assert one.subgraphs == other.subgraphs
    assert one.types == other.types
    assert print_schema(one.schema) == print_schema(other.schema)
    assert print_schema(one.api_schema) == print_schema(other.api_schema)


@pytest.mark.parametrize("seed", range(GRAPHS))
def test_reading_what_was_composed_and_written_gives_the_same(seed: int) -> None:
    graph = RandomGraph(seed)
    composed = compose(sources(graph))
    read = read_supergraph(composed.sdl)
    assert_same(read, composed)
    assert read.sdl == composed.sdl


@pytest.mark.parametrize("seed", range(0, GRAPHS, 4))
def test_subgraphs_in_another_order_give_the_same_supergraph(seed: int) -> None:
    graph = RandomGraph(seed)
    assert compose(sources(graph)[::-1]).sdl == compose(sources(graph)).sdl


@pytest.mark.parametrize("seed", range(0, GRAPHS, 4))
def test_a_supergraph_in_another_hand_is_read_as_what_it_composes_to(seed: int) -> None:
    graph = RandomGraph(seed)
    by_hand = read_supergraph(supergraph_sdl(graph))
    composed = compose(sources(graph))
    assert set(by_hand.types) == set(composed.types)
    for name, each in by_hand.types.items():
        # Only subgraphs without a root field of their own have `unused_`: a schema needs one.
        assert set(each.fields) == {one for one in composed.types[name].fields if not one.startswith("unused_")}
