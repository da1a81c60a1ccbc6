from __future__ import annotations

import pytest

from tests.gateway.composition.composing import codes, composed, keys, only_refusal


def test_several_nested_and_unresolvable_keys_are_kept_as_each_subgraph_has_them() -> None:
    supergraph = composed(
        a='type Query { t: T } type T @key(fields: "id") @key(fields: "o { x }") { id: ID! o: O } type O { x: Int }',
        b='type T @key(fields: "id", resolvable: false) { id: ID! }',
    )
    assert keys(supergraph, "T", "a") == [("{ id }", True), ("{ o { x } }", True)]
    assert keys(supergraph, "T", "b") == [("{ id }", False)]


def test_fields_of_a_key_are_shared_without_saying_so_even_nested_ones() -> None:
    supergraph = composed(
        a='type Query { t: T } type T @key(fields: "o { id }") { o: O a: Int } type O { id: ID! }',
        b='type T @key(fields: "o { id }") { o: O b: Int } type O { id: ID! }',
    )
    assert set(supergraph.types["O"].fields["id"]) == {"a", "b"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ('"nope"', "KEY_INVALID_FIELDS"),
        ('"id {"', "KEY_INVALID_FIELDS"),
        ('"o"', "KEY_INVALID_FIELDS"),
        ('"id { x }"', "KEY_INVALID_FIELDS"),
        ('"x: id"', "KEY_INVALID_FIELDS"),
        ('"...F"', "KEY_INVALID_FIELDS"),
        ("12", "KEY_INVALID_FIELDS_TYPE"),
        ('["id"]', "KEY_INVALID_FIELDS_TYPE"),
        ('"id @include(if: true)"', "KEY_DIRECTIVE_IN_FIELDS_ARG"),
        ('"w"', "KEY_FIELDS_HAS_ARGS"),
        ('"u { ... on O { x } }"', "KEY_FIELDS_SELECT_INVALID_TYPE"),
        ('"i { x }"', "KEY_FIELDS_SELECT_INVALID_TYPE"),
    ],
)
def test_a_key_that_cannot_be_one_is_refused(fields: str, code: str) -> None:
    types = "interface I { x: Int } union U = O type O implements I { x: Int }"
    entity = f"type T @key(fields: {fields}) {{ id: ID w(n: Int): Int o: O u: U i: I }}"
    error = only_refusal(a=f"type Query {{ t: T }} {entity} {types}")
    assert error.code == code
    assert error.message.startswith("[a] T @key")
    assert error.subgraphs == ("a",)


def test_all_that_is_wrong_in_all_subgraphs_is_told_at_once() -> None:
    found = codes(
        a='type Query { t: T } type T @key(fields: "nope") { id: ID w: Int @external }',
        b="type T @key(fields: 3) { id: ID } interface I { x: Int @external } type O implements I { x: Int }",
    )
    assert found == ["EXTERNAL_ON_INTERFACE", "EXTERNAL_UNUSED", "KEY_INVALID_FIELDS", "KEY_INVALID_FIELDS_TYPE"]
