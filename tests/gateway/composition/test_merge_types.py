from __future__ import annotations

import pytest
from graphql import GraphQLEnumType, GraphQLObjectType, GraphQLUnionType, print_type

from tests.gateway.composition.composing import api_field, codes, composed, join, only_refusal


def test_a_type_has_the_fields_of_all_subgraphs() -> None:
    supergraph = composed(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! a: Int }',
        b='type T @key(fields: "id") { id: ID! b: Int }',
    )
    assert set(supergraph.types["T"].fields) == {"id", "a", "b"}
    assert set(supergraph.types["T"].joins) == {"a", "b"}


def test_a_type_of_different_kinds_is_refused() -> None:
    error = only_refusal(a="type Query { t: T } type T { x: Int }", b="type Query { u(t: T): Int } input T { x: Int }")
    assert error.code == "TYPE_KIND_MISMATCH"
    assert error.message == "T is of different kinds: object in a, input in b"


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        ("Int!", "Int", "Int"),
        ("[Int!]!", "[Int]!", "[Int]!"),
        ("A", "I", "I"),
        ("A!", "U", "U"),
        ("[A!]!", "[U]", "[U]"),
    ],
)
def test_a_field_has_the_widest_of_its_types_and_remembers_each(one: str, other: str, merged: str) -> None:
    types = "interface I { n: Int } union U = A | B type A implements I @shareable { n: Int } type B { b: Int }"
    others = types.replace("type B {", "type B @shareable {")
    supergraph = composed(
        a=f"type Query {{ t: {one} @shareable b: B }} {others}",
        b=f"type Query {{ t: {other} @shareable i: I u: U }} {others}",
    )
    assert api_field(supergraph, "Query.t") == f": {merged}"
    assert (join(supergraph, "Query.t", "a").type, join(supergraph, "Query.t", "b").type) == (one, other)


@pytest.mark.parametrize(("one", "other"), [("Int", "String"), ("Int", "[Int]"), ("[A]", "B"), ("[Int]!", "[Int!]")])
def test_field_types_that_do_not_go_together_are_refused(one: str, other: str) -> None:
    types = "type A @shareable { n: Int } type B @shareable { b: Int }"
    found = codes(
        a=f"type Query {{ t: {one} @shareable }} {types}", b=f"type Query {{ t: {other} @shareable }} {types}"
    )
    assert found == ["FIELD_TYPE_MISMATCH"]


def test_a_union_has_the_members_of_all_and_remembers_whose_they_are() -> None:
    supergraph = composed(
        a="type Query { a: U } union U = A | B type A { x: Int } type B @shareable { y: Int }",
        b="type Query { b: U } union U = B | C type B @shareable { y: Int } type C { z: Int }",
    )
    union = supergraph.api_schema.type_map["U"]
    assert isinstance(union, GraphQLUnionType)
    assert {member.name for member in union.types} == {"A", "B", "C"}
    assert supergraph.types["U"].joins["a"].members == {"A", "B"}
    assert supergraph.types["U"].joins["b"].members == {"B", "C"}


def test_an_interface_whose_fields_some_implementation_lacks_is_refused() -> None:
    error = only_refusal(
        a="type Query { a: I } interface I { x: Int y: Int } type A implements I { x: Int y: Int }",
        b="type Query { b: I } interface I { x: Int } type B implements I { x: Int }",
    )
    assert error.code == "INTERFACE_FIELD_NO_IMPLEM"
    assert "I.y" in error.message


def test_an_implementation_that_becomes_too_wide_by_merging_is_refused() -> None:
    error = only_refusal(
        a="type Query { a: I } interface I { x: Int! } type A implements I @shareable { x: Int! }",
        b="type Query { b: A } type A @shareable { x: Int }",
    )
    assert error.code == "INVALID_GRAPHQL"


def _values(enum: object) -> list[str]:
    assert isinstance(enum, GraphQLEnumType)
    return list(enum.values)


def test_an_enum_that_is_answered_has_the_values_of_all() -> None:
    supergraph = composed(a="type Query { a: E } enum E { A B }", b="type Query { b: E } enum E { B C }")
    assert _values(supergraph.api_schema.type_map["E"]) == ["A", "B", "C"]
    assert supergraph.types["E"].joins["b"].members == {"B", "C"}


def test_an_enum_that_is_sent_has_only_the_values_that_all_know() -> None:
    supergraph = composed(
        a="type Query { a(e: E): Int } enum E { A B }",
        b="type Query { b(f: F): Int } input F { e: [E!] } enum E { B C }",
    )
    assert _values(supergraph.api_schema.type_map["E"]) == ["B"]


def test_an_enum_that_is_both_sent_and_answered_must_be_the_same_everywhere() -> None:
    error = only_refusal(a="type Query { a(e: E): Int } enum E { A B }", b="type Query { b: E } enum E { B }")
    assert error.code == "ENUM_VALUE_MISMATCH"
    assert "some lack A" in error.message


def test_a_value_that_is_inaccessible_may_differ() -> None:
    supergraph = composed(
        a="type Query { a(e: E): Int } enum E { A @inaccessible B }", b="type Query { b: E } enum E { B }"
    )
    assert _values(supergraph.api_schema.type_map["E"]) == ["B"]
    assert _values(supergraph.schema.type_map["E"]) == ["A", "B"]


def test_an_enum_that_is_sent_and_has_no_common_value_is_refused() -> None:
    found = codes(a="type Query { a(e: E): Int } enum E { A }", b="type Query { b(e: E): Int } enum E { C }")
    assert found == ["EMPTY_MERGED_ENUM_TYPE"]


def test_descriptions_and_deprecations_come_from_the_first_that_has_them_to_the_letter() -> None:
    text = 'First line\n\n  indented, with """ quotes \\ and "one"\n\ttab'
    block = '"""\n' + text.replace('"""', '\\"""') + '\n"""'
    supergraph = composed(
        a="type Query { t: T @shareable } type T @shareable { x(n: Int): Int }",
        b=f'type Query {{ {block} t: T @shareable }} "of b" type T @shareable'
        ' { x("an argument\\nof two lines" n: Int): Int @deprecated(reason: "say \\"y\\"") }',
    )
    query = supergraph.api_schema.query_type
    assert query is not None
    assert query.fields["t"].description == text
    type_ = supergraph.api_schema.type_map["T"]
    assert isinstance(type_, GraphQLObjectType)
    assert type_.description == "of b"
    assert type_.fields["x"].deprecation_reason == 'say "y"'
    assert type_.fields["x"].args["n"].description == "an argument\nof two lines"


def test_extensions_within_a_subgraph_are_one_type_with_their_base_in_any_order() -> None:
    supergraph = composed(
        a="extend enum E { B } enum E { A } extend union U = A union U = Z extend input F { b: Int } input F { a: Int }"
        " type A { x: Int } extend type A { y: Int } type Z { z: Int } type Query { e: E u: U f(x: F): A }"
    )
    assert print_type(supergraph.api_schema.type_map["E"]) == "enum E {\n  B\n  A\n}"
    assert set(supergraph.types["A"].fields) == {"x", "y"}
    assert supergraph.types["U"].joins["a"].members == {"A", "Z"}


def test_a_type_that_is_only_extended_is_refused() -> None:
    error = only_refusal(a="type Query { t: T } extend type T { a: Int }")
    assert error.code == "EXTENSION_WITH_NO_BASE"


def test_a_scalar_keeps_its_specification() -> None:
    supergraph = composed(
        a="scalar D type Query { a: D }", b='scalar D @specifiedBy(url: "https://date.test") type Query { b: D }'
    )
    assert '@specifiedBy(url: "https://date.test")' in print_type(supergraph.api_schema.type_map["D"])


def test_no_query_no_supergraph() -> None:
    assert only_refusal(a="type T { x: Int }").code == "NO_QUERIES"
    assert only_refusal(a="type Mutation { m: Int }").code == "NO_QUERIES"
    assert only_refusal().code == "NO_QUERIES"


def test_subgraphs_in_any_order_compose_to_the_same_text() -> None:
    a = "type Query { a: V } type V @shareable { x: Int y: Int! }"
    b = "type Query { b: V } type V @shareable { y: Int x: Int! }"
    assert composed(a=a, b=b).sdl == composed(b=b, a=a).sdl
