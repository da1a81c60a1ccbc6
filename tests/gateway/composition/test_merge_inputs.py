from __future__ import annotations

import pytest

from tests.gateway.composition.composing import api_field, codes, composed, join, only_refusal


def test_an_input_has_the_fields_that_all_know_with_the_strictest_type() -> None:
    supergraph = composed(
        a="type Query { a(x: F): Int } input F { a: Int b: Int }",
        b="type Query { b(x: F): Int } input F { b: Int! c: Int }",
    )
    assert set(supergraph.types["F"].fields) == {"b"}
    assert api_field(supergraph, "F.b") == ": Int!"
    assert join(supergraph, "F.b", "a").type == "Int"


def test_an_argument_that_some_lack_is_left_out_and_one_that_all_have_takes_the_strictest_type() -> None:
    supergraph = composed(
        a="type Query { t(x: Int!, y: [Int], z: Int): Int @shareable }",
        b="type Query { t(x: Int, y: [Int!]!): Int @shareable }",
    )
    assert api_field(supergraph, "Query.t") == "(x: Int!, y: [Int!]!): Int"


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("t: Int", "t(x: Int!): Int", ["REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH"]),
        ("t(x: Int): Int", "t(x: String): Int", ["FIELD_ARGUMENT_TYPE_MISMATCH"]),
        ("t(x: Int = 1): Int", "t(x: Int = 2): Int", ["FIELD_ARGUMENT_DEFAULT_MISMATCH"]),
    ],
)
def test_arguments_that_do_not_go_together_are_refused(one: str, other: str, found: list[str]) -> None:
    assert codes(a=f"type Query {{ {one} @shareable }}", b=f"type Query {{ {other} @shareable }}") == found


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("a: Int! b: Int", "b: Int", ["REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH"]),
        ("a: Int", "b: Int", ["EMPTY_MERGED_INPUT_TYPE"]),
        ("a: Int = 1", "a: Int = 2", ["INPUT_FIELD_DEFAULT_MISMATCH"]),
        ("a: Int", "a: String", ["FIELD_TYPE_MISMATCH"]),
    ],
)
def test_inputs_that_do_not_go_together_are_refused(one: str, other: str, found: list[str]) -> None:
    a = f"type Query {{ a(x: F): Int }} input F {{ {one} }}"
    assert codes(a=a, b=f"type Query {{ b(x: F): Int }} input F {{ {other} }}") == found


def test_a_required_field_with_a_default_may_be_missing_elsewhere() -> None:
    supergraph = composed(
        a="type Query { a(x: F): Int } input F { a: Int! = 3 b: Int }",
        b="type Query { b(x: F): Int } input F { b: Int }",
    )
    assert set(supergraph.types["F"].fields) == {"b"}


def test_a_default_stays_when_all_have_it_in_whatever_order_it_is_written() -> None:
    supergraph = composed(
        a="type Query { t(x: F = {a: 1, b: 2}): Int @shareable } input F { a: Int b: Int }",
        b="type Query { t(x: F = {b: 2, a: 1}): Int @shareable } input F { a: Int b: Int }",
    )
    assert "t(x: F = {a: 1, b: 2}): Int" in supergraph.sdl or "t(x: F = { a: 1, b: 2 }): Int" in supergraph.sdl


def test_a_default_that_only_some_have_is_left_to_the_subgraphs() -> None:
    supergraph = composed(
        a="type Query { t(x: Int = 1): Int @shareable }", b="type Query { t(x: Int): Int @shareable }"
    )
    assert "t(x: Int): Int" in supergraph.sdl


def test_only_one_alternative_of_an_input_may_be_given_in_the_supergraph_too() -> None:
    supergraph = composed(a="type Query { t(x: F): Int } input F @oneOf { a: Int b: Int }")
    assert supergraph.api_schema.type_map["F"].is_one_of  # type: ignore[attr-defined]


def test_required_arguments_are_told_with_the_subgraphs_that_demand_and_that_lack_them() -> None:
    error = only_refusal(a="type Query { t: Int @shareable }", b="type Query { t(x: Int!): Int @shareable }")
    assert error.message == "Query.t: x is required in b but unknown to a"
