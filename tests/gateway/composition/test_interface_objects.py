from __future__ import annotations

import pytest

from tests.gateway.composition.composing import api_field, codes, composed, join, only_refusal, refusals

REGIONS = (
    'type Query { region: Region } interface Region @key(fields: "id") { id: ID! }'
    ' type City implements Region @key(fields: "id") { id: ID! mayor: String }'
    ' type Grid implements Region @key(fields: "id") { id: ID! }'
)


def test_fields_added_to_an_interface_are_on_every_implementation_and_reached_through_the_interface() -> None:
    supergraph = composed(
        regions=REGIONS,
        tickets='type Query { busiest: Region } type Region @interfaceObject @key(fields: "id")'
        " { id: ID! tickets(first: Int = 10): [Ticket!]! } type Ticket { id: ID! region: Region! }",
    )
    for type_name in ("Region", "City", "Grid"):
        assert api_field(supergraph, f"{type_name}.tickets") == "(first: Int): [Ticket!]!"
    assert supergraph.types["City"].fields["tickets"] == {}
    assert join(supergraph, "Region.tickets", "tickets").type == "[Ticket!]!"
    assert supergraph.types["Region"].joins["tickets"].is_interface_object
    assert "tickets" not in supergraph.types["City"].joins


def test_two_subgraphs_may_each_add_their_own_fields() -> None:
    supergraph = composed(
        regions=REGIONS,
        tickets='type Region @interfaceObject @key(fields: "id") { id: ID! open: Int }',
        credit='type Region @interfaceObject @key(fields: "id") { id: ID! points: Int }',
    )
    assert {"open", "points", "mayor", "id"} == set(supergraph.types["City"].fields)


def test_two_subgraphs_that_add_the_same_field_must_share_it() -> None:
    addition = 'type Region @interfaceObject @key(fields: "id") { id: ID! open: Int%s }'
    found = refusals(regions=REGIONS, tickets=addition % "", credit=addition % "")
    assert {error.code for error in found} == {"INVALID_FIELD_SHARING"}
    assert composed(regions=REGIONS, tickets=addition % " @shareable", credit=addition % " @shareable")


def test_a_field_of_an_implementation_and_one_added_by_the_interface_must_be_shared() -> None:
    addition = 'type Region @interfaceObject @key(fields: "id") { id: ID! mayor: String%s }'
    assert codes(regions=REGIONS, more=addition % "") == ["INVALID_FIELD_SHARING"]


def test_an_interface_object_may_require_fields_of_the_interface() -> None:
    supergraph = composed(
        regions='type Query { r: Region } interface Region @key(fields: "id") { id: ID! code: String }'
        ' type City implements Region @key(fields: "id") { id: ID! code: String }',
        tickets='type Region @interfaceObject @key(fields: "id")'
        ' { id: ID! code: String @external open: Int @requires(fields: "code") }',
    )
    assert join(supergraph, "Region.open", "tickets").requires is not None


@pytest.mark.parametrize(
    ("tickets", "code"),
    [
        ("type Region @interfaceObject { id: ID! open: Int }", "INTERFACE_OBJECT_USAGE_ERROR"),
        (
            'type Region @interfaceObject @key(fields: "id") { id: ID! } type City @key(fields: "id") { id: ID! }',
            "INTERFACE_OBJECT_USAGE_ERROR",
        ),
        (
            'type Region @interfaceObject @key(fields: "id") { id: ID! open: Int @override(from: "regions") }',
            "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
        ),
        (
            'interface Region { id: ID! } type Unit implements Region @key(fields: "id") { id: ID! }',
            "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE",
        ),
        ("type Region { id: ID! }", "TYPE_KIND_MISMATCH"),
    ],
)
def test_an_interface_seen_in_a_way_that_cannot_work_is_refused(tickets: str, code: str) -> None:
    assert code in codes(regions=REGIONS, tickets=tickets)


def test_an_interface_object_without_an_interface_is_refused() -> None:
    error = only_refusal(a='type Query { r: Region } type Region @interfaceObject @key(fields: "id") { id: ID! }')
    assert error.code == "INTERFACE_OBJECT_USAGE_ERROR"


def test_every_implementation_needs_the_keys_of_its_interface() -> None:
    error = only_refusal(
        a='type Query { i: I } interface I @key(fields: "id") { id: ID! } type A implements I { id: ID! }'
    )
    assert error.code == "INTERFACE_KEY_NOT_ON_IMPLEMENTATION"
    assert 'A implements I but lacks its @key(fields: "id")' in error.message


def test_an_interface_object_is_of_no_use_when_nothing_tells_what_the_object_is() -> None:
    error = only_refusal(
        a='type Query { i: I } interface I { id: ID! } type A implements I @key(fields: "id") { id: ID! }',
        b='type Query { u: I } type I @interfaceObject @key(fields: "id") { id: ID! n: Int }',
    )
    assert error.code == "SATISFIABILITY_ERROR"
    assert "known only by @interfaceObject (I in b)" in error.message
