from __future__ import annotations

from tests.gateway.composition.composing import composed, only_refusal, owners


def test_a_field_that_all_share_is_resolved_by_all() -> None:
    supergraph = composed(
        a="type Query { a: V } type V @shareable { x: Int }",
        b="type Query { b: V } type V { x: Int @shareable }",
    )
    assert owners(supergraph, "V.x") == ["a", "b"]


def test_a_field_that_one_does_not_share_is_refused_and_the_message_names_that_subgraph() -> None:
    error = only_refusal(
        a="type Query { a: V } type V { x: Int }",
        b="type Query { b: V } type V @shareable { x: Int }",
    )
    assert error.code == "INVALID_FIELD_SHARING"
    assert error.message == "V.x is resolved by a, b, but is not @shareable in a"


def test_root_fields_are_no_exception() -> None:
    assert only_refusal(a="type Query { a: Int }", b="type Query { a: Int }").code == "INVALID_FIELD_SHARING"


def test_shareable_on_a_type_holds_for_that_declaration_not_for_its_extensions() -> None:
    error = only_refusal(
        a="type Query { a: A } type A @shareable { x: Int } extend type A { y: Int }",
        b="type Query { b: A } type A @shareable { x: Int y: Int }",
    )
    assert "A.y" in error.message


def test_shareable_on_an_interface_field_is_refused() -> None:
    error = only_refusal(a="type Query { i: I } interface I { x: Int @shareable } type A implements I { x: Int }")
    assert error.code == "INVALID_SHAREABLE_USAGE"


def test_what_a_subgraph_provides_it_resolves_so_the_others_must_share_it() -> None:
    provider = 'type Query { t: T @provides(fields: "n") } type T @key(fields: "id") { id: ID! n: Int @external }'
    assert only_refusal(a=provider, b='type T @key(fields: "id") { id: ID! n: Int }').code == "INVALID_FIELD_SHARING"
    supergraph = composed(a=provider, b='type T @key(fields: "id") { id: ID! n: Int @shareable }')
    assert owners(supergraph, "T.n") == ["b"]
