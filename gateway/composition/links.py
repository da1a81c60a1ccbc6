"""Which local names a subgraph uses for the federation directives (`link` specification v1.0)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import SchemaDefinitionNode, SchemaExtensionNode, value_from_ast_untyped

if TYPE_CHECKING:
    from graphql import DirectiveNode, DocumentNode

FEDERATION_1 = frozenset({"key", "external", "requires", "provides", "extends", "tag", "inaccessible"})
FEDERATION_2 = FEDERATION_1 | {
    "shareable",
    "override",
    "interfaceObject",
    "composeDirective",
    "authenticated",
    "requiresScopes",
    "policy",
    "context",
    "fromContext",
    "cost",
    "listSize",
    "cacheTag",
}
_FEDERATION = re.compile(r"https://specs\.apollo\.dev/federation/v(\d+)\.(\d+)$")
NEWEST = (2, 11)


@dataclass(frozen=True, slots=True)
class Names:
    """What a subgraph calls things."""

    version: tuple[int, int]
    """The federation version; (1, 0) for an SDL without `@link`."""
    directives: dict[str, str]
    """Local directive name → the specification's name."""

    @property
    def is_federation_1(self) -> bool:
        """Whether Federation 1's rules apply: value types are shared without saying so."""
        return self.version[0] == 1


def arguments_of(directive: DirectiveNode) -> dict[str, Any]:
    """Return a directive's arguments as plain values."""
    return {argument.name.value: value_from_ast_untyped(argument.value) for argument in directive.arguments or ()}


def read_links(document: DocumentNode) -> Names:
    """Read the `@link` to the federation specification. Raises ValueError for a version that is not known."""
    for node in document.definitions:
        if not isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            continue
        for directive in node.directives or ():
            link = arguments_of(directive) if directive.name.value == "link" else {}
            found = _FEDERATION.fullmatch(link.get("url") or "")
            if found:
                return _names(link, (int(found[1]), int(found[2])))
    return Names((1, 0), {name: name for name in FEDERATION_1})


def _names(link: dict[str, Any], version: tuple[int, int]) -> Names:
    if version > NEWEST:
        raise ValueError(f"federation v{version[0]}.{version[1]} is newer than v2.{NEWEST[1]}, the newest known here")
    namespace = link.get("as") or "federation"
    directives = {f"{namespace}__{name}": name for name in FEDERATION_2}
    for imported in link.get("import") or ():
        name = imported["name"] if isinstance(imported, dict) else imported
        local = (imported.get("as") or name) if isinstance(imported, dict) else name
        if name.startswith("@"):
            directives[local.removeprefix("@")] = name.removeprefix("@")
    return Names(version, directives)
