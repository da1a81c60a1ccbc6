"""Which local names a subgraph uses for specification directives (`link` specification v1.0)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import SchemaDefinitionNode, SchemaExtensionNode, value_from_ast_untyped

from gateway.composition.specification import FEDERATION_1, NEWEST, SINGLE_FEATURES, TYPES, directives_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import DirectiveNode, DocumentNode

_URL = re.compile(r"(?P<identity>.*/(?P<name>[^/]+))/v(?P<major>\d+)\.(?P<minor>\d+)/?")
_APOLLO = "https://specs.apollo.dev/"


class LinkFault(ValueError):
    """A `@link` that cannot be followed; carries Apollo's error code."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Link:
    """One `@link` of a subgraph."""

    identity: str
    """The URL without its version."""
    version: tuple[int, int]
    namespace: str
    """What stands before `__` in the names that are not imported."""
    imports: dict[str, str]
    """Local name → the specification's; directives keep their `@`."""

    @property
    def url(self) -> str:
        """The URL as linked."""
        return f"{self.identity}/v{self.version[0]}.{self.version[1]}"

    def original(self, directive: str) -> str | None:
        """Return the specification's name of a local directive, or None when it is not this link's."""
        if f"@{directive}" in self.imports:
            return self.imports[f"@{directive}"].removeprefix("@")
        if directive == self.namespace:
            # A specification with one directive of its own name lends it without an import.
            return self.identity.rsplit("/", 1)[1]
        prefix = f"{self.namespace}__"
        return directive.removeprefix(prefix) if directive.startswith(prefix) else None


@dataclass(frozen=True, slots=True)
class Names:
    """What a subgraph calls things."""

    version: tuple[int, int]
    """The federation version; (1, 0) for an SDL without a `@link` to it."""
    directives: dict[str, str]
    """Local directive name → the specification's name."""
    namespace: str = "federation"
    types: frozenset[str] = frozenset()
    """Local names of imported specification types."""
    links: tuple[Link, ...] = field(default=())
    """The links to other specifications."""

    @property
    def is_federation_1(self) -> bool:
        """Whether Federation 1's rules apply: value types are shared without saying so."""
        return self.version == FEDERATION_1


def arguments_of(directive: DirectiveNode) -> dict[str, Any]:
    """Return a directive's arguments as plain values."""
    return {argument.name.value: value_from_ast_untyped(argument.value) for argument in directive.arguments or ()}


def read_links(document: DocumentNode) -> Names:
    """Read the `@link`s of a subgraph. Raises LinkFault for a version or an import that is not known."""
    links = [link for applied in _applied_links(document) if (link := _link(applied))]
    federation = next((link for link in links if link.identity == f"{_APOLLO}federation"), None)
    others = tuple(link for link in links if link is not federation)
    if federation is None:
        names = Names(FEDERATION_1, {name: name for name in directives_of(FEDERATION_1)}, links=others)
    else:
        names = _federation_names(federation, others)
    for link in others:
        feature = link.identity.removeprefix(_APOLLO)
        if feature in SINGLE_FEATURES:
            names.directives.setdefault(link.namespace, feature)
            names.directives.update({local[1:]: feature for local in link.imports if local.startswith("@")})
    return names


def _applied_links(document: DocumentNode) -> Iterator[dict[str, Any]]:
    for node in document.definitions:
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            yield from (arguments_of(applied) for applied in node.directives or () if applied.name.value == "link")


def _link(arguments: dict[str, Any]) -> Link | None:
    found = _URL.fullmatch(str(arguments.get("url") or ""))
    if found is None:
        return None
    imports: dict[str, str] = {}
    for imported in arguments.get("import") or ():
        name = imported.get("name") if isinstance(imported, dict) else imported
        if not isinstance(name, str):
            raise LinkFault("INVALID_LINK_DIRECTIVE_USAGE", f"an import of {found[0]} has no name: {imported!r}")
        local = imported.get("as") or name if isinstance(imported, dict) else name
        if local.startswith("@") != name.startswith("@"):
            message = f"{name!r} cannot be imported as {local!r}: both or neither begin with @"
            raise LinkFault("INVALID_LINK_DIRECTIVE_USAGE", message)
        imports[local] = name
    version = (int(found["major"]), int(found["minor"]))
    return Link(found["identity"], version, arguments.get("as") or found["name"], imports)


def _federation_names(link: Link, others: tuple[Link, ...]) -> Names:
    if not (2, 0) <= link.version <= NEWEST:
        message = f"federation v{link.version[0]}.{link.version[1]} is not known: v2.0 to v2.{NEWEST[1]} are"
        raise LinkFault("UNKNOWN_FEDERATION_LINK_VERSION", message)
    known = directives_of(link.version)
    for name in link.imports.values():
        if name.removeprefix("@") not in (known if name.startswith("@") else TYPES):
            version = f"v{link.version[0]}.{link.version[1]}"
            raise LinkFault("INVALID_LINK_DIRECTIVE_USAGE", f"federation {version} has no {name} to import")
    imported = {name[1:]: local[1:] for local, name in link.imports.items() if name.startswith("@")}
    directives = {imported.get(name, f"{link.namespace}__{name}"): name for name in known}
    types = frozenset(local for local in link.imports if not local.startswith("@"))
    return Names(link.version, directives, link.namespace, types, others)
