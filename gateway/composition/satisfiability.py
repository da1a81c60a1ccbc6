"""Satisfiability: whatever a client may ask, the subgraphs can answer by keys that they have.

The walk starts at each root field and keeps, for every type it meets, the set of subgraphs that may hold the object at
that point. A field is answerable when one of those subgraphs resolves it, or can be left by keys it can give for one
that does.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from graphql import (
    FieldNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    InlineFragmentNode,
    get_named_type,
    print_ast,
)

from gateway.composition.read_subgraph import ROOTS

if TYPE_CHECKING:
    from graphql import SelectionSetNode

    from gateway.composition.errors import Faults
    from gateway.composition.supergraph import FieldJoin, Supergraph


@dataclass(frozen=True, slots=True)
class Place:
    """An object of a type, as a subgraph gave it, with what that subgraph provides of it beyond its own."""

    type: str
    subgraph: str
    provided: frozenset[str] = frozenset()
    """Fields (at the first level) that the path here promised by `@provides`."""


@dataclass(frozen=True, slots=True)
class _Step:
    places: frozenset[Place]
    path: tuple[str, ...]


class Reach:
    """What each subgraph can give of each type, and where keys lead from it."""

    def __init__(self, supergraph: Supergraph) -> None:
        self._supergraph = supergraph
        self._giving: set[tuple[str, str, str]] = set()

    def resolves(self, place: Place, field: str) -> bool:
        """Tell whether the place's own subgraph answers a field."""
        if field == "__typename" or field in place.provided:
            return True
        join = self._join(place.type, place.subgraph, field)
        return join is not None and not join.external and not join.overridden

    def _join(self, type_: str, subgraph: str, field: str) -> FieldJoin | None:
        known = self._supergraph.types.get(type_)
        return known.fields.get(field, {}).get(subgraph) if known else None

    def from_(self, place: Place) -> dict[str, Place]:
        """Return every subgraph that the object can be had from, starting at `place`, by subgraph name."""
        reached = {place.subgraph: place}
        known = self._supergraph.types.get(place.type)
        if known is None:
            return reached
        if place.type in ROOTS:
            return reached | {name: Place(place.type, name) for name in known.joins if name not in reached}
        grew = True
        while grew:
            grew = False
            for type_name in (place.type, *self._interfaces(place.type)):
                for name, join in self._supergraph.types[type_name].joins.items():
                    if name in reached or (type_name != place.type and not join.is_interface_object):
                        continue
                    keys = [key for key in join.keys if key.resolvable]
                    if any(self._gives(at, key.fields) for key in keys for at in list(reached.values())):
                        reached[name] = Place(type_name if join.is_interface_object else place.type, name)
                        grew = True
        return reached

    def _interfaces(self, type_: str) -> list[str]:
        schema_type = self._supergraph.schema.type_map.get(type_)
        if not isinstance(schema_type, GraphQLObjectType | GraphQLInterfaceType):
            return []
        return [interface.name for interface in schema_type.interfaces]

    def _gives(self, place: Place, selection: SelectionSetNode) -> bool:
        """Tell whether a place can give a field set, asking other subgraphs for parts of it where need be."""
        return all(self._gives_node(place, node) for node in selection.selections)

    def _gives_node(self, place: Place, node: object) -> bool:
        if isinstance(node, InlineFragmentNode):
            return self._gives(place, node.selection_set)
        name = node.name.value if isinstance(node, FieldNode) else ""
        join = self._join(place.type, place.subgraph, name)
        if not (self.resolves(place, name) or (join is not None and self._in_own_key(place, name))):
            return False
        inner = self.answer_type(place.type, name)
        if not isinstance(node, FieldNode) or node.selection_set is None or inner is None:
            return isinstance(node, FieldNode) and node.selection_set is None
        at = Place(inner, place.subgraph, frozenset(provided_names(join)))
        around = (place.type, place.subgraph, print_ast(node))
        if around in self._giving:
            return False
        self._giving.add(around)
        try:
            return self._gives(at, node.selection_set)
        finally:
            self._giving.discard(around)

    def _in_own_key(self, place: Place, field: str) -> bool:
        known = self._supergraph.types[place.type]
        keys = known.joins[place.subgraph].keys if place.subgraph in known.joins else ()
        return any(isinstance(n, FieldNode) and n.name.value == field for key in keys for n in key.fields.selections)

    def answer_type(self, type_: str, field: str) -> str | None:
        """Return the name of the type that a field answers with."""
        owner = self._supergraph.schema.type_map.get(type_)
        if not isinstance(owner, GraphQLObjectType | GraphQLInterfaceType) or field not in owner.fields:
            return None
        answer: str = get_named_type(owner.fields[field].type).name
        return answer

    @cached_property
    def possible(self) -> dict[str, list[str]]:
        """The object types that each composite type of the API schema may be."""
        schema = self._supergraph.api_schema
        return {
            name: [type_.name]
            if isinstance(type_, GraphQLObjectType)
            else [t.name for t in schema.get_possible_types(type_)]
            for name, type_ in schema.type_map.items()
            if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType)
        }


def provided_names(join: FieldJoin | None) -> set[str]:
    """Return the first-level fields that a field provides of its answer."""
    if join is None or join.provides is None:
        return set()
    return {node.name.value for node in join.provides.selections if isinstance(node, FieldNode)}


def check_satisfiability(supergraph: Supergraph, faults: Faults) -> None:
    """Note a SATISFIABILITY_ERROR for each field of the API schema that cannot be answered where it can be asked."""
    walk = _Walk(supergraph, faults)
    for root in ROOTS:
        if root in supergraph.types and root in supergraph.api_schema.type_map:
            places = frozenset(Place(root, name) for name in supergraph.types[root].joins)
            walk.run(_Step(places, (root,)))


class _Walk:
    def __init__(self, supergraph: Supergraph, faults: Faults) -> None:
        self._supergraph = supergraph
        self._faults = faults
        self._reach = Reach(supergraph)
        self._seen: set[frozenset[Place]] = set()
        self._told: set[tuple[str, str]] = set()

    def run(self, start: _Step) -> None:
        """Walk everything that can be asked from a root type."""
        todo = deque([start])
        while todo:
            step = todo.popleft()
            if step.places in self._seen or not step.places:
                continue
            self._seen.add(step.places)
            todo.extend(self._fields(step))

    def _fields(self, step: _Step) -> list[_Step]:
        type_name = next(iter(step.places)).type
        schema_type = self._supergraph.api_schema.type_map.get(type_name)
        if not isinstance(schema_type, GraphQLObjectType):
            return []
        reached: dict[str, Place] = {}
        for place in step.places:
            reached |= {name: at for name, at in self._reach.from_(place).items() if name not in reached}
        direct = [place for place in step.places if place.provided]
        steps = []
        for field in schema_type.fields:
            at = [place for place in [*direct, *reached.values()] if self._reach.resolves(place, field)]
            if not at:
                self._tell(step, field, sorted({place.subgraph for place in step.places}))
                continue
            steps += self._inside(step, type_name, field, at)
        return steps

    def _inside(self, step: _Step, type_name: str, field: str, at: list[Place]) -> list[_Step]:
        """Return the steps into what a field answers with, one for each object type that it may be."""
        inner = self._reach.answer_type(type_name, field)
        steps = []
        for possible in self._reach.possible.get(inner or "", []):
            places = set()
            for place in at:
                join = self._supergraph.types[place.type].fields.get(field, {}).get(place.subgraph)
                if possible in self._supergraph.types and self._may_give(possible, place.subgraph):
                    places.add(Place(possible, place.subgraph, frozenset(provided_names(join))))
                elif inner is not None:
                    places |= self._as_interface_object(inner, place.subgraph)
            steps.append(_Step(frozenset(places), (*step.path, f"{field}: {possible}")))
        return [one for one in steps if one.places]

    def _may_give(self, type_name: str, subgraph: str) -> bool:
        return subgraph in self._supergraph.types[type_name].joins

    def _as_interface_object(self, interface: str, subgraph: str) -> set[Place]:
        """Return the place of an object that a subgraph knows only as an interface object."""
        known = self._supergraph.types.get(interface)
        join = known.joins.get(subgraph) if known else None
        return {Place(interface, subgraph)} if join and join.is_interface_object else set()

    def _tell(self, step: _Step, field: str, holding: list[str]) -> None:
        type_name = next(iter(step.places)).type
        if (type_name, field) in self._told:
            return
        self._told.add((type_name, field))
        owners = sorted(
            name
            for name, join in self._supergraph.types[type_name].fields.get(field, {}).items()
            if not join.external and not join.overridden
        )
        keys = sorted(
            f'@key(fields: "{" ".join(print_ast(node) for node in key.fields.selections)}") of {name}'
            for name in owners
            for key in self._supergraph.types[type_name].joins[name].keys
            if key.resolvable
        )
        why = f"none of {', '.join(keys)} can be given there" if keys else f"{type_name} has no resolvable @key there"
        message = (
            f"{type_name}.{field} cannot be reached by the path {' → '.join(step.path)}: the object is then held by"
            f" {', '.join(holding)}, the field is resolved by {', '.join(owners) or 'no subgraph'}, and {why}."
        )
        self._faults.add("SATISFIABILITY_ERROR", message, *holding, *owners)
