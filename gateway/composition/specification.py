"""The directives of the federation specification: since which version, and as what they are defined.

Source: Apollo Federation subgraph specification, "Subgraph schema additions", and its version history.
"""

from __future__ import annotations

from functools import lru_cache

from graphql import DirectiveDefinitionNode, parse

NEWEST = (2, 14)
FEDERATION_1 = (1, 0)

_ANYWHERE = (
    "FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE"
    " | INPUT_OBJECT | INPUT_FIELD_DEFINITION"
)
_GUARDED = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"
_WEIGHED = "ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR"
_SINCE: dict[str, tuple[tuple[int, int], str]] = {
    "key": ((1, 0), "(fields: federation__Any!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE"),
    "external": ((1, 0), "(reason: String) on OBJECT | FIELD_DEFINITION"),
    "requires": ((1, 0), "(fields: federation__Any!) on FIELD_DEFINITION"),
    "provides": ((1, 0), "(fields: federation__Any!) on FIELD_DEFINITION"),
    "extends": ((1, 0), " on OBJECT | INTERFACE"),
    "tag": ((1, 0), f"(name: String!) repeatable on {_ANYWHERE} | SCHEMA"),
    "inaccessible": ((1, 0), f" on {_ANYWHERE}"),
    "shareable": ((2, 0), " repeatable on FIELD_DEFINITION | OBJECT"),
    "override": ((2, 0), "(from: String!, label: String) on FIELD_DEFINITION"),
    "composeDirective": ((2, 1), "(name: String) repeatable on SCHEMA"),
    "interfaceObject": ((2, 3), " on OBJECT"),
    "authenticated": ((2, 5), f" on {_GUARDED}"),
    "requiresScopes": ((2, 5), f"(scopes: [[federation__Any!]!]!) on {_GUARDED}"),
    "policy": ((2, 6), f"(policies: [[federation__Any!]!]!) on {_GUARDED}"),
    "context": ((2, 8), "(name: String!) repeatable on INTERFACE | OBJECT | UNION"),
    "fromContext": ((2, 8), "(field: federation__Any) on ARGUMENT_DEFINITION"),
    "cost": ((2, 9), f"(weight: Int!) on {_WEIGHED}"),
    "listSize": (
        (2, 9),
        (
            "(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!],"
            " requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION"
        ),
    ),
    "cacheTag": ((2, 12), "(format: String!) repeatable on FIELD_DEFINITION | OBJECT"),
}
TYPES = frozenset({"FieldSet", "Scope", "Policy", "ContextFieldValue"})
"""The scalars of the specification, which may be imported too."""
MACHINERY = """
scalar federation__Any
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
"""
"""What every subgraph may use without defining it."""
SINGLE_FEATURES = frozenset({"tag", "inaccessible", "authenticated", "requiresScopes", "policy", "cost"})
"""Directives that a subgraph may also link on their own, by `https://specs.apollo.dev/<name>/v…`."""


def directives_of(version: tuple[int, int]) -> frozenset[str]:
    """Return the names of the directives that a version of the specification has."""
    return frozenset(name for name, (since, _) in _SINCE.items() if since <= version)


@lru_cache(maxsize=256)
def definition_of(name: str, local: str) -> DirectiveDefinitionNode:
    """Return the definition of a specification directive under the name a subgraph has for it."""
    (node,) = parse(f"directive @{local}{_SINCE[name][1]}", no_location=True).definitions
    if not isinstance(node, DirectiveDefinitionNode):
        raise TypeError(name)
    return node
