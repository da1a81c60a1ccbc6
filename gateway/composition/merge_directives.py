"""Directives of the subgraphs' own that the supergraph keeps: those named by `@composeDirective`, and the executable.

Sources: Federation specification, `@composeDirective`; Apollo documentation, "Composition rules", directives.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphql import DirectiveDefinitionNode, print_ast

from gateway.composition.type_references import is_required, narrowest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.composition.links import Link
    from gateway.composition.merging import Merging
    from gateway.composition.subgraph import ReadSubgraph

_EXECUTABLE = {
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
}
_CODE = "DIRECTIVE_COMPOSITION_ERROR"
_ALREADY = {"tag", "inaccessible", "authenticated", "requiresScopes", "policy"}


@dataclass(frozen=True, slots=True)
class Composed:
    """A directive kept by `@composeDirective`."""

    name: str
    definition: str
    link: str
    """The `@link` of the supergraph that brings it, as GraphQL."""
    is_repeatable: bool


@dataclass(frozen=True, slots=True)
class _Claim:
    """One subgraph's wish to keep a directive."""

    subgraph: str
    link: Link
    original: str
    definition: DirectiveDefinitionNode


def composed_directives(merging: Merging) -> list[Composed]:
    """Return the directives to keep, by name; what is wrong with the wish goes to the merging's faults."""
    claims: dict[str, list[_Claim]] = {}
    for subgraph in merging.subgraphs:
        for arguments in subgraph.schema_element.all("composeDirective"):
            claim = _claim(merging, subgraph, arguments.get("name"))
            if claim is not None:
                claims.setdefault(claim.definition.name.value, []).append(claim)
    kept = [_agreed(merging, name, claims[name]) for name in sorted(claims)]
    return [composed for composed in kept if composed is not None]


def _claim(merging: Merging, subgraph: ReadSubgraph, name: object) -> _Claim | None:
    def refuse(why: str) -> None:
        message = f"[{subgraph.name}] @composeDirective(name: {str(name)!r}): {why}"
        merging.faults.add(_CODE, message, subgraph.name)

    if not isinstance(name, str) or not name.startswith("@"):
        refuse('the name must be that of a directive with its @, such as "@mine"')
        return None
    local = name[1:]
    federation = subgraph.names.directives.get(local)
    if federation is not None:
        if federation not in _ALREADY:
            refuse("a directive of the federation specification cannot be composed")
        return None
    if local not in subgraph.directives:
        refuse("this subgraph does not define the directive")
        return None
    link = next((link for link in subgraph.names.links if link.original(local) is not None), None)
    if link is None:
        refuse("no @link of this subgraph brings the directive: link your own specification and import it")
        return None
    return _Claim(subgraph.name, link, link.original(local) or local, subgraph.directives[local])


def _agreed(merging: Merging, name: str, claims: Sequence[_Claim]) -> Composed | None:
    subgraphs = [claim.subgraph for claim in claims]
    if len({(claim.link.identity, claim.original) for claim in claims}) > 1:
        said = ", ".join(f"@{claim.original} of {claim.link.identity} in {claim.subgraph}" for claim in claims)
        merging.faults.add(_CODE, f"@{name} is not the same directive everywhere: {said}", *subgraphs)
        return None
    if len({claim.link.version[0] for claim in claims}) > 1:
        said = ", ".join(f"{claim.link.url} in {claim.subgraph}" for claim in claims)
        merging.faults.add(_CODE, f"@{name} comes from different major versions: {said}", *subgraphs)
        return None
    newest = max(claims, key=lambda claim: claim.link.version)
    renamed = f'{{ name: "@{newest.original}", as: "@{name}" }}'
    imported = f'"@{name}"' if newest.original == name else renamed
    link = f'@link(url: "{newest.link.url}", import: [{imported}])'
    return Composed(name, print_ast(newest.definition), link, newest.definition.repeatable)


def executable_directives(merging: Merging) -> list[DirectiveDefinitionNode]:
    """Return the executable directives that every subgraph defines, with the locations and arguments all share."""
    first, *others = merging.subgraphs
    shared = [name for name in first.directives if all(name in other.directives for other in others)]
    merged = [_merged([subgraph.directives[name] for subgraph in merging.subgraphs]) for name in shared]
    return [definition for definition in merged if definition is not None]


def _merged(definitions: Sequence[DirectiveDefinitionNode]) -> DirectiveDefinitionNode | None:
    first = definitions[0]
    locations = [
        location
        for location in first.locations
        if location.value in _EXECUTABLE
        and all(location.value in {each.value for each in other.locations} for other in definitions)
    ]
    arguments = []
    for argument in first.arguments or ():
        same = [a for d in definitions for a in d.arguments or () if a.name.value == argument.name.value]
        type_ = narrowest([each.type for each in same])
        if len(same) == len(definitions) and type_ is not None:
            arguments.append(replace(argument, type=type_, directives=()))
    demanded = {
        a.name.value for d in definitions for a in d.arguments or () if is_required(a.type) and not a.default_value
    }
    if not locations or not demanded <= {argument.name.value for argument in arguments}:
        return None
    return replace(
        first,
        locations=tuple(locations),
        arguments=tuple(arguments),
        repeatable=all(each.repeatable for each in definitions),
    )
