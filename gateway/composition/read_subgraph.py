"""Read one subgraph's SDL into types whose directives carry the specification's own names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import (
    DirectiveDefinitionNode,
    DirectiveNode,
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
from gateway.composition.subgraph_schema import ROOTS, checked_schema, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import FieldDefinitionNode, GraphQLSchema, InputValueDefinitionNode, TypeNode

    from gateway.composition.errors import Faults

__all__ = ["ROOTS", "Element", "ReadArgument", "ReadField", "ReadSubgraph", "ReadType", "SubgraphSource"]

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


@dataclass(frozen=True, slots=True)
class SubgraphSource:
    """A subgraph as composition is given it."""

    name: str
    url: str
    sdl: str


@dataclass(slots=True)
class Element:
    """What all named parts share: description and directives, by the specification's names."""

    name: str
    description: str | None = None
    directives: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    other_directives: list[DirectiveNode] = field(default_factory=list)
    """Directives of the GraphQL specification or of the subgraph's own, as written."""

    def has(self, directive: str) -> bool:
        """Tell whether a federation directive is applied."""
        return any(name == directive for name, _ in self.directives)

    def all(self, directive: str) -> list[dict[str, Any]]:
        """Return the arguments of each application of a federation directive."""
        return [arguments for name, arguments in self.directives if name == directive]

    def drop(self, directive: str) -> None:
        """Take a federation directive off."""
        self.directives = [applied for applied in self.directives if applied[0] != directive]


@dataclass(slots=True)
class ReadArgument(Element):
    """An argument or an input field."""

    type: TypeNode | None = None
    default: Any = None
    """The default value's node, or None."""


@dataclass(slots=True)
class ReadField(Element):
    """A field of an object or interface."""

    type: TypeNode | None = None
    arguments: dict[str, ReadArgument] = field(default_factory=dict)


@dataclass(slots=True)
class ReadType(Element):
    """A type of one subgraph, its definition and extensions taken together."""

    kind: str = "object"
    interfaces: list[str] = field(default_factory=list)
    fields: dict[str, ReadField] = field(default_factory=dict)
    inputs: dict[str, ReadArgument] = field(default_factory=dict)
    members: list[str] = field(default_factory=list)
    values: dict[str, Element] = field(default_factory=dict)
    is_extension: bool = False

    @property
    def is_interface_object(self) -> bool:
        """Whether the subgraph sees a supergraph interface as this object type."""
        return self.has("interfaceObject")


@dataclass(slots=True)
class ReadSubgraph:
    """A subgraph as read."""

    name: str
    url: str
    names: Names
    types: dict[str, ReadType]
    schema: GraphQLSchema
    """The subgraph as GraphQL, without federation's own parts."""
    directives: dict[str, DirectiveDefinitionNode]
    """The directives that the subgraph defines itself."""
    schema_element: Element
    """What is applied to the schema: `@composeDirective`, `@tag`."""


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
