"""Where an object can go by `@key` from the positions it is at.

From a set of positions (all views of the same object) the positions that can be reached are computed to a fixed
point, since a key's fields may themselves come from several subgraphs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from gateway.composition.positions import Position, Positions, Views, is_a

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gateway.composition.supergraph import Key, Supergraph


class Moves(Views):
    """The moves that a supergraph allows."""

    def __init__(self, supergraph: Supergraph) -> None:
        super().__init__(supergraph)
        self._closed: dict[tuple[str, Positions], Positions] = {}
        self._open: set[tuple[str, Positions]] = set()
        self._met_open = False

    def reach(self, type_name: str, start: Positions) -> Positions:
        """Return all positions of an object of this type that can be reached from `start`, which are included.

        Each start is followed by itself: what one path gives does not help another, as planners follow them so.
        """
        return start.union(*(self._reach(type_name, frozenset((position,))) for position in start))

    def _reach(self, type_name: str, start: Positions) -> Positions:
        state = (type_name, start)
        if state in self._closed:
            return self._closed[state]
        if state in self._open:
            # A key that needs itself through a circle of types: the least fixed point does not hold it.
            self._met_open = True
            return start
        outer_met, self._met_open = self._met_open, False
        self._open.add(state)
        reached = self._grow(type_name, start)
        self._open.discard(state)
        if not self._met_open or not self._open:
            self._closed[state] = reached
        self._met_open = outer_met or self._met_open
        return reached

    def _grow(self, type_name: str, start: Positions) -> Positions:
        reached = start
        if type_name in self.root_types:
            return reached | self.roots(type_name)
        while True:
            taken = {(position.subgraph, position.view) for position in reached}
            found = {
                target
                for target in self._targets(type_name)
                if (target.subgraph, target.view) not in taken and self.can_move(type_name, reached, target)
            }
            if not found:
                return reached
            reached |= found

    def _targets(self, type_name: str) -> Iterable[Position]:
        for view in self.views(type_name):
            for join in self.supergraph.types[view].joins.values():
                if view == type_name or join.is_interface_object:
                    yield Position(join.subgraph, view)

    def can_move(self, type_name: str, reached: Positions, target: Position) -> bool:
        """Tell whether some key leads from the reached positions to the target."""
        return any(self.selects(type_name, reached, key.fields) for key in self.usable_keys(type_name, reached, target))

    def usable_keys(self, type_name: str, reached: Positions, target: Position) -> Iterable[Key]:
        """Give the keys by which the target's `_entities` could be asked, given what is known of the object's type."""
        types = self.supergraph.types
        is_named = any(self.can_name(position) for position in reached)
        if is_named or target.view != type_name:
            yield from (key for key in types[target.view].joins[target.subgraph].keys if key.resolvable)
        if target.view == type_name:
            # From an interface object only the interface's name is known: ask a subgraph that has the interface.
            for view in {position.view for position in reached if not self.can_name(position)}:
                join = types[view].joins.get(target.subgraph)
                if join and not join.is_interface_object and view in types[type_name].joins[target.subgraph].implements:
                    yield from (key for key in join.keys if key.resolvable)

    def selects(self, type_name: str, reached: Positions, selection: SelectionSetNode) -> bool:
        """Tell whether a field set can be fetched for an object from the positions reached."""
        return self.missing(type_name, reached, selection) is None

    def missing(self, type_name: str, reached: Positions, selection: SelectionSetNode) -> str | None:
        """Return the first field of a field set that cannot be fetched (`Type.field`), or None when all can."""
        for node in selection.selections:
            lacking = None
            if isinstance(node, InlineFragmentNode):
                condition = node.type_condition.name.value if node.type_condition else type_name
                if is_a(self.supergraph.schema, type_name, condition):
                    lacking = self.missing(type_name, reached, node.selection_set)
            elif isinstance(node, FieldNode) and node.name.value != "__typename":
                lacking = self._missing_field(type_name, reached, node)
            if lacking is not None:
                return lacking
        return None

    def _missing_field(self, type_name: str, reached: Positions, node: FieldNode) -> str | None:
        ready = [position for position in reached if self.resolves(type_name, position, node.name.value)]
        if not ready:
            return f"{type_name}.{node.name.value}"
        if node.selection_set is None:
            return None
        for name, positions in self.enter(ready, node.name.value).items():
            lacking = self.missing(name, self.reach(name, positions), node.selection_set)
            if lacking is not None:
                return lacking
        return None

    def resolves(self, type_name: str, position: Position, field_name: str) -> bool:
        """Tell whether a field can be asked for at a position, its `@requires` fetched from where it leads first."""
        join = self.join(position, field_name)
        if join is None or not self.answers(position, join, field_name):
            return False
        if join.requires is None:
            return True
        state = (f"{type_name}.{field_name}", frozenset((position,)))
        if state in self._open:
            self._met_open = True
            return False
        self._open.add(state)
        try:
            reached = self.reach(type_name, frozenset((position,)))
            return self.selects(type_name, reached, join.requires) and self.can_return(type_name, reached, position)
        finally:
            self._open.discard(state)

    def can_return(self, type_name: str, reached: Positions, position: Position) -> bool:
        """Tell whether a key leads back to a position, with what `@requires` asked for in hand."""
        target = Position(position.subgraph, position.view)
        return type_name in self.root_types or self.can_move(type_name, reached, target)
