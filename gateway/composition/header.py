"""The first part of a supergraph SDL: the link, join and carried directives (`link` v1.0, `join` v0.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.composition.merging import printed

if TYPE_CHECKING:
    from collections.abc import Iterable

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
  SECURITY
  EXECUTION
}
"""


def header(merging: Merging, roots: Iterable[str]) -> str:
    """Return everything of the supergraph SDL before its types."""
    links = [
        '@link(url: "https://specs.apollo.dev/link/v1.0")',
        '@link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)',
    ]
    for name in sorted(merging.carried):
        url, purpose = _LINKS[name]
        links.append(f'@link(url: "{url}"{f", for: {purpose}" if purpose else ""})')
    operations = "".join(f"  {root.lower()}: {root}\n" for root in roots)
    schema = "schema\n" + "".join(f"  {link}\n" for link in links) + "{\n" + operations + "}\n"
    definitions = [_DEFINITIONS[name] for name in sorted(merging.carried)]
    definitions += [merging.composed[name] for name in sorted(merging.composed)]
    carried = "\n\n".join(definitions)
    values = "".join(
        f"  {merging.graphs[subgraph.name]} {printed('join__graph', {'name': subgraph.name, 'url': subgraph.url})}\n"
        for subgraph in merging.subgraphs
    )
    return f"{schema}\n{_JOIN}\n{carried}\n\nenum join__Graph {{\n{values}}}\n"
