"""The graph of moves: from which (type, subgraph) which fields can be asked, and where one can go from there.

Everything here follows from the supergraph alone and is worked out once per supergraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import FieldNode, InlineFragmentNode, is_interface_type, is_object_type, is_union_type

from gateway.planning.field_keys import FieldKeys
from gateway.planning.normalise import Normaliser

if TYPE_CHECKING:
    from graphql import SelectionSetNode

    from gateway.composition.supergraph import FieldJoin, Key, Supergraph, TypeJoin
    from gateway.planning.selection import Selection


class Provided:
    """External fields that a subgraph resolves at one place after all: by `@provides`, or as part of a key."""

    __slots__ = ("_below", "node_sets")

    def __init__(self, node_sets: tuple[SelectionSetNode, ...]) -> None:
        self.node_sets = node_sets
        self._below: dict[tuple[str, str], Provided | None] = {}


NOTHING_PROVIDED = Provided(())


@dataclass(frozen=True, slots=True)
class Provider:
    """A subgraph that can be asked for a field of an object by coming from elsewhere."""

    subgraph: str
    type_name: str
    """The type by which the subgraph knows the object: its own, or an interface that it sees as an object."""
    join: FieldJoin


@dataclass(frozen=True, slots=True)
class Local:
    """A field that can be asked for where one stands."""

    type_name: str
    """Its named type in that subgraph; empty for a leaf's."""
    provided: Provided


class Graph:
    """Answers questions about one supergraph; keeps the answers."""

    def __init__(self, supergraph: Supergraph) -> None:
        self.supergraph = supergraph
        self.keys = FieldKeys(supergraph)
        self.normaliser = Normaliser(supergraph.schema, self.keys)
        schema = supergraph.schema
        self.root_types = frozenset(
            root.name for root in (schema.query_type, schema.mutation_type, schema.subscription_type) if root
        )
        self._providers: dict[tuple[str, str], tuple[Provider, ...]] = {}
        self._possible: dict[tuple[str, str], frozenset[str]] = {}
        self._selections: dict[tuple[str, int, bool], Selection] = {}
        self._locals: dict[tuple[str, str, str, Provided], Local | None] = {}
        self._resolved: dict[int, Local] = {}
        self._provided_by_keys: dict[tuple[str, str], Provided] = {}

    def is_abstract(self, type_name: str) -> bool:
        """Whether the supergraph knows the type as an interface or a union."""
        some_type = self.supergraph.schema.get_type(type_name)
        return is_interface_type(some_type) or is_union_type(some_type)

    def is_interface_object(self, type_name: str, subgraph: str) -> bool:
        """Whether the subgraph sees the interface as an object type."""
        join = self._type_join(type_name, subgraph)
        return join is not None and join.is_interface_object

    def possible(self, type_name: str, subgraph: str) -> frozenset[str]:
        """Return the object types that a place of that type can hold in an answer of the subgraph."""
        known = self._possible.get((type_name, subgraph))
        if known is None:
            known = self._possible[type_name, subgraph] = self._find_possible(type_name, subgraph)
        return known

    def _find_possible(self, type_name: str, subgraph: str) -> frozenset[str]:
        some_type = self.supergraph.schema.get_type(type_name)
        join = self._type_join(type_name, subgraph)
        if is_union_type(some_type):
            return join.members if join else frozenset()
        if is_object_type(some_type):
            return frozenset({type_name})
        return frozenset(
            name
            for name, candidate in self.supergraph.types.items()
            if is_object_type(self.supergraph.schema.get_type(name))
            and (own := candidate.joins.get(subgraph)) is not None
            and type_name in own.implements
        )

    def local(self, type_name: str, field_name: str, subgraph: str, provided: Provided) -> Local | None:
        """Return how a field can be asked for at a place where the subgraph knows the object by that type.

        None when it cannot be: not defined there, external and not provided, overridden, or in need of other
        fields first (`@requires`).
        """
        question = (type_name, field_name, subgraph, provided)
        if question not in self._locals:
            self._locals[question] = self._find_local(*question)
        return self._locals[question]

    def _find_local(self, type_name: str, field_name: str, subgraph: str, provided: Provided) -> Local | None:
        join = self._field_join(type_name, field_name, subgraph)
        if join is None or join.overridden:
            return None
        by_parent = self._provided_below(provided, type_name, field_name)
        by_key = self._provided_below(self._key_fields(type_name, subgraph), type_name, field_name)
        if by_parent is None and by_key is None and (join.external or join.requires is not None):
            return None
        node_sets = (
            *((join.provides,) if join.provides else ()),
            *(by_parent.node_sets if by_parent else ()),
            *(by_key.node_sets if by_key and join.external else ()),
        )
        return Local(named_type(join.type), Provided(node_sets) if node_sets else NOTHING_PROVIDED)

    def local_for_all(self, type_name: str, field_name: str, subgraph: str, provided: Provided) -> Local | None:
        """Like `local`, for a field of an interface: None unless it can be asked for on every object type there."""
        local = self.local(type_name, field_name, subgraph, provided)
        if local is None:
            return None
        for object_type in self.possible(type_name, subgraph):
            join = self._field_join(object_type, field_name, subgraph)
            if join is None or join.provides or self.local(object_type, field_name, subgraph, provided) is None:
                return None
        return local

    def resolved(self, provider: Provider) -> Local:
        """Return where a field's value stands in the answer of a subgraph that one has moved to."""
        known = self._resolved.get(id(provider.join))
        if known is None:
            provides = provider.join.provides
            below = Provided((provides,)) if provides else NOTHING_PROVIDED
            known = self._resolved[id(provider.join)] = Local(named_type(provider.join.type), below)
        return known

    def providers(self, type_name: str, field_name: str) -> tuple[Provider, ...]:
        """Return the subgraphs that can be asked for a field, coming from elsewhere by a key."""
        known = self._providers.get((type_name, field_name))
        if known is None:
            known = self._providers[type_name, field_name] = tuple(self._find_providers(type_name, field_name))
        return known

    def _find_providers(self, type_name: str, field_name: str) -> list[Provider]:
        own = self._providers_of(type_name, field_name)
        some_type = self.supergraph.schema.get_type(type_name)
        if is_interface_type(some_type):
            return [
                provider
                for provider in own
                if self.is_interface_object(type_name, provider.subgraph)
                or self.local_for_all(type_name, field_name, provider.subgraph, NOTHING_PROVIDED)
            ]
        if own or not is_object_type(some_type):
            return own
        return [
            provider
            for interface in some_type.interfaces
            for provider in self._providers_of(interface.name, field_name)
            if self.is_interface_object(interface.name, provider.subgraph)
        ]

    def _providers_of(self, type_name: str, field_name: str) -> list[Provider]:
        some_type = self.supergraph.types.get(type_name)
        joins = some_type.fields.get(field_name, {}) if some_type else {}
        return [
            Provider(subgraph, type_name, join)
            for subgraph, join in joins.items()
            if not join.external
            and not join.overridden
            and (join.requires is None or self.keys_of(type_name, subgraph))
        ]

    def keys_of(self, type_name: str, subgraph: str) -> tuple[Key, ...]:
        """Return the keys by which the subgraph resolves an entity of the type."""
        join = self._type_join(type_name, subgraph)
        return tuple(key for key in join.keys if key.resolvable) if join else ()

    def interface_owners(self, type_name: str) -> list[str]:
        """Return the subgraphs that tell an entity interface's concrete type from its key."""
        some_type = self.supergraph.types[type_name]
        return [
            subgraph
            for subgraph, join in some_type.joins.items()
            if not join.is_interface_object and self.keys_of(type_name, subgraph)
        ]

    def needed(self, type_name: str, node: SelectionSetNode, *, below_condition: bool = False) -> Selection:
        """Return a key's or a `@requires`' field set as a need of an object of the type.

        `below_condition` matters only for the keys of the fields (`field_keys.py`).
        """
        question = (type_name, id(node), below_condition)
        known = self._selections.get(question)
        if known is None:
            known = self.normaliser.field_set(type_name, node, below_condition=below_condition)
            self._selections[question] = known
        return known

    def _type_join(self, type_name: str, subgraph: str) -> TypeJoin | None:
        some_type = self.supergraph.types.get(type_name)
        return some_type.joins.get(subgraph) if some_type else None

    def _field_join(self, type_name: str, field_name: str, subgraph: str) -> FieldJoin | None:
        some_type = self.supergraph.types.get(type_name)
        return some_type.fields.get(field_name, {}).get(subgraph) if some_type else None

    def _key_fields(self, type_name: str, subgraph: str) -> Provided:
        known = self._provided_by_keys.get((type_name, subgraph))
        if known is None:
            join = self._type_join(type_name, subgraph)
            known = Provided(tuple(key.fields for key in join.keys) if join else ())
            self._provided_by_keys[type_name, subgraph] = known
        return known

    def _provided_below(self, provided: Provided, type_name: str, field_name: str) -> Provided | None:
        """Return what is provided below a field, or None when the field itself is not provided."""
        if not provided.node_sets:
            return None
        place = (type_name, field_name)
        if place not in provided._below:  # noqa: SLF001 - the memo is Graph's; Provided is its key
            found = [node for each in provided.node_sets for node in self._named(each, type_name, field_name)]
            below = tuple(node.selection_set for node in found if node.selection_set)
            provided._below[place] = Provided(below) if found else None  # noqa: SLF001
        return provided._below[place]  # noqa: SLF001

    def _named(self, nodes: SelectionSetNode, type_name: str, field_name: str) -> list[FieldNode]:
        found: list[FieldNode] = []
        for node in nodes.selections:
            if isinstance(node, FieldNode):
                if node.name.value == field_name:
                    found.append(node)
            elif isinstance(node, InlineFragmentNode) and self._applies(node, type_name):
                found.extend(self._named(node.selection_set, type_name, field_name))
        return found

    def _applies(self, node: InlineFragmentNode, type_name: str) -> bool:
        condition = node.type_condition.name.value if node.type_condition else type_name
        return type_name == condition or type_name in self.normaliser.possible_types(condition)


def named_type(printed: str) -> str:
    """Return the name inside a printed type: `Ticket` of `[Ticket!]!`."""
    match = re.search(r"\w+", printed)
    return match.group() if match else ""
