"""A subgraph's SDL as plain GraphQL: root types under their standard names, machinery taken out, and validated."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphql import (
    REMOVE,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    GraphQLError,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    NameNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    ScalarTypeDefinitionNode,
    ScalarTypeExtensionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
    Visitor,
    VisitorAction,
    build_ast_schema,
    parse,
    validate_schema,
    visit,
)
from graphql.validation.validate import validate_sdl

from gateway.composition.specification import MACHINERY, NEWEST, definition_of, directives_of

if TYPE_CHECKING:
    from graphql import GraphQLSchema, NamedTypeNode, Node

    from gateway.composition.errors import Faults
    from gateway.composition.links import Names

ROOTS = ("Query", "Mutation", "Subscription")
_MACHINERY_TYPES = {"_Any", "_Service", "_Entity", "_FieldSet", "FieldSet"}
_MACHINERY_FIELDS = {"_service", "_entities"}
_UNKNOWN_DIRECTIVE = re.compile(r"Unknown directive ['\"]@(?P<name>\w+)['\"]")
_DEFINED_BY: dict[type, type] = {
    ScalarTypeExtensionNode: ScalarTypeDefinitionNode,
    ObjectTypeExtensionNode: ObjectTypeDefinitionNode,
    InterfaceTypeExtensionNode: InterfaceTypeDefinitionNode,
    UnionTypeExtensionNode: UnionTypeDefinitionNode,
    EnumTypeExtensionNode: EnumTypeDefinitionNode,
    InputObjectTypeExtensionNode: InputObjectTypeDefinitionNode,
}


def plain(document: DocumentNode, names: Names, subgraph: str, faults: Faults) -> DocumentNode:
    """Return a subgraph's document without federation's own definitions, its root types named Query and so on."""
    renamed = _renamed_roots(document)
    defined = {node.name.value for node in document.definitions if isinstance(node, TypeDefinitionNode)}
    for local, standard in renamed.items():
        if standard in defined:
            message = (
                f"[{subgraph}] there is a type {standard}, but the schema's {standard.lower()} root is {local}:"
                f" rename {standard}, or make it the root"
            )
            faults.add(f"ROOT_{standard.upper()}_USED", message, subgraph)
    kept = [node for node in document.definitions if not _is_machinery(node, names)]
    stripped: DocumentNode = visit(DocumentNode(definitions=tuple(kept)), _Plain(renamed))
    empty_roots = {
        node.name.value
        for node in stripped.definitions
        if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode) and node.name.value in ROOTS
    } - {
        node.name.value
        for node in stripped.definitions
        if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode) and node.fields
    }
    definitions = [node for node in stripped.definitions if _name(node) not in empty_roots]
    return DocumentNode(definitions=tuple(definitions))


def checked_schema(document: DocumentNode, names: Names, subgraph: str, faults: Faults) -> GraphQLSchema | None:
    """Build the GraphQL schema of a plain subgraph document; None when it is no valid GraphQL (told in `faults`)."""
    machinery = list(parse(MACHINERY, no_location=True).definitions)
    if not any(_name(node) == "Query" for node in document.definitions):
        # A subgraph needs no query root of its own, a GraphQL schema does.
        machinery += parse("type Query { _: Boolean }", no_location=True).definitions
    directives = [definition_of(name, local) for local, name in names.directives.items()]
    own = [
        SchemaExtensionNode(directives=node.directives) if isinstance(node, SchemaDefinitionNode) else node
        for node in document.definitions
    ]
    whole = DocumentNode(definitions=(*_with_bases(own), *machinery, *directives))
    errors = validate_sdl(whole)
    if errors:
        for error in errors:
            faults.add("INVALID_GRAPHQL", f"[{subgraph}] {_said(error)}{_hint(error, names)}", subgraph)
        return None
    schema = build_ast_schema(whole, assume_valid_sdl=True)
    errors = validate_schema(schema)
    for error in errors:
        faults.add("INVALID_GRAPHQL", f"[{subgraph}] {_said(error)}", subgraph)
    return None if errors else schema


def _said(error: GraphQLError) -> str:
    place = error.locations[0] if error.locations else None
    return f"{error.message} (line {place.line}, column {place.column})" if place else error.message


def _hint(error: GraphQLError, names: Names) -> str:
    """Say how a federation directive is made known, when the error is that it is not."""
    unknown = _UNKNOWN_DIRECTIVE.match(error.message)
    name = unknown["name"] if unknown else ""
    if name not in directives_of(NEWEST):
        return ""
    if names.is_federation_1:
        return f" @{name} needs `extend schema @link(url: …)` to federation v2."
    return f' Add "@{name}" to the import of the @link to federation, or write @{names.namespace}__{name}.'


def _renamed_roots(document: DocumentNode) -> dict[str, str]:
    """Return local root type name → Query, Mutation or Subscription, where they differ."""
    renamed = {}
    for node in document.definitions:
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            for operation in node.operation_types or ():
                renamed[operation.type.name.value] = operation.operation.value.capitalize()
    return {local: standard for local, standard in renamed.items() if local != standard}


def _is_machinery(node: Node, names: Names) -> bool:
    name = _name(node)
    if isinstance(node, DirectiveDefinitionNode):
        return name in names.directives or name in ("link", "core") or name.startswith(f"{names.namespace}__")
    if not isinstance(node, TypeDefinitionNode | TypeExtensionNode):
        return False
    prefixes = (f"{names.namespace}__", "federation__", "link__", "join__", "core__")
    return name in _MACHINERY_TYPES or name in names.types or name.startswith(prefixes)


def _name(node: Any) -> str:
    return node.name.value if getattr(node, "name", None) else ""


def _with_bases(definitions: list[Any]) -> list[Any]:
    """Turn the first extension of each type that has no definition in this subgraph into one."""
    defined = {_name(node) for node in definitions if isinstance(node, TypeDefinitionNode)}
    made = []
    for node in definitions:
        if isinstance(node, TypeExtensionNode) and _name(node) not in defined:
            defined.add(_name(node))
            parts = {key: getattr(node, key) for key in node.keys if key != "description"}
            made.append(_DEFINED_BY[type(node)](**parts))
        else:
            made.append(node)
    return made


class _Plain(Visitor):
    def __init__(self, renamed: dict[str, str]) -> None:
        super().__init__()
        self._renamed = renamed

    def leave_named_type(self, node: NamedTypeNode, *_args: object) -> Any:
        return self._under_standard_name(node)

    def leave_object_type_definition(self, node: ObjectTypeDefinitionNode, *_args: object) -> Any:
        return self._root(node)

    def leave_object_type_extension(self, node: ObjectTypeExtensionNode, *_args: object) -> Any:
        return self._root(node)

    def enter_operation_type_definition(self, *_args: object) -> VisitorAction:
        return REMOVE

    def _root(self, node: Any) -> Any:
        named = self._under_standard_name(node) or node
        if _name(named) != "Query":
            return named
        fields = tuple(field for field in named.fields or () if field.name.value not in _MACHINERY_FIELDS)
        return replace(named, fields=fields)

    def _under_standard_name(self, node: Any) -> Any:
        standard = self._renamed.get(node.name.value)
        return replace(node, name=NameNode(value=standard)) if standard else None
