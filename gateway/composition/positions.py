"""Where an object can be while a query is answered: a position is one subgraph's view of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from graphql import (
    FieldNode,
    InlineFragmentNode,
    NamedTypeNode,
    SelectionSetNode,
    is_abstract_type,
    is_object_type,
    parse_type,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import GraphQLAbstractType, GraphQLSchema, TypeNode

    from gateway.composition.supergraph import FieldJoin, Supergraph


@dataclass(frozen=True, slots=True)
class Position:
    """One subgraph's view of an object."""

    subgraph: str
    view: str
    """The object's type there: its own, or the interface that the subgraph sees by `@interfaceObject`."""
    provided: tuple[SelectionSetNode, ...] = ()
    """What a parent field `@provides` below this point."""


Positions = frozenset[Position]


class Views:
    """How each subgraph of a supergraph sees objects: what is asked of one alone, without moving to another."""

    def __init__(self, supergraph: Supergraph) -> None:
        self.supergraph = supergraph
        self._key_fields: dict[str, set[tuple[str, str]]] = {}
        self._runtime: dict[tuple[str, str], frozenset[str]] = {}

    def roots(self, type_name: str) -> Positions:
        """Return the positions of a root type: a query may begin in any subgraph that has it."""
        return frozenset(Position(name, type_name) for name in self.supergraph.types[type_name].joins)

    @cached_property
    def root_types(self) -> frozenset[str]:
        """Names of the root types: every subgraph that has one answers for it without a key."""
        schema = self.supergraph.schema
        roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
        return frozenset(root.name for root in roots if root)

    def views(self, type_name: str) -> tuple[str, ...]:
        """Return the names under which subgraphs may see an object: its own, then those of its interfaces."""
        type_ = self.supergraph.schema.type_map[type_name]
        interfaces = tuple(interface.name for interface in type_.interfaces) if is_object_type(type_) else ()
        return (type_name, *interfaces)

    def sees_by_interface_object(self, subgraph: str, type_name: str) -> bool:
        """Tell whether a subgraph sees this interface as an object type."""
        type_ = self.supergraph.types.get(type_name)
        join = type_.joins.get(subgraph) if type_ else None
        return join is not None and join.is_interface_object

    def can_name(self, position: Position) -> bool:
        """Tell whether the object's own type is known there: an interface object hides it."""
        return not self.sees_by_interface_object(position.subgraph, position.view)

    def runtime_types(self, subgraph: str, type_name: str) -> frozenset[str]:
        """Return the object types that a value of this type may have in this subgraph; none for a leaf type."""
        known = self._runtime.get((subgraph, type_name))
        if known is None:
            known = self._runtime[(subgraph, type_name)] = self._runtime_types(subgraph, type_name)
        return known

    def _runtime_types(self, subgraph: str, type_name: str) -> frozenset[str]:
        schema, types = self.supergraph.schema, self.supergraph.types
        type_ = schema.type_map[type_name]
        if not is_abstract_type(type_):
            return frozenset((type_name,) if is_object_type(type_) else ())
        abstract: GraphQLAbstractType = type_
        possible = frozenset(each.name for each in schema.get_possible_types(abstract))
        if self.sees_by_interface_object(subgraph, type_name):
            return possible
        if subgraph not in types[type_name].joins:
            return frozenset()
        members = types[type_name].joins[subgraph].members
        return frozenset(
            name
            for name in possible
            if name in members
            or (subgraph in types[name].joins and type_name in types[name].joins[subgraph].implements)
        )

    def enter(self, positions: Iterable[Position], field_name: str) -> dict[str, Positions]:
        """Follow a field that these positions resolve; return the object types it may give, each with its positions."""
        found: dict[str, set[Position]] = {}
        for position in positions:
            join = self.join(position, field_name)
            if join is None or not self.answers(position, join, field_name):
                continue
            type_name = named_type(join.type)
            provided = tuple(_below(self.supergraph, position, field_name))
            if join.provides is not None:
                provided += (join.provides,)
            for name in self.runtime_types(join.subgraph, type_name):
                is_hidden = self.sees_by_interface_object(join.subgraph, type_name)
                view = type_name if is_hidden else name
                found.setdefault(name, set()).add(Position(join.subgraph, view, provided))
        return {name: frozenset(found[name]) for name in sorted(found)}

    def join(self, position: Position, field_name: str) -> FieldJoin | None:
        """Return how the position's subgraph takes part in a field, or None when it does not know it."""
        return self.supergraph.types[position.view].fields.get(field_name, {}).get(position.subgraph)

    def answers(self, position: Position, join: FieldJoin, field_name: str) -> bool:
        """Tell whether a field can be asked for at a position, its `@requires` aside."""
        if join.overridden:
            return False
        if not join.external or (position.view, field_name) in self.key_fields(position.subgraph):
            return True
        return any(True for _ in _provided(self.supergraph, position, field_name))

    def key_fields(self, subgraph: str) -> set[tuple[str, str]]:
        """Return the (type, field) pairs in this subgraph's keys: it knows them even where they are external."""
        if subgraph not in self._key_fields:
            found: set[tuple[str, str]] = set()
            for type_ in self.supergraph.types.values():
                join = type_.joins.get(subgraph)
                for key in join.keys if join else ():
                    self._collect(key.fields, type_.name, subgraph, found)
            self._key_fields[subgraph] = found
        return self._key_fields[subgraph]

    def _collect(self, selection: SelectionSetNode, type_name: str, subgraph: str, into: set[tuple[str, str]]) -> None:
        for node in selection.selections:
            if isinstance(node, InlineFragmentNode):
                inner = node.type_condition.name.value if node.type_condition else type_name
                self._collect(node.selection_set, inner, subgraph, into)
            elif isinstance(node, FieldNode):
                into.add((type_name, node.name.value))
                join = self.supergraph.types[type_name].fields.get(node.name.value, {}).get(subgraph)
                if node.selection_set and join:
                    self._collect(node.selection_set, named_type(join.type), subgraph, into)


@lru_cache(maxsize=4096)
def named_type(printed: str) -> str:
    """Return the name at the heart of a printed type."""
    node: TypeNode = parse_type(printed)
    while not isinstance(node, NamedTypeNode):
        node = node.type  # type: ignore[attr-defined]  # lists and non-nulls have one
    return node.name.value


def is_a(schema: GraphQLSchema, type_name: str, condition: str) -> bool:
    """Tell whether objects of a type meet a fragment's type condition."""
    wide, narrow = schema.type_map.get(condition), schema.type_map.get(type_name)
    if type_name == condition:
        return True
    return is_abstract_type(wide) and is_object_type(narrow) and schema.is_sub_type(wide, narrow)


def _provided(supergraph: Supergraph, position: Position, field_name: str) -> Iterable[FieldNode]:
    """Give the places where a field stands in what was provided for a position."""
    pending = list(position.provided)
    while pending:
        for node in pending.pop().selections:
            if isinstance(node, FieldNode) and node.name.value == field_name:
                yield node
            elif isinstance(node, InlineFragmentNode) and (
                node.type_condition is None or is_a(supergraph.schema, position.view, node.type_condition.name.value)
            ):
                pending.append(node.selection_set)


def _below(supergraph: Supergraph, position: Position, field_name: str) -> Iterable[SelectionSetNode]:
    return (node.selection_set for node in _provided(supergraph, position, field_name) if node.selection_set)
