"""Read one subgraph's SDL into types whose directives carry the specification's own names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from graphql import (
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    GraphQLError,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ListTypeNode,
    NamedTypeNode,
    NameNode,
    NonNullTypeNode,
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
    print_ast,
)

from gateway.composition.links import Names, arguments_of, read_links

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import FieldDefinitionNode, InputValueDefinitionNode, TypeNode

    from gateway.composition.errors import Faults

ROOTS = ("Query", "Mutation", "Subscription")
_MACHINERY_TYPES = {"_Any", "_Service", "_Entity", "_FieldSet", "FieldSet"}
_MACHINERY_FIELDS = {"_service", "_entities"}
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


@dataclass(slots=True)
class ReadSubgraph:
    """A subgraph as read."""

    name: str
    url: str
    names: Names
    types: dict[str, ReadType]
    composed: dict[str, str]
    """Directives kept by `@composeDirective`, by name, with their definitions as GraphQL."""


def read_subgraph(source: SubgraphSource, faults: Faults) -> ReadSubgraph | None:
    """Read a subgraph; what is wrong with it goes to `faults`, and None comes back when nothing can be read."""
    try:
        document = parse(source.sdl, no_location=True)
        names = read_links(document)
    except GraphQLError as error:
        faults.add("INVALID_GRAPHQL", f"[{source.name}] {error.message}", source.name)
        return None
    except ValueError as error:
        faults.add("UNKNOWN_FEDERATION_LINK_VERSION", f"[{source.name}] {error}", source.name)
        return None
    reader = _Reader(names, _roots(document))
    types: dict[str, ReadType] = {}
    for node in document.definitions:
        if isinstance(node, TypeDefinitionNode | TypeExtensionNode) and not _is_machinery(node.name.value):
            reader.read(node, types)
    # Every subgraph has a Query: `_service` at least.
    types.setdefault("Query", ReadType("Query"))
    for root in ROOTS[1:]:
        if root in types and not types[root].fields:
            del types[root]
    return ReadSubgraph(source.name, source.url, names, types, _composed(document, source.name, names, faults))


def _is_machinery(name: str) -> bool:
    return name in _MACHINERY_TYPES or name.startswith(("federation__", "link__", "join__", "core__"))


def _roots(document: DocumentNode) -> dict[str, str]:
    """Return local root type name → Query, Mutation or Subscription."""
    renamed = {}
    for node in document.definitions:
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            for operation in node.operation_types or ():
                renamed[operation.type.name.value] = operation.operation.value.capitalize()
    return renamed


def _composed(document: DocumentNode, subgraph: str, names: Names, faults: Faults) -> dict[str, str]:
    """Return the directives named by `@composeDirective`; one without a definition goes to `faults`."""
    schemas = [node for node in document.definitions if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode)]
    applied = [directive for node in schemas for directive in node.directives or ()]
    wanted = [d for d in applied if names.directives.get(d.name.value) == "composeDirective"]
    defined = {n.name.value: print_ast(n) for n in document.definitions if isinstance(n, DirectiveDefinitionNode)}
    composed = {}
    for directive in wanted:
        name = str(arguments_of(directive).get("name", ""))
        if not name.startswith("@") or name[1:] not in defined:
            message = f"[{subgraph}] @composeDirective(name: {name!r}) must name a directive defined here, with its @"
            faults.add("DIRECTIVE_COMPOSITION_ERROR", message, subgraph)
        else:
            composed[name[1:]] = defined[name[1:]]
    return composed


class _Reader:
    def __init__(self, names: Names, roots: dict[str, str]) -> None:
        self._names = names
        self._roots = roots

    def read(self, node: Any, types: dict[str, ReadType]) -> None:
        """Read a definition or an extension into `types`."""
        name = self._named(node.name.value)
        read = types.setdefault(name, ReadType(name, kind=_KINDS[type(node)], is_extension=True))
        if isinstance(node, TypeDefinitionNode):
            read.is_extension = False
        self._element(node, read)
        if read.has("extends"):
            read.is_extension = True
        if read.kind in ("object", "interface"):
            read.interfaces += [self._named(interface.name.value) for interface in node.interfaces or ()]
            inherited = self._inherited(node)
            for field_node in node.fields or ():
                if not (name == "Query" and field_node.name.value in _MACHINERY_FIELDS):
                    read.fields[field_node.name.value] = self._field(field_node, inherited)
        elif read.kind == "input":
            read.inputs |= self._arguments(node.fields)
        elif read.kind == "union":
            read.members += [self._named(member.name.value) for member in node.types or ()]
        elif read.kind == "enum":
            for value in node.values or ():
                read.values[value.name.value] = self._element(value, Element(value.name.value))

    def _named(self, name: str) -> str:
        return self._roots.get(name, name)

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
        read.type = self._type(node.type)
        read.arguments = self._arguments(node.arguments)
        read.directives += [(name, {}) for name in inherited if not read.has(name)]
        return read

    def _type(self, node: TypeNode) -> TypeNode:
        """Return a type reference in which renamed root types have their standard names."""
        if isinstance(node, NamedTypeNode):
            return NamedTypeNode(name=NameNode(value=self._named(node.name.value)))
        if isinstance(node, NonNullTypeNode):
            return NonNullTypeNode(type=cast("NamedTypeNode | ListTypeNode", self._type(node.type)))
        return ListTypeNode(type=self._type(cast("ListTypeNode", node).type))

    def _arguments(self, nodes: Iterable[InputValueDefinitionNode] | None) -> dict[str, ReadArgument]:
        read = {}
        for node in nodes or ():
            argument: ReadArgument = self._element(node, ReadArgument(node.name.value))
            argument.type, argument.default = node.type, node.default_value
            read[argument.name] = argument
        return read
