"""`@link`: versions, imports, renames and namespaces; and subgraphs of Federation 1."""

from __future__ import annotations

import pytest

from tests.gateway.composition.composing import Verbatim, codes, composed, join, keys, only_refusal, owners


def linked(version: str, arguments: str, body: str) -> Verbatim:
    return Verbatim(f'extend schema @link(url: "https://specs.apollo.dev/federation/{version}"{arguments}) {body}')


OTHER = 'type T @key(fields: "id") { id: ID! x: Int @shareable }'


@pytest.mark.parametrize(
    "subgraph",
    [
        linked("v2.0", "", 'type Query { t: T } type T @federation__key(fields: "id") { id: ID! }'),
        linked("v2.3", ', as: "fed"', 'type Query { t: T } type T @fed__key(fields: "id") { id: ID! }'),
        linked("v2.9", ', import: ["@key"]', 'type Query { t: T } type T @key(fields: "id") { id: ID! }'),
        linked(
            "v2.14",
            ', import: [{name: "@key", as: "@identity"}, "FieldSet"]',
            'type Query { t: T } type T @identity(fields: "id") { id: ID! }',
        ),
    ],
)
def test_the_specifications_directives_are_known_by_the_names_a_subgraph_gives_them(subgraph: str) -> None:
    supergraph = composed(a=subgraph, b=OTHER)
    assert keys(supergraph, "T", "a") == [("{ id }", True)]


@pytest.mark.parametrize(
    ("subgraph", "code", "message"),
    [
        (linked("v3.0", "", "type Query { t: Int }"), "UNKNOWN_FEDERATION_LINK_VERSION", "v3.0 is not known"),
        (
            linked("v2.3", ', import: ["@nope"]', "type Query { t: Int }"),
            "INVALID_LINK_DIRECTIVE_USAGE",
            "has no @nope to import",
        ),
        (
            linked("v2.0", ', import: ["@interfaceObject"]', "type Query { t: Int }"),
            "INVALID_LINK_DIRECTIVE_USAGE",
            "federation v2.0 has no @interfaceObject",
        ),
        (
            linked("v2.3", ', import: [{name: "@key", as: "identity"}]', "type Query { t: Int }"),
            "INVALID_LINK_DIRECTIVE_USAGE",
            "both or neither begin with @",
        ),
        (
            linked("v2.3", ', import: ["@key"]', "type Query { t: Int @shareable }"),
            "INVALID_GRAPHQL",
            'Add "@shareable" to the import',
        ),
        (Verbatim("type Query { t: Int @shareable }"), "INVALID_GRAPHQL", "needs `extend schema @link(url: …)`"),
        (Verbatim("type Query { t: Int @nonsense }"), "INVALID_GRAPHQL", "Unknown directive '@nonsense'."),
        (Verbatim("type Query { t: Nope }"), "INVALID_GRAPHQL", "Unknown type 'Nope'. (line 1, column 17)"),
        (Verbatim("type Query { t: Int\n"), "INVALID_GRAPHQL", "(line 2, column 1)"),
        (Verbatim("type Query { t: Int t: Int }"), "INVALID_GRAPHQL", "Field 'Query.t' can only be defined once."),
        (Verbatim("schema { query: Q } type Q { a: Int } type Query { b: Int }"), "ROOT_QUERY_USED", "rename Query"),
        (
            linked("v2.2", ', import: ["@key"]', 'interface I @key(fields: "id") { id: ID } type Query { i: I }'),
            "KEY_UNSUPPORTED_ON_INTERFACE",
            "v2.3",
        ),
    ],
)
def test_a_subgraph_that_cannot_be_read_is_refused_with_the_place_or_the_remedy(
    subgraph: str, code: str, message: str
) -> None:
    error = only_refusal(a=subgraph)
    assert error.code == code
    assert message in error.message


def test_directives_must_stand_where_the_specification_allows_them() -> None:
    assert (
        only_refusal(a='type Query { u: U } union U @key(fields: "x") = A type A { x: Int }').code == "INVALID_GRAPHQL"
    )


def test_root_types_may_have_any_name() -> None:
    supergraph = composed(
        a=Verbatim(
            "schema { query: Questions mutation: Orders } type Questions { a: Questions } type Orders { b: Int }"
        ),
        b="type Query { b: Int }",
    )
    assert supergraph.api_schema.query_type is not None
    assert set(supergraph.api_schema.query_type.fields) == {"a", "b"}
    assert join(supergraph, "Query.a", "a").type == "Query"
    assert owners(supergraph, "Mutation.b") == ["a"]


def test_the_machinery_of_subgraphs_is_not_part_of_the_supergraph() -> None:
    supergraph = composed(
        a=Verbatim(
            "type Query { t: T _service: _Service! _entities(representations: [_Any!]!): [_Entity]! } scalar _Any"
            ' scalar _FieldSet type _Service { sdl: String } union _Entity = T type T @key(fields: "id") { id: ID! }'
            " directive @key(fields: _FieldSet!) repeatable on OBJECT | INTERFACE"
        )
    )
    assert set(supergraph.types) == {"Query", "T"}
    assert set(supergraph.types["Query"].fields) == {"t"}


def test_federation_1_subgraphs_share_value_types_and_mark_keys_external_out_of_habit() -> None:
    supergraph = composed(
        a=Verbatim('type Query { t: T v: V } type T @key(fields: "id") { id: ID! a: Int } type V { x: Int }'),
        b=Verbatim(
            'extend type T @key(fields: "id") { id: ID! @external a: Int @external unused: Int @external'
            ' c: Int @requires(fields: "a") } type V { x: Int } extend type Query { w: V }'
        ),
        c=Verbatim('type T @key(fields: "id") { id: ID! unused: Int }'),
    )
    assert owners(supergraph, "V.x") == ["a", "b"]
    assert not join(supergraph, "T.id", "b").external
    assert join(supergraph, "T.a", "b").external
    assert "b" not in supergraph.types["T"].fields["unused"]


def test_what_had_no_effect_in_federation_1_has_none_now() -> None:
    supergraph = composed(
        a=Verbatim(
            'type Query { t: T @provides(fields: "a") i: I } type T @key(fields: "id") { id: ID! a: Int'
            ' b: Int @requires(fields: "a") } interface I @key(fields: "id") { id: ID! @external }'
        )
    )
    assert join(supergraph, "T.b", "a").requires is None
    assert join(supergraph, "Query.t", "a").provides is None
    assert keys(supergraph, "I", "a") == []


def test_a_federation_2_subgraph_beside_federation_1_must_still_say_what_it_shares() -> None:
    old = Verbatim("type Query { a: V } type V { x: Int }")
    assert codes(a=old, b="type Query { b: V } type V { x: Int }") == ["INVALID_FIELD_SHARING"]
    assert composed(a=old, b="type Query { b: V } type V @shareable { x: Int }")


def test_subgraph_names_are_told_apart_in_the_supergraph() -> None:
    supergraph = composed(
        **{"my-graph": "type Query { a: Int }", "my_graph": "type Query { b: Int }", "1": "type A { b: Int }"}
    )
    graphs = {name: subgraph.graph for name, subgraph in supergraph.subgraphs.items()}
    assert len(set(graphs.values())) == 3
    assert graphs["1"] == "_1"
    assert only_refusal(**{"": "type Query { a: Int }"}).code == "INVALID_SUBGRAPH_NAME"
