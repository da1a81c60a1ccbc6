"""Two schemas out of a supergraph document: everything without the join machinery, and what clients may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import (
    REMOVE,
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLSchema,
    Node,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    Visitor,
    VisitorAction,
    build_ast_schema,
    visit,
)

if TYPE_CHECKING:
    from graphql import ConstDirectiveNode, DirectiveNode, NamedTypeNode

_SPECIFIED = {"deprecated", "specifiedBy", "oneOf"}
_SPECIFICATIONS = (
    "join",
    "link",
    "core",
    "federation",
    "inaccessible",
    "tag",
    "authenticated",
    "requiresScopes",
    "policy",
    "context",
    "cost",
    "connect",
)
_SPECIFICATION_PREFIXES = tuple(f"{name}__" for name in _SPECIFICATIONS)
_EXECUTABLE_LOCATIONS = {
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
}


def is_specification_name(name: str) -> bool:
    """Tell whether a type belongs to the machinery of a specification that supergraphs link."""
    return name.startswith(_SPECIFICATION_PREFIXES)


def schemas_of(document: DocumentNode) -> tuple[GraphQLSchema, GraphQLSchema]:
    """Return the whole schema and the API schema of a supergraph document."""
    kept = [node for node in document.definitions if not _is_machinery(node)]
    whole = DocumentNode(definitions=tuple(kept))
    hidden = frozenset(
        node.name.value for node in kept if isinstance(node, TypeDefinitionNode) and _is_inaccessible(node.directives)
    )
    visible = visit(whole, _HideInaccessible(hidden))
    plain = _StripDirectives()
    return (
        build_ast_schema(visit(whole, plain), assume_valid=True),
        build_ast_schema(visit(visible, plain), assume_valid=True),
    )


def _is_machinery(node: Node) -> bool:
    if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
        return False
    if isinstance(node, DirectiveDefinitionNode):
        # Clients may use the executable ones.
        return not any(location.value in _EXECUTABLE_LOCATIONS for location in node.locations)
    return isinstance(node, TypeDefinitionNode) and is_specification_name(node.name.value)


def _is_inaccessible(directives: tuple[ConstDirectiveNode, ...] | tuple[DirectiveNode, ...] | None) -> bool:
    return any(directive.name.value == "inaccessible" for directive in directives or ())


class _HideInaccessible(Visitor):
    """Removes what is marked `@inaccessible`, and the mention of hidden types as interfaces or union members."""

    def __init__(self, hidden: frozenset[str]) -> None:
        super().__init__()
        self._hidden = hidden

    def enter(self, node: Node, *_args: object) -> VisitorAction:
        if _is_inaccessible(getattr(node, "directives", None)):
            return REMOVE
        return None

    def enter_named_type(self, node: NamedTypeNode, _key: object, parent: object, *_args: object) -> VisitorAction:
        in_list = isinstance(parent, tuple | list)
        return REMOVE if in_list and node.name.value in self._hidden else None


class _StripDirectives(Visitor):
    """Removes the application of every directive that GraphQL itself does not know."""

    def enter_directive(self, node: DirectiveNode, *_args: object) -> VisitorAction:
        return None if node.name.value in _SPECIFIED else REMOVE
