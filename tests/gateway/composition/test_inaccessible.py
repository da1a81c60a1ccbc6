from __future__ import annotations

import pytest
from graphql import print_schema

from tests.gateway.composition.composing import codes, composed, only_refusal


def test_what_is_inaccessible_is_in_the_schema_but_not_in_the_api() -> None:
    supergraph = composed(
        a="type Query { t(a: Int @inaccessible, b: Int): T h: H @inaccessible u: U e: E i(x: F): Int }"
        " type T { x: Int @inaccessible y: Int } type H @inaccessible { z: Int } union U = T | H"
        " enum E { A B @inaccessible } input F { a: Int @inaccessible b: Int }"
    )
    api = print_schema(supergraph.api_schema)
    assert api.endswith("union U = T")
    assert "union U = T | H" in print_schema(supergraph.schema)
    for hidden in ("x: Int", "a: Int", "H", "B\n"):
        assert hidden not in api.replace("i(x: F)", "")
    assert {"x", "y"} == set(supergraph.types["T"].fields)


def test_it_is_enough_that_one_subgraph_says_so() -> None:
    supergraph = composed(
        a="type Query { a: V } type V @shareable { x: Int y: Int }",
        b="type Query { b: V } type V @shareable { x: Int @inaccessible y: Int }",
    )
    assert list(supergraph.api_schema.type_map["V"].fields) == ["y"]  # type: ignore[attr-defined]


def test_a_hidden_field_that_cannot_be_reached_everywhere_does_no_harm() -> None:
    assert composed(
        a="type Query { a: V } type V @shareable { x: Int y: Int @inaccessible }",
        b="type Query { b: V } type V @shareable { x: Int }",
    )


def test_a_hidden_key_still_leads_to_other_subgraphs() -> None:
    assert composed(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! @inaccessible a: Int }',
        b='type T @key(fields: "id") { id: ID! b: Int }',
    )


@pytest.mark.parametrize(
    ("sdl", "code"),
    [
        ("type Query { t: T y: Int } type T @inaccessible { x: Int }", "REFERENCED_INACCESSIBLE"),
        ("type Query { t(f: F): Int } input F @inaccessible { x: Int }", "REFERENCED_INACCESSIBLE"),
        ("type Query { t: T y: Int } type T { x: Int @inaccessible }", "ONLY_INACCESSIBLE_CHILDREN"),
        ("type Query { t: E } enum E { A @inaccessible }", "ONLY_INACCESSIBLE_CHILDREN"),
        ("type Query { t: U } union U = A type A @inaccessible { x: Int }", "ONLY_INACCESSIBLE_CHILDREN"),
        ("type Query @inaccessible { t: Int }", "QUERY_ROOT_TYPE_INACCESSIBLE"),
        ("type Query { t(x: Int! @inaccessible, y: Int): Int }", "REQUIRED_INACCESSIBLE"),
        ("type Query { t(x: I): Int } input I { a: Int! @inaccessible b: Int }", "REQUIRED_INACCESSIBLE"),
        ("type Query { t(e: E = B): Int } enum E { A B @inaccessible }", "DEFAULT_VALUE_USES_INACCESSIBLE"),
        (
            "type Query { t(i: [I] = [{a: 1}]): Int } input I { a: Int @inaccessible b: Int }",
            "DEFAULT_VALUE_USES_INACCESSIBLE",
        ),
        (
            "type Query { t: I } interface I { x: Int y: Int } type A implements I { x: Int @inaccessible y: Int }",
            "IMPLEMENTED_BY_INACCESSIBLE",
        ),
        (
            "type Query { t: I } interface I { x(n: Int): Int } type A implements I { x(n: Int @inaccessible): Int }",
            "IMPLEMENTED_BY_INACCESSIBLE",
        ),
    ],
)
def test_hiding_that_would_leave_a_gap_is_refused(sdl: str, code: str) -> None:
    assert code in codes(a=sdl)


def test_the_refusal_names_who_still_refers_to_the_hidden_type() -> None:
    error = only_refusal(a="type Query { t: T y: Int } type T @inaccessible { x: Int }")
    assert error.message == "T is @inaccessible, but Query.t in the API schema refers to it: hide that too"
