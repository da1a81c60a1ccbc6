"""What counts as breaking, dangerous and safe."""

from __future__ import annotations

import pytest

from gateway.composition.compose import compose
from gateway.composition.subgraph import SubgraphSource
from gateway.composition.supergraph_sdl import read_supergraph
from gateway.supply.changes import changes_between

LINK = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@inaccessible", "@authenticated", "@requiresScopes"])
"""
BEFORE = """
type Query { thing(id: ID!, kind: Kind): Thing things(first: Int = 5): [Thing!] }
type Thing @key(fields: "id") { id: ID! name: String note: String! @deprecated(reason: "old") }
enum Kind { A B }
input Wish { what: String }
type Mutation { wish(input: Wish!): Thing }
"""
CASES = [
    ("name: String ", "", ("breaking", "FIELD_REMOVED")),
    ("name: String ", "name: String @inaccessible ", ("breaking", "FIELD_REMOVED")),
    ("name: String ", "name: Int ", ("breaking", "FIELD_CHANGED_KIND")),
    ("name: String ", "name(in: String!): String ", ("breaking", "REQUIRED_ARG_ADDED")),
    ("name: String ", "name: String @authenticated ", ("breaking", "ACCESS_TIGHTENED")),
    ("name: String ", 'name: String @requiresScopes(scopes: [["a"]]) ', ("breaking", "ACCESS_TIGHTENED")),
    ("note: String!", "note: String", ("breaking", "FIELD_CHANGED_KIND")),
    ("enum Kind { A B }", "enum Kind { A }", ("breaking", "VALUE_REMOVED_FROM_ENUM")),
    ("what: String", "what: String!", ("breaking", "FIELD_CHANGED_KIND")),
    ("what: String", "what: String why: String!", ("breaking", "REQUIRED_INPUT_FIELD_ADDED")),
    (", kind: Kind)", ")", ("breaking", "ARG_REMOVED")),
    ("enum Kind { A B }", "enum Kind { A B C }", ("dangerous", "VALUE_ADDED_TO_ENUM")),
    ("what: String", "what: String why: String", ("dangerous", "OPTIONAL_INPUT_FIELD_ADDED")),
    ("first: Int = 5", "first: Int = 6", ("dangerous", "ARG_DEFAULT_VALUE_CHANGE")),
    ("name: String ", "name: String more: Int ", ("safe", "FIELD_ADDED")),
    ("enum Kind { A B }", "enum Kind { A B } type New { id: ID }", ("safe", "TYPE_ADDED")),
    ("name: String ", 'name: String @deprecated(reason: "x") ', ("safe", "DEPRECATED")),
    (' @deprecated(reason: "old")', "", ("safe", "DEPRECATED_NO_MORE")),
    ("name: String ", "name: String! ", ("safe", "FIELD_NULL_NO_MORE")),
]


@pytest.mark.parametrize(("old", "new", "expected"), CASES)
def test_a_change_is_named_for_what_it_is_to_clients(old: str, new: str, expected: tuple[str, str]) -> None:
    assert old in BEFORE
    before = compose([SubgraphSource("a", "", LINK + BEFORE)])
    after = compose([SubgraphSource("a", "", LINK + BEFORE.replace(old, new))])
    found = changes_between(before, after)
    assert [(each.severity.value, each.kind) for each in found] == [expected]
    assert changes_between(before, read_supergraph(before.sdl)) == []


def test_less_access_demanded_is_dangerous() -> None:
    demanding = BEFORE.replace("name: String ", "name: String @authenticated ")
    before = compose([SubgraphSource("a", "", LINK + demanding)])
    after = compose([SubgraphSource("a", "", LINK + BEFORE)])
    [change] = changes_between(before, after)
    assert (change.severity.value, change.kind) == ("dangerous", "ACCESS_LOOSENED")
