"""The frozen supergraph: what composition decides and planning reads.

A supergraph is the one merged schema together with the record of which subgraph resolves what (in the
specification's words: the `join` information). It is built either by composing subgraph SDLs (`compose.py`)
or by reading the standard supergraph SDL (`supergraph_sdl.py`), and never changes after that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import GraphQLSchema, SelectionSetNode


@dataclass(frozen=True, slots=True)
class Subgraph:
    """A service that takes part in the supergraph."""

    name: str
    """The name it is known by to people, e.g. `tickets`."""
    graph: str
    """Its value in the `join__Graph` enum, e.g. `TICKETS`."""
    url: str
    """Where it answers GraphQL over HTTP; empty when unknown."""


@dataclass(frozen=True, slots=True)
class Key:
    """One `@key` of a type in one subgraph (Federation specification, `@key`)."""

    fields: SelectionSetNode
    resolvable: bool = True
    """False where the subgraph can name the entity but not resolve it by `_entities`."""


@dataclass(frozen=True, slots=True)
class TypeJoin:
    """How one subgraph takes part in a type."""

    subgraph: str
    keys: tuple[Key, ...] = ()
    is_interface_object: bool = False
    """The subgraph sees this interface as an object type (`@interfaceObject`)."""
    is_extension: bool = False
    implements: frozenset[str] = frozenset()
    """Interfaces the type implements in this subgraph."""
    members: frozenset[str] = frozenset()
    """Union members, or enum values, that this subgraph defines."""


@dataclass(frozen=True, slots=True)
class FieldJoin:
    """How one subgraph takes part in a field of an object, interface or input type."""

    subgraph: str
    type: str
    """The field's type as printed in this subgraph, e.g. `[Ticket!]`; it may be stricter than the merged type."""
    arguments: frozenset[str] = frozenset()
    """Arguments the subgraph defines; the merged field keeps only those that all resolving subgraphs define."""
    external: bool = False
    """The subgraph does not resolve it, except where a parent `@provides` it or a key contains it."""
    requires: SelectionSetNode | None = None
    provides: SelectionSetNode | None = None
    overridden: bool = False
    """Another subgraph took the field over by `@override`: this one must not be asked for it any more."""


@dataclass(frozen=True, slots=True)
class SupergraphType:
    """A named type of the supergraph with its join information."""

    name: str
    joins: Mapping[str, TypeJoin]
    """By subgraph name."""
    fields: Mapping[str, Mapping[str, FieldJoin]]
    """Field name, then subgraph name. Empty for unions, enums and scalars.

    For an interface that some subgraph sees by `@interfaceObject`, the fields of that subgraph appear on the
    interface with that subgraph's join; on the implementing object types they appear with no join of their own
    (an empty mapping), which means: reach them through the interface object.
    """


@dataclass(frozen=True, slots=True)
class Supergraph:
    """The merged schema and who resolves what in it."""

    subgraphs: Mapping[str, Subgraph]
    """By subgraph name, in order of name."""
    types: Mapping[str, SupergraphType]
    """Every object, interface, union, enum, input and scalar type that is not a specification's own."""
    schema: GraphQLSchema
    """All of it, `@inaccessible` parts included; carries no `join__` or `link__` definitions."""
    api_schema: GraphQLSchema
    """What clients see: the schema without its `@inaccessible` parts."""
    sdl: str
    """The standard supergraph SDL, the form that routers load."""
