"""A subgraph as composition is given it, and as it is read: types whose directives carry the specification's names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphql import DirectiveDefinitionNode, DirectiveNode, GraphQLSchema, TypeNode

    from gateway.composition.links import Names


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
