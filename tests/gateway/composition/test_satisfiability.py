from __future__ import annotations

from tests.gateway.composition.composing import composed, only_refusal, refusals

ENTITY = 'type T @key(fields: "%s") { %s }'


def test_the_message_names_the_query_the_field_and_why_it_cannot_be_had() -> None:
    error = only_refusal(
        a="type Query { t: T } type T { o: O } type O @shareable { x: Int }",
        b="type Query { o: O } type O @shareable { x: Int y: Int }",
    )
    assert error.code == "SATISFIABILITY_ERROR"
    assert error.message == (
        "`query { t { o { y } } }` cannot be answered: the O can be had from a, but O.y cannot be reached from there:"
        " b resolves it, but has no resolvable @key on O to be asked by"
    )


def test_a_key_of_which_a_part_cannot_be_had_leads_nowhere() -> None:
    errors = refusals(a="type Query { t: T } " + ENTITY % ("a", "a: ID!"), b=ENTITY % ("b", "b: ID! z: Int"))
    assert {error.code for error in errors} == {"SATISFIABILITY_ERROR"}
    assert any('@key(fields: "b") needs T.b, which cannot be had' in error.message for error in errors)


def test_keys_may_lead_through_other_subgraphs() -> None:
    assert composed(
        a="type Query { t: T } " + ENTITY % ("a", "a: ID!"),
        b='type T @key(fields: "a") @key(fields: "b") { a: ID! b: ID! }',
        c=ENTITY % ("b", "b: ID! z: Int"),
    )


def test_the_parts_of_a_key_may_come_from_several_subgraphs() -> None:
    assert composed(
        a="type Query { t: T } " + ENTITY % ("a", "a: ID!"),
        b=ENTITY % ("a", "a: ID! b: ID! @shareable"),
        c=ENTITY % ("a", "a: ID! c: ID! @shareable"),
        d=ENTITY % ("b c", "b: ID! c: ID! z: Int"),
    )


def test_a_key_whose_nested_part_is_in_a_third_subgraph_leads_on() -> None:
    assert composed(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! o: O @shareable }'
        ' type O @key(fields: "id") { id: ID! }',
        b='type O @key(fields: "id") { id: ID! code: String @shareable }',
        c='type T @key(fields: "o { code }") { o: O @shareable n: Int } type O { code: String @shareable }',
    )


def test_keys_that_need_one_another_lead_nowhere() -> None:
    errors = refusals(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! }',
        b='type T @key(fields: "o { n }") { o: O @shareable x: Int }'
        ' type O @key(fields: "t { x }") { n: Int t: T x: Int }',
    )
    assert {error.code for error in errors} == {"SATISFIABILITY_ERROR"}


def test_a_key_that_is_not_resolvable_is_no_way_in() -> None:
    error = only_refusal(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! }',
        b='type Query { u: T } type T @key(fields: "id", resolvable: false) { id: ID! n: Int }',
    )
    assert "`query { t { n } }`" in error.message


def test_a_value_type_within_an_entity_is_completed_by_going_back_to_the_entity() -> None:
    assert composed(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! v: V @shareable } type V @shareable { x: Int }',
        b='type T @key(fields: "id") { id: ID! v: V @shareable } type V @shareable { x: Int y: Int }',
    )


def test_what_requires_needs_must_be_had_from_elsewhere() -> None:
    errors = refusals(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! }',
        b='type T @key(fields: "id") { id: ID! w: Int @external p: Int @requires(fields: "w") }',
        c="type Query { z: T } type T { id: ID! @shareable w: Int }",
    )
    assert any('b resolves it, but its @requires(fields: "w") needs T.w' in error.message for error in errors)


def test_requires_needs_a_key_to_come_back_by() -> None:
    errors = refusals(
        a='type Query { x: Int } type T @key(fields: "id") { id: ID! w: Int }',
        b='type Query { u: T } type T @key(fields: "id", resolvable: false)'
        ' { id: ID! w: Int @external p: Int @requires(fields: "w") }',
    )
    assert any("no resolvable @key to be asked again" in error.message for error in errors)


def test_requires_that_need_one_another_are_refused() -> None:
    errors = refusals(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! }',
        b='type T @key(fields: "id") { id: ID! y: Int @external x: Int @requires(fields: "y") }',
        c='type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }',
    )
    assert {error.code for error in errors} == {"SATISFIABILITY_ERROR"}


def test_requires_may_stand_on_fields_that_have_requires_themselves() -> None:
    assert composed(
        a='type Query { t: T } type T @key(fields: "id") { id: ID! w: Int }',
        b='type T @key(fields: "id") { id: ID! w: Int @external x: Int @requires(fields: "w") }',
        c='type T @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }',
    )


def test_what_is_provided_on_one_path_must_still_be_reached_on_the_others() -> None:
    provided = 'type Query { t: T @provides(fields: "n")%s } type T { n: Int @external }'
    other = "type Query { u: T } type T { n: Int @shareable }"
    assert composed(a=provided % "", b=other)
    error = only_refusal(a=provided % " v: T", b=other)
    assert "`query { v { n } }`" in error.message


def test_provides_reaches_down_through_nested_fields() -> None:
    assert composed(
        a='type Query { t: T @provides(fields: "o { n }") } type T { o: O } type O { n: Int @external }',
        b="type Query { u: O } type O { n: Int @shareable }",
    )


def test_a_shared_field_of_a_union_needs_a_member_that_all_its_subgraphs_know() -> None:
    error = only_refusal(
        a="type Query { t: U @shareable } union U = B type B { y: Int }",
        b="type Query { t: U @shareable } union U = C type C { c: Int }",
    )
    assert error.code == "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES"


def test_each_type_an_interface_may_be_is_followed_from_where_it_may_come() -> None:
    errors = refusals(
        a='type Query { i: I } interface I { x: Int } type A implements I @key(fields: "id") { id: ID! x: Int }'
        " type B implements I @shareable { x: Int }",
        b='type Query { b: B } type A @key(fields: "id") { id: ID! w: Int } type B @shareable { x: Int y: Int }',
    )
    assert [error.message.split("`")[1] for error in errors] == ["query { i { ... on B { y } } }"]


def test_a_query_root_answered_by_a_mutation_is_asked_anywhere() -> None:
    assert composed(
        a="type Query { a: Int } type Mutation { m: Payload } type Payload { query: Query }", b="type Query { b: Int }"
    )


def test_a_fragment_on_a_union_in_requires_is_looked_into() -> None:
    union = "union U = A | B type A @shareable { n: Int%s } type B @shareable { n: Int }"
    entity = 'type T @key(fields: "id") { id: ID! i: A'
    errors = refusals(
        a="type Query { t: T z: U } " + entity + " } " + union % "",
        b=entity
        + ' @external p: Int @requires(fields: "i { ... on U { ... on A { x } } }") } '
        + union % " x: Int @external",
        c="type Query { c: A } type A @shareable { n: Int x: Int }",
    )
    assert any("needs A.x" in error.message for error in errors)
