from __future__ import annotations

import pytest

from tests.gateway.composition.composing import codes, composed, join, only_refusal, owners

OLD = 'type Query { t: T } type T @key(fields: "id") { id: ID! n: Int }'


def test_an_overridden_field_is_resolved_by_the_new_subgraph_alone() -> None:
    supergraph = composed(a=OLD, b='type T @key(fields: "id") { id: ID! n: Int @override(from: "a") }')
    assert set(supergraph.types["T"].fields["n"]) == {"b"}


def test_an_overridden_field_that_a_key_still_uses_stays_known_but_is_not_asked_for() -> None:
    supergraph = composed(
        a='type Query { t: T } type T @key(fields: "id") @key(fields: "n") { id: ID! n: Int }',
        b='type T @key(fields: "id") { id: ID! n: Int @override(from: "a") }',
    )
    assert join(supergraph, "T.n", "a").overridden
    assert owners(supergraph, "T.n") == ["b"]


def test_an_overridden_field_that_an_interface_demands_stays_known_but_is_not_asked_for() -> None:
    supergraph = composed(
        a='type Query { i: I } interface I { n: Int } type T implements I @key(fields: "id") { id: ID! n: Int }',
        b='type T @key(fields: "id") { id: ID! n: Int @override(from: "a") }',
    )
    assert join(supergraph, "T.n", "a").overridden


def test_overriding_a_subgraph_that_is_not_there_changes_nothing() -> None:
    supergraph = composed(a=OLD, b='type T @key(fields: "id") { id: ID! m: Int @override(from: "gone") }')
    assert owners(supergraph, "T.m") == ["b"]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ('n: Int @override(from: "b")', "OVERRIDE_FROM_SELF_ERROR"),
        ('n: Int @override(from: "a", label: "percent(5)")', "OVERRIDE_LABEL_INVALID"),
        ('n: Int @external @override(from: "a")', "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE"),
    ],
)
def test_an_override_that_cannot_be_is_refused(field: str, code: str) -> None:
    assert code in codes(a=OLD, b=f'type T @key(fields: "id") {{ id: ID! {field} }}')


def test_a_field_with_requires_cannot_be_overridden() -> None:
    error = only_refusal(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! m: Int @external n: Int @requires(fields: "m") }',
        b='type T @key(fields: "id") { id: ID! m: Int n: Int @override(from: "a") }',
    )
    assert error.code == "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE"


def test_only_one_subgraph_may_override_a_field() -> None:
    entity = 'type T @key(fields: "id")'
    found = codes(
        a=OLD,
        b=f'{entity} {{ id: ID! n: Int @override(from: "a") }}',
        c=f'{entity} {{ id: ID! n: Int @override(from: "b") }}',
    )
    assert "OVERRIDE_SOURCE_HAS_OVERRIDE" in found
