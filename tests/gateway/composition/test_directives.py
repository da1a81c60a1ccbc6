"""Directives that the supergraph carries: tags, access control, costs, the subgraphs' own."""

from __future__ import annotations

import pytest
from graphql import parse, validate

from tests.gateway.composition.composing import LINK, Verbatim, codes, composed

OWN = LINK + 'extend schema @link(url: "https://own.test/audit/v1.%s", import: ["@audit"])'
DEFINED = 'extend schema @composeDirective(name: "@audit") directive @audit(of: String) on FIELD_DEFINITION\n'


def test_tags_of_all_subgraphs_are_kept_once() -> None:
    supergraph = composed(
        a='type Query { a: T } type T @shareable @tag(name: "x") { n(i: Int @tag(name: "z")): Int }',
        b='type Query { b: T } type T @shareable @tag(name: "x") @tag(name: "y") { n(i: Int): Int }',
    )
    assert supergraph.sdl.count('@tag(name: "x")') == 1
    assert '@tag(name: "y")' in supergraph.sdl
    assert 'i: Int @tag(name: "z")' in supergraph.sdl
    assert '@link(url: "https://specs.apollo.dev/tag/v0.3")' in supergraph.sdl


def test_what_each_subgraph_demands_for_access_is_demanded_together() -> None:
    supergraph = composed(
        a="type Query { a: T @authenticated } type T @shareable"
        ' { x: Int @requiresScopes(scopes: [["a", "b"], ["c"]]) y: Int @policy(policies: [["p"]]) }',
        b='type Query { b: T } type T @shareable { x: Int @requiresScopes(scopes: [["d"]])'
        ' y: Int @policy(policies: [["q"]]) }',
    )
    assert '@requiresScopes(scopes: [["a","b","d"],["c","d"]])' in supergraph.sdl
    assert '@policy(policies: [["p","q"]])' in supergraph.sdl
    assert "@authenticated" in supergraph.sdl
    assert not any("__" in name for name in supergraph.types)
    assert "policy__Policy" not in supergraph.api_schema.type_map


def test_the_greatest_cost_counts() -> None:
    supergraph = composed(
        a="type Query { t: [Int] @shareable @cost(weight: 4) @listSize(assumedSize: 3) }",
        b="type Query { t: [Int] @shareable @cost(weight: 9) @listSize(assumedSize: 2) }",
    )
    assert "@cost(weight: 9)" in supergraph.sdl
    assert "@listSize(assumedSize: 3)" in supergraph.sdl


def test_a_directive_of_ones_own_is_kept_with_its_link_and_its_newest_definition() -> None:
    supergraph = composed(
        a=Verbatim(OWN % 1 + DEFINED + 'type Query { a: Int @audit(of: "x") }'),
        b=Verbatim(OWN % 2 + DEFINED.replace("of: String", "of: String, by: ID") + "type Query { b: Int @audit }"),
    )
    assert 'a: Int @join__field(graph: A) @audit(of: "x")' in supergraph.sdl
    assert '@link(url: "https://own.test/audit/v1.2", import: ["@audit"])' in supergraph.sdl
    assert "directive @audit(of: String, by: ID) on FIELD_DEFINITION" in supergraph.sdl


@pytest.mark.parametrize(
    "sdl",
    [
        OWN % 1 + DEFINED.replace('"@audit"', '"audit"') + "type Query { a: Int }",
        OWN % 1 + 'extend schema @composeDirective(name: "@audit") type Query { a: Int }',
        LINK + DEFINED + "type Query { a: Int }",
        LINK + 'extend schema @composeDirective(name: "@key") type Query { a: Int }',
    ],
)
def test_composing_a_directive_needs_its_name_a_definition_and_a_link(sdl: str) -> None:
    assert codes(a=Verbatim(sdl)) == ["DIRECTIVE_COMPOSITION_ERROR"]


def test_one_directive_of_two_major_versions_is_refused() -> None:
    other = (OWN % 1).replace("v1.1", "v2.0") + DEFINED + "type Query { b: Int }"
    found = codes(a=Verbatim(OWN % 1 + DEFINED + "type Query { a: Int }"), b=Verbatim(other))
    assert found == ["DIRECTIVE_COMPOSITION_ERROR"]


def test_own_directives_that_nobody_asked_to_compose_are_left_out() -> None:
    supergraph = composed(a="directive @mine on FIELD_DEFINITION type Query { a: Int @mine }")
    assert "mine" not in supergraph.sdl


def test_executable_directives_that_all_define_are_for_clients_to_use() -> None:
    supergraph = composed(
        a="directive @live(every: Int) on QUERY | FIELD type Query { a: Int }",
        b="directive @live(every: Int!) on QUERY directive @only on QUERY type Query { b: Int }",
    )
    assert not validate(supergraph.api_schema, parse("query @live(every: 3) { a }"))
    assert validate(supergraph.api_schema, parse("{ a @live(every: 3) }"))
    assert validate(supergraph.api_schema, parse("query @live { a }"))
    assert validate(supergraph.api_schema, parse("query @only { a }"))


def test_contextual_arguments_are_refused_clearly() -> None:
    sdl = (
        'extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", '
        'import: ["@key", "@context", "@fromContext"])'
        ' type Query { t: T } type T @key(fields: "id") @context(name: "c") { id: ID! p: String! u: U }'
        ' type U @key(fields: "id") { id: ID! f(a: String @fromContext(field: "$c { p }")): Int }'
    )
    assert codes(a=Verbatim(sdl)) == ["CONTEXT_NOT_SUPPORTED"]
