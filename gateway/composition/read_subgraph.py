"""Read one subgraph's SDL into types whose directives carry the specification's own names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    GraphQLSyntaxError,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
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
    parse,
)

from gateway.composition.links import LinkFault, Names, arguments_of, read_links
from gateway.composition.subgraph import Element, ReadArgument, ReadField, ReadSubgraph, ReadType, SubgraphSource
from gateway.composition.subgraph_schema import checked_schema, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import FieldDefinitionNode, InputValueDefinitionNode

    from gateway.composition.errors import Faults

__all__ = ["SubgraphSource", "read_subgraph"]

_KINDS: dict[type, str] = {
    ObjectTypeDefinitionNode: "object",
    ObjectTypeExtensionNode: "object",
    InterfaceTypeDefinitionNode: "interface",
    InterfaceTypeExtensionNode: "interface",
    UnionTypeDefinitionNode: "union",
    UnionTypeExtensionNode: "union",
    EnumTypeDefinitionNode: "enum",
    EnumTypeExtensionNode: "enum",
    InputObjectTypeDefinitionNode: "input",
    InputObjectTypeExtensionNode: "input",
    ScalarTypeDefinitionNode: "scalar",
    ScalarTypeExtensionNode: "scalar",
}


def read_subgraph(source: SubgraphSource, faults: Faults) -> ReadSubgraph | None:
    """Read a subgraph; what is wrong with it goes to `faults`, and None comes back when nothing can be read."""
    try:
        document = parse(source.sdl)
        names = read_links(document)
    except GraphQLSyntaxError as error:
        place = f" (line {error.locations[0].line}, column {error.locations[0].column})" if error.locations else ""
        faults.add("INVALID_GRAPHQL", f"[{source.name}] {error.message}{place}", source.name)
        return None
    except LinkFault as error:
        faults.add(error.code, f"[{source.name}] {error}", source.name)
        return None
    schema_element = _Reader(names).schema(document)
    known = len(faults.errors)
    document = plain(document, names, source.name, faults)
    if len(faults.errors) > known:
        return None
    schema = checked_schema(document, names, source.name, faults)
    if schema is None:
        return None
    types: dict[str, ReadType] = {}
    reader = _Reader(names)
    for node in document.definitions:
        if isinstance(node, TypeDefinitionNode | TypeExtensionNode):
            reader.read(node, types)
    # Every subgraph has a query root, be it only for `_service` and `_entities`.
    types.setdefault("Query", ReadType("Query"))
    directives = {node.name.value: node for node in document.definitions if isinstance(node, DirectiveDefinitionNode)}
    return ReadSubgraph(source.name, source.url, names, types, schema, directives, schema_element)


class _Reader:
    def __init__(self, names: Names) -> None:
        self._names = names

    def schema(self, document: DocumentNode) -> Element:
        """Return what is applied to the schema, by definition or extension."""
        read = Element("schema")
        for node in document.definitions:
            if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
                self._element(node, read)
        return read

    def read(self, node: Any, types: dict[str, ReadType]) -> None:
        """Read a definition or an extension into `types`."""
        name = node.name.value
        read = types.setdefault(name, ReadType(name, kind=_KINDS[type(node)], is_extension=True))
        if isinstance(node, TypeDefinitionNode):
            read.is_extension = False
        self._element(node, read)
        if read.has("extends"):
            read.is_extension = True
        if read.kind in ("object", "interface"):
            read.interfaces += [interface.name.value for interface in node.interfaces or ()]
            inherited = self._inherited(node)
            for field_node in node.fields or ():
                read.fields[field_node.name.value] = self._field(field_node, inherited)
        elif read.kind == "input":
            read.inputs |= self._arguments(node.fields)
        elif read.kind == "union":
            read.members += [member.name.value for member in node.types or ()]
        elif read.kind == "enum":
            for value in node.values or ():
                read.values[value.name.value] = self._element(value, Element(value.name.value))

    def _element(self, node: Any, element: Any) -> Any:
        description = getattr(node, "description", None)
        if description is not None:
            element.description = description.value
        for directive in node.directives or ():
            canonical = self._names.directives.get(directive.name.value)
            if canonical is None:
                element.other_directives.append(directive)
            else:
                element.directives.append((canonical, arguments_of(directive)))
        return element

    def _inherited(self, node: Any) -> list[str]:
        """Return what a declaration says for each field in it (Federation specification, `@shareable`, `@external`)."""
        applied = [self._names.directives.get(directive.name.value) for directive in node.directives or ()]
        return [name for name in ("shareable", "external") if name in applied]

    def _field(self, node: FieldDefinitionNode, inherited: list[str]) -> ReadField:
        read: ReadField = self._element(node, ReadField(node.name.value))
        read.type = node.type
        read.arguments = self._arguments(node.arguments)
        read.directives += [(name, {}) for name in inherited if not read.has(name)]
        return read

    def _arguments(self, nodes: Iterable[InputValueDefinitionNode] | None) -> dict[str, ReadArgument]:
        read = {}
        for node in nodes or ():
            argument: ReadArgument = self._element(node, ReadArgument(node.name.value))
            argument.type, argument.default = node.type, node.default_value
            read[argument.name] = argument
        return read
