from __future__ import annotations

import pytest

from gateway.composition.supergraph_sdl import read_supergraph
from tests.gateway.composition.composing import composed, join, owners

HEAD = """
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
{ query: Query }
enum join__Graph { A @join__graph(name: "a", url: "http://a.test") B_1 @join__graph(name: "b-1", url: "") }
scalar join__FieldSet
"""


def test_a_field_without_a_join_belongs_to_all_subgraphs_of_its_type() -> None:
    supergraph = read_supergraph(
        HEAD + "type Query @join__type(graph: A) @join__type(graph: B_1) { x: Int y: Int @join__field(graph: B_1) }"
    )
    assert owners(supergraph, "Query.x") == ["a", "b-1"]
    assert owners(supergraph, "Query.y") == ["b-1"]
    assert supergraph.subgraphs["b-1"].graph == "B_1"
    assert supergraph.subgraphs["a"].url == "http://a.test"


def test_all_that_a_join_says_is_read() -> None:
    supergraph = read_supergraph(
        HEAD
        + """
        type Query @join__type(graph: A) { t: T @join__field(graph: A, provides: "n") }
        type T @join__type(graph: A, key: "id", resolvable: false) @join__type(graph: B_1, key: "id", extension: true)
        {
          id: ID!
          n: Int @join__field(graph: A, external: true) @join__field(graph: B_1, type: "Int!", override: "a")
          o: Int @join__field(graph: A, usedOverridden: true) @join__field(graph: B_1, requires: "n")
        }
        """
    )
    assert join(supergraph, "Query.t", "a").provides is not None
    assert join(supergraph, "T.n", "a").external
    assert join(supergraph, "T.n", "b-1").type == "Int!"
    assert join(supergraph, "T.o", "a").overridden
    assert join(supergraph, "T.o", "b-1").requires is not None
    assert [key.resolvable for key in supergraph.types["T"].joins["a"].keys] == [False]
    assert supergraph.types["T"].joins["b-1"].is_extension
    assert "join__Graph" not in supergraph.types
    assert "join__FieldSet" not in supergraph.schema.type_map


def test_a_join_without_a_graph_means_through_the_interface_object() -> None:
    supergraph = read_supergraph(HEAD + "type Query @join__type(graph: A) { x: Int @join__field }")
    assert supergraph.types["Query"].fields["x"] == {}


@pytest.mark.parametrize("argument", ['overrideLabel: "percent(1)"', 'contextArguments: [{name: "a"}]'])
def test_a_supergraph_that_needs_what_is_not_supported_is_refused(argument: str) -> None:
    with pytest.raises(ValueError, match="is not supported"):
        read_supergraph(HEAD + f"type Query @join__type(graph: A) {{ x: Int @join__field(graph: A, {argument}) }}")


def test_an_sdl_without_subgraphs_is_refused() -> None:
    with pytest.raises(ValueError, match="no enum join__Graph"):
        read_supergraph("type Query { a: Int }")


def test_reading_what_was_written_gives_the_same_again() -> None:
    written = composed(
        a='type Query { t: T } interface I @key(fields: "id") { id: ID! }'
        ' type T implements I @key(fields: "id") { id: ID! "says" w(n: Int = 1): Int e: E } enum E { A }',
        b='type I @interfaceObject @key(fields: "id") { id: ID! more: Int }',
        c='type T @key(fields: "id") { id: ID! w(n: Int = 1): Int @external p: Int @requires(fields: "w(n: 2)") }',
    )
    again = read_supergraph(written.sdl)
    assert again.types == written.types
    assert again.subgraphs == written.subgraphs
