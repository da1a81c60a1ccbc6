"""`@external`, `@requires` and `@provides`."""

from __future__ import annotations

import pytest
from graphql import print_ast

from tests.gateway.composition.composing import codes, composed, join, only_refusal

BASE = 'type Query { t: T } type T @key(fields: "id") { id: ID! w: Int o: O } type O { x: Int y: Int }'
ENTITY = 'type T @key(fields: "id")'


def text(selection: object) -> str:
    return " ".join(print_ast(selection).split())  # type: ignore[arg-type]


def test_requires_is_kept_with_its_nesting_and_the_field_it_needs_stays_external() -> None:
    supergraph = composed(
        a=BASE,
        b=f'{ENTITY} {{ id: ID! o: O @external p: Int @requires(fields: "o {{ x }}") }} type O {{ x: Int @external }}',
    )
    found = join(supergraph, "T.p", "b").requires
    assert text(found) == "{ o { x } }"
    assert join(supergraph, "T.o", "b").external
    assert join(supergraph, "O.x", "b").external


def test_requires_may_give_arguments_and_fragments() -> None:
    interface = "interface I { n: Int } type A implements I @shareable { n: Int x: Int"
    supergraph = composed(
        a=f"type Query {{ t: T }} {ENTITY} {{ id: ID! w(u: Int): Int i: I }} {interface} }}",
        b=f"{ENTITY} {{ id: ID! w(u: Int): Int @external i: I @external"
        f' p: Int @requires(fields: "w(u: 3) i {{ n ... on A {{ x }} }}") }} {interface} @external }}',
    )
    found = join(supergraph, "T.p", "b").requires
    assert text(found) == "{ w(u: 3) i { n ... on A { x } } }"


def test_provides_is_kept_with_fragments_on_an_interface() -> None:
    supergraph = composed(
        a='type Query { t: I @provides(fields: "... on A { x }") } interface I { n: Int }'
        ' type A implements I @key(fields: "id") { id: ID! n: Int @shareable x: Int @external }',
        b='type A @key(fields: "id") { id: ID! n: Int @shareable x: Int @shareable }',
    )
    found = join(supergraph, "Query.t", "a").provides
    assert text(found) == "{ ... on A { x } }"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('p: Int @requires(fields: "nope")', "REQUIRES_INVALID_FIELDS"),
        ('own: Int p: Int @requires(fields: "own")', "REQUIRES_FIELDS_MISSING_EXTERNAL"),
        ('w: Int @external p: Int @requires(fields: "w @skip(if: true)")', "REQUIRES_DIRECTIVE_IN_FIELDS_ARG"),
        ('w: Int @external p: Int @requires(fields: "v: w")', "REQUIRES_INVALID_FIELDS"),
        ('w: Int @external p: Int @requires(fields: "w(u: 1)")', "REQUIRES_INVALID_FIELDS"),
        ("w: Int @external", "EXTERNAL_UNUSED"),
        ('w: Int @external p: Int @external @requires(fields: "w")', "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE"),
        ('p: Int @provides(fields: "w")', "PROVIDES_ON_NON_OBJECT_FIELD"),
        ('p: O @provides(fields: "nope")', "PROVIDES_INVALID_FIELDS"),
        ('p: O @provides(fields: "z")', "PROVIDES_FIELDS_MISSING_EXTERNAL"),
        ('p: O @provides(fields: "s(n: 1)")', "PROVIDES_FIELDS_HAS_ARGS"),
        ('w: Int @external @tag(name: "t") p: Int @requires(fields: "w")', "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL"),
    ],
)
def test_a_field_set_or_external_field_that_makes_no_sense_is_refused(body: str, code: str) -> None:
    found = codes(a=BASE, b=f"{ENTITY} {{ id: ID! {body} }} type O {{ z: Int s(n: Int): Int @external }}")
    assert code in found


@pytest.mark.parametrize(
    ("resolved", "external", "code"),
    [
        ("n: Int", "n: String", "EXTERNAL_TYPE_MISMATCH"),
        ("n(x: Int): Int", "n: Int", "EXTERNAL_ARGUMENT_MISSING"),
        ("n(x: Int): Int", "n(x: String): Int", "EXTERNAL_ARGUMENT_TYPE_MISMATCH"),
        ("n(x: Int = 1): Int", "n(x: Int = 2): Int", "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH"),
    ],
)
def test_an_external_field_must_be_declared_as_it_is_resolved(resolved: str, external: str, code: str) -> None:
    error = only_refusal(
        a=f"type Query {{ t: T }} {ENTITY} {{ id: ID! {resolved} }}",
        b=f'{ENTITY} {{ id: ID! {external} @external p: Int @requires(fields: "n") }}',
    )
    assert error.code == code


def test_an_external_field_may_be_declared_wider_than_it_is_resolved() -> None:
    supergraph = composed(
        a=f"type Query {{ t: T }} {ENTITY} {{ id: ID! n: Int! }}",
        b=f'{ENTITY} {{ id: ID! n: Int @external p: Int @requires(fields: "n") }}',
    )
    assert join(supergraph, "T.n", "b").type == "Int"
    assert join(supergraph, "T.n", "a").type == "Int!"


def test_a_field_that_is_external_everywhere_is_refused() -> None:
    error = only_refusal(
        a=f"type Query {{ t: T }} {ENTITY} {{ id: ID! }}",
        b=f'{ENTITY} {{ id: ID! n: Int @external p: Int @requires(fields: "n") }}',
    )
    assert error.code == "EXTERNAL_MISSING_ON_BASE"


def test_a_required_argument_that_requires_does_not_give_is_found_after_merging() -> None:
    error = only_refusal(
        a=f"type Query {{ t: T }} {ENTITY} {{ id: ID! n(x: Int!): Int }}",
        b=f'{ENTITY} {{ id: ID! n(x: Int): Int @external p: Int @requires(fields: "n") }}',
    )
    assert error.code in ("REQUIRES_INVALID_FIELDS", "EXTERNAL_ARGUMENT_TYPE_MISMATCH")


@pytest.mark.parametrize(
    ("applied", "code"),
    [
        ("@external", "EXTERNAL_ON_INTERFACE"),
        ('@requires(fields: "y")', "REQUIRES_UNSUPPORTED_ON_INTERFACE"),
        ('@provides(fields: "y")', "PROVIDES_UNSUPPORTED_ON_INTERFACE"),
        ('@override(from: "b")', "OVERRIDE_ON_INTERFACE"),
        ("@authenticated", "AUTHENTICATION_APPLIED_ON_INTERFACE"),
    ],
)
def test_directives_of_resolved_fields_are_refused_on_the_fields_of_an_interface(applied: str, code: str) -> None:
    interface = f"interface I {{ x: Int {applied} y: Int }} type A implements I {{ x: Int y: Int }}"
    assert code in codes(a=f"type Query {{ i: I }} {interface}")
