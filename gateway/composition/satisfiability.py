"""Satisfiability: whatever a client may ask, the subgraphs can answer (Apollo documentation, "Composition rules").

The walk starts at the root types of the API schema and follows every field, keeping for each object type it meets
the positions where the object may be. A field must be resolved at a position that can be reached from there.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import GraphQLObjectType, get_named_type, is_abstract_type, print_ast

from gateway.composition.moves import Moves
from gateway.composition.positions import Position, named_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import SelectionSetNode

    from gateway.composition.errors import Faults
    from gateway.composition.positions import Positions
    from gateway.composition.supergraph import Supergraph


@dataclass(frozen=True, slots=True)
class _Visit:
    """An object type as met on the way."""

    type_name: str
    start: Positions
    path: tuple[str, ...]
    """The fields from the root type on; `... on Type` where a field may give several types."""


def check_satisfiability(supergraph: Supergraph, faults: Faults) -> None:
    """Note a SATISFIABILITY_ERROR for each field that cannot be answered somewhere it can be asked.

    Each field is told of once, with the shortest path that leads to where it cannot be answered.
    """
    walk = _Walk(supergraph, faults)
    schema = supergraph.api_schema
    for operation, root in (
        ("query", schema.query_type),
        ("mutation", schema.mutation_type),
        ("subscription", schema.subscription_type),
    ):
        if root is not None:
            walk.run(_Visit(root.name, walk.moves.roots(root.name), (operation,)))


class _Walk:
    def __init__(self, supergraph: Supergraph, faults: Faults) -> None:
        self.moves = Moves(supergraph)
        self._supergraph = supergraph
        self._faults = faults
        self._seen: dict[str, list[Positions]] = {}
        self._told: set[str] = set()

    def run(self, start: _Visit) -> None:
        """Walk everything that can be asked from a root type, the shortest paths first."""
        pending = deque((start,))
        while pending:
            visit = pending.popleft()
            reached = self.moves.reach(visit.type_name, visit.start)
            # Where less could be reached all went well, or was told: more positions only add ways to answer.
            if not any(before <= reached for before in self._seen.get(visit.type_name, ())):
                self._seen.setdefault(visit.type_name, []).append(reached)
                pending.extend(self._visit(visit, reached))

    def _visit(self, visit: _Visit, reached: Positions) -> Iterator[_Visit]:
        type_ = self._supergraph.api_schema.type_map.get(visit.type_name)
        if not isinstance(type_, GraphQLObjectType):
            return
        if not any(self.moves.can_name(position) for position in reached):
            self._tell_unnamed(visit)
            return
        for name, field in type_.fields.items():
            ready = [each for each in reached if self.moves.resolves(visit.type_name, each, name)]
            if not ready:
                self._tell(visit, reached, name)
                continue
            found = self.moves.enter(ready, name)
            is_abstract = is_abstract_type(get_named_type(field.type))
            if is_abstract:
                self._check_shared(visit, ready, name)
            for inner, positions in found.items():
                step = (name, f"... on {inner}") if is_abstract else (name,)
                yield _Visit(inner, positions, (*visit.path, *step))

    def _check_shared(self, visit: _Visit, ready: list[Position], field: str) -> None:
        """See that a shared field of an abstract type may give some same object type in all its subgraphs."""
        possible: dict[str, frozenset[str]] = {}
        for position in ready:
            join = self.moves.join(position, field)
            if join is not None and not self.moves.sees_by_interface_object(join.subgraph, named_type(join.type)):
                possible[join.subgraph] = self.moves.runtime_types(join.subgraph, named_type(join.type))
        told = f"{visit.type_name}.{field}"
        if len(possible) > 1 and not frozenset.intersection(*possible.values()) and told not in self._told:
            self._told.add(told)
            said = "; ".join(f"{' or '.join(sorted(types)) or 'nothing'} in {name}" for name, types in possible.items())
            message = f"{told} is shared, but there is no type that all its subgraphs may answer with: {said}"
            self._faults.add("SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES", message, *possible)

    def _tell_unnamed(self, visit: _Visit) -> None:
        views = sorted({f"{position.view} in {position.subgraph}" for position in visit.start})
        if f"{visit.type_name}.__typename" not in self._told:
            self._told.add(f"{visit.type_name}.__typename")
            message = (
                f"{_query(visit.path, '__typename')} cannot be answered: the object is known only by @interfaceObject"
                f" ({', '.join(views)}), and no subgraph that defines the interface with a resolvable @key can be"
                f" asked whether it is of type {visit.type_name}"
            )
            self._faults.add("SATISFIABILITY_ERROR", message, *sorted({each.subgraph for each in visit.start}))

    def _tell(self, visit: _Visit, reached: Positions, field: str) -> None:
        coordinate = f"{visit.type_name}.{field}"
        if coordinate in self._told:
            return
        self._told.add(coordinate)
        held = sorted({position.subgraph for position in reached})
        reasons = list(self._reasons(visit.type_name, reached, field)) or ["no subgraph resolves it"]
        message = (
            f"{_query(visit.path, field)} cannot be answered: the {visit.type_name} can be had from"
            f" {', '.join(held)}, but {coordinate} cannot be reached from there: {'; '.join(reasons)}"
        )
        self._faults.add("SATISFIABILITY_ERROR", message, *held)

    def _reasons(self, type_name: str, reached: Positions, field: str) -> Iterator[str]:
        """Give the reason for each subgraph that has the field."""
        for view in self.moves.views(type_name):
            for subgraph, join in self._supergraph.types[view].fields.get(field, {}).items():
                target = Position(subgraph, view)
                is_view = view == type_name or self.moves.sees_by_interface_object(subgraph, view)
                if not is_view or not self.moves.answers(target, join, field):
                    continue
                if not any((each.subgraph, each.view) == (subgraph, view) for each in reached):
                    yield self._why_no_move(type_name, reached, target)
                elif join.requires is not None:
                    yield self._why_no_requires(type_name, target, join.requires)

    def _why_no_move(self, type_name: str, reached: Positions, target: Position) -> str:
        keys = list(self.moves.usable_keys(type_name, reached, target))
        if not keys:
            return f"{target.subgraph} resolves it, but has no resolvable @key on {target.view} to be asked by"
        said = [
            f'@key(fields: "{_text(key.fields)}") needs {self.moves.missing(type_name, reached, key.fields)}'
            for key in keys
        ]
        return f"{target.subgraph} resolves it, but {' and '.join(said)}, which cannot be had"

    def _why_no_requires(self, type_name: str, target: Position, requires: SelectionSetNode) -> str:
        reached = self.moves.reach(type_name, frozenset((target,)))
        lacking = self.moves.missing(type_name, reached, requires)
        if lacking is not None:
            return f'{target.subgraph} resolves it, but its @requires(fields: "{_text(requires)}") needs {lacking}'
        if not self.moves.can_return(type_name, reached, target):
            return (
                f"{target.subgraph} resolves it, but has no resolvable @key to be asked again once its @requires is had"
            )
        return f'{target.subgraph} resolves it, but its @requires(fields: "{_text(requires)}") goes round in a circle'


def _text(selection: SelectionSetNode) -> str:
    return " ".join(print_ast(selection).split()).removeprefix("{ ").removesuffix(" }")


def _query(path: tuple[str, ...], field: str) -> str:
    """Return a path as the query that a client would send."""
    operation, *steps = path
    opened = " { ".join([operation, *steps, field])
    return f"`{opened}{' }' * (len(steps) + 1)}`"
