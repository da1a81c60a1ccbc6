"""Write the standard supergraph SDL (`link` v1.0, `join` v0.5): the form that Apollo Router, Hive and Cosmo load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import print_ast

from gateway.composition.merge_directives import composed_directives, executable_directives
from gateway.composition.merge_types import merge_type
from gateway.composition.merging import printed
from gateway.composition.subgraph_schema import ROOTS

if TYPE_CHECKING:
    from gateway.composition.merging import Merging

_LINKS = {
    "inaccessible": ("https://specs.apollo.dev/inaccessible/v0.2", "SECURITY"),
    "tag": ("https://specs.apollo.dev/tag/v0.3", None),
    "authenticated": ("https://specs.apollo.dev/authenticated/v0.1", "SECURITY"),
    "requiresScopes": ("https://specs.apollo.dev/requiresScopes/v0.1", "SECURITY"),
    "policy": ("https://specs.apollo.dev/policy/v0.1", "SECURITY"),
}
_ANYWHERE = (
    "FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE"
    " | INPUT_OBJECT | INPUT_FIELD_DEFINITION"
)
_GUARDED = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM"
_DEFINITIONS = {
    "inaccessible": f"directive @inaccessible on {_ANYWHERE}",
    "tag": f"directive @tag(name: String!) repeatable on {_ANYWHERE} | SCHEMA",
    "authenticated": f"directive @authenticated on {_GUARDED}",
    "requiresScopes": (
        f"directive @requiresScopes(scopes: [[requiresScopes__Scope!]!]!) on {_GUARDED}\n\nscalar requiresScopes__Scope"
    ),
    "policy": f"directive @policy(policies: [[policy__Policy!]!]!) on {_GUARDED}\n\nscalar policy__Policy",
    "cost": (
        "directive @cost(weight: Int!) on"
        " ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR"
    ),
    "listSize": (
        "directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!],"
        " requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION"
    ),
    # GraphQL's own, but too new for some routers to know it undefined.
    "oneOf": "directive @oneOf on INPUT_OBJECT",
}
_JOIN = """\
directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) repeatable on \
SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION

directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE

directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, \
external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String, \
contextArguments: [join__ContextArgument!]) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION

directive @join__graph(name: String!, url: String!) on ENUM_VALUE

directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE

directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, \
resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on \
OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR

directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION

directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA

input join__ContextArgument {
  name: String!
  type: String!
  context: String!
  selection: join__FieldValue!
}

scalar join__DirectiveArguments

scalar join__FieldSet

scalar join__FieldValue

scalar link__Import

enum link__Purpose {
  \"\"\"
  `SECURITY` features provide metadata necessary to securely resolve fields.
  \"\"\"
  SECURITY

  \"\"\"
  `EXECUTION` features provide metadata necessary for operation execution.
  \"\"\"
  EXECUTION
}
"""


def write_supergraph(merging: Merging) -> str:
    """Merge the subgraphs and return the supergraph SDL; what does not go together is noted in the merging's faults."""
    composed = composed_directives(merging)
    merging.composed = {directive.name: directive.is_repeatable for directive in composed}
    names = sorted({name for subgraph in merging.subgraphs for name in subgraph.types})
    types = [part for name in names if (part := merge_type(merging, name)) is not None]
    roots = [root for root in ROOTS if root in names]
    applied = merging.printed_directives([subgraph.schema_element for subgraph in merging.subgraphs])
    links = [directive.link for directive in composed]
    definitions = [
        *(_DEFINITIONS[name] for name in sorted(merging.carried)),
        *(directive.definition for directive in composed),
        *(print_ast(definition) for definition in executable_directives(merging)),
    ]
    parts = [_schema(merging, roots, links, applied), _JOIN, *(f"{text}\n" for text in definitions), _graphs(merging)]
    return "\n".join([*parts, *types])


def _schema(merging: Merging, roots: list[str], links: list[str], applied: str) -> str:
    lines = [
        '@link(url: "https://specs.apollo.dev/link/v1.0")',
        '@link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)',
    ]
    for name, (url, purpose) in _LINKS.items():
        if name in merging.carried:
            lines.append(f'@link(url: "{url}"{f", for: {purpose}" if purpose else ""})')
    costs = [f'"@{name}"' for name in ("cost", "listSize") if name in merging.carried]
    if costs:
        lines.append(f'@link(url: "https://specs.apollo.dev/cost/v0.1", import: [{", ".join(costs)}])')
    lines += links
    operations = "".join(f"  {root.lower()}: {root}\n" for root in roots)
    return f"schema{applied}\n" + "".join(f"  {line}\n" for line in lines) + "{\n" + operations + "}\n"


def _graphs(merging: Merging) -> str:
    values = "".join(
        f"  {merging.graphs[subgraph.name]} {printed('join__graph', {'name': subgraph.name, 'url': subgraph.url})}\n"
        for subgraph in merging.subgraphs
    )
    return f"enum join__Graph {{\n{values}}}\n"
