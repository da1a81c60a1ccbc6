"""The plan: what was decided for one operation, as pure frozen data.

A plan says which requests go to which subgraphs, in which order, where their answers belong in the one merged
tree of data, and how the client's answer is read out of that tree (`Projection`). It holds no connection, no value
of a variable and no function of the planner, so one plan serves every request with the same document.

Words used here:

* The *merged data* is a tree of objects that all fetches write into. Its keys are the client's response keys,
  except where two uses of one response key could clash in a subgraph request; then the key is a made-up one.
* A *path* leads from the root of the merged data to objects in it. A `str` steps into a key, a `frozenset` keeps
  only the objects whose `__typename` it holds; lists are walked through without being mentioned.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import DocumentNode, GraphQLSchema

PathElement: TypeAlias = "str | frozenset[str]"
Path: TypeAlias = "tuple[PathElement, ...]"


@dataclass(frozen=True, slots=True)
class RepresentationField:
    """One field of a representation."""

    name: str
    """Its name in the representation, which is the field's own name."""
    key: str
    """Where its value stands in the merged data."""
    required: bool
    """The representation is of no use when this value is null: a key field that may not be null."""
    selection: RepresentationSelection | None = None
    """What to take of it when it is an object (or a list of objects)."""


@dataclass(frozen=True, slots=True)
class RepresentationSelection:
    """What is taken from an object of the merged data into a representation."""

    fields: tuple[RepresentationField, ...]
    by_type: Mapping[str, tuple[RepresentationField, ...]]
    """Further fields where the object is of that type."""
    typename: str | None = None
    """Its `__typename`, where that is fixed."""
    own_typename: bool = False
    """Take the object's own `__typename`: at a place of an abstract type."""


@dataclass(frozen=True, slots=True)
class EntityTarget:
    """Objects of the merged data that one entity call completes."""

    path: Path
    representation: RepresentationSelection


@dataclass(frozen=True, slots=True)
class EntityCall:
    """One `_entities` field of a request (Federation specification, `Query._entities`)."""

    key: str
    """The response key of the `_entities` field in the request."""
    variable: str
    """The variable that carries its representations."""
    targets: tuple[EntityTarget, ...]


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request to one subgraph."""

    number: int
    """Its place in the plan, from 0; a fetch comes after everything it waits for."""
    subgraph: str
    document: str
    """The GraphQL request, printed."""
    variables: tuple[str, ...]
    """The client's variables that the request uses."""
    after: tuple[int, ...]
    """The numbers of the fetches whose answers it needs."""
    calls: tuple[EntityCall, ...] = ()
    """Its entity calls; none for a fetch of root fields."""
    path: Path = ()
    """For a fetch of root fields: the objects its answer belongs to. Nearly always the root itself."""
    is_mutation: bool = False
    response_keys: tuple[str, ...] = ()
    """The keys of the merged data it writes at its objects; they stand in the error when it fails as a whole."""


class Leaf(Enum):
    """How the value of a leaf field is checked (GraphQL specification, section 3.5, result coercion)."""

    INT = "Int"
    FLOAT = "Float"
    STRING = "String"
    BOOLEAN = "Boolean"
    ID = "ID"
    ENUM = "enum"
    CUSTOM = "custom scalar"


@dataclass(frozen=True, slots=True)
class Shape:
    """The type of a field as the projection needs it."""

    nullable: bool
    item: Shape | None = None
    """For a list: what it holds."""
    leaf: Leaf | None = None
    """For a leaf: how to check it."""
    enum_values: frozenset[str] = frozenset()
    """For an enum: the values a client may see."""
    selection: ProjectionSelection | None = None
    """For an object: what is read of it."""


@dataclass(frozen=True, slots=True)
class ProjectionField:
    """One field of the client's answer."""

    response_key: str
    key: str
    """Where its value stands in the merged data."""
    coordinate: str
    """`Type.field`, for messages."""
    shape: Shape | None
    """None for `__typename` and for what introspection has answered."""
    is_typename: bool = False


@dataclass(frozen=True, slots=True)
class ProjectionSelection:
    """What the client reads of an object."""

    type_name: str
    """The static type of the place."""
    is_abstract: bool
    fields: tuple[ProjectionField, ...]
    """What is read when the object's own type is the static type, or is not known and need not be."""
    by_type: Mapping[str, tuple[ProjectionField, ...]]
    """For an abstract place: the fields for each object type a client may see there, in the client's order."""
    needs_typename: bool = False
    """What is read depends on the object's own type; without it the object cannot be answered."""


@dataclass(frozen=True, slots=True)
class Introspection:
    """An operation of `__schema` and `__type` fields alone, and the schema that answers it."""

    document: DocumentNode
    schema: GraphQLSchema


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything decided for one operation."""

    operation: str
    """`query`, `mutation` or `subscription`."""
    phases: tuple[tuple[Fetch, ...], ...]
    """Groups of fetches; a group begins when the one before has ended. A query has at most one group."""
    projection: ProjectionSelection
    introspection: Introspection | None = None
    """The `__schema` and `__type` fields, which no subgraph is asked for."""

    @property
    def fetches(self) -> tuple[Fetch, ...]:
        """All fetches in order."""
        return tuple(fetch for phase in self.phases for fetch in phase)
