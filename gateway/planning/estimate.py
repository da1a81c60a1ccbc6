"""Estimate what a need costs from one place in one subgraph, and which part of it cannot be met from there.

The walk (`walk.py`) asks this before it chooses between subgraphs. Costs count requests: a move to another
subgraph costs one, a second field fetched by the same move costs nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, TypeAlias

from gateway.planning.graph import NOTHING_PROVIDED
from gateway.planning.selection import merge_selections

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import SelectionSetNode

    from gateway.planning.graph import Graph, Provided, Provider
    from gateway.planning.selection import Field, Selection

Banned: TypeAlias = "frozenset[tuple[str, ...]]"
"""Moves not to be taken, because their own keys or requirements are being worked out just now."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one stands: an object as one subgraph knows it."""

    type_name: str
    """Its static type in the subgraph."""
    subgraph: str
    provided: Provided = NOTHING_PROVIDED


@dataclass(frozen=True, slots=True)
class Outcome:
    """What meeting a need from a place comes to."""

    covered: Selection
    rest: Selection | None
    """What cannot be met from there, by any chain of moves."""
    moves: Mapping[str, int] = field(default_factory=dict)
    """Moves of the object itself, by subgraph: requests each takes."""
    below: int = 0
    """Requests further down."""

    @property
    def cost(self) -> int:
        """All requests."""
        return self.below + sum(self.moves.values())

    @property
    def missing(self) -> int:
        """How many leaves are left over."""
        return self.rest.count() if self.rest else 0


@dataclass(slots=True)
class _Tally:
    """An outcome in the making."""

    moves: dict[str, int] = field(default_factory=dict)
    below: int = 0
    covered: dict[str, Field] = field(default_factory=dict)
    rest: dict[str, Field] = field(default_factory=dict)

    def add(self, one: Field, outcome: Outcome | None) -> None:
        """Count a field as covered, as far as its outcome covers it; the remainder goes to the rest."""
        if outcome is None or outcome.rest is None:
            self.covered[one.key] = one
        else:
            self.rest[one.key] = one.narrowed(outcome.rest)
            if not outcome.covered.is_empty:
                self.covered[one.key] = one.narrowed(outcome.covered)
        self.below += outcome.cost if outcome else 0


class Estimator:
    """Estimates for one supergraph. Results are kept for as long as the estimator lives: one planning."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[tuple[Place, Selection, Banned], Outcome] = {}

    def outcome(self, place: Place, need: Selection, banned: Banned = frozenset()) -> Outcome:
        """Return what meeting the need from the place comes to."""
        question = (place, need, banned)
        known = self._known.get(question)
        if known is None:
            known = self._known[question] = self._work_out(place, need, banned)
        return known

    def move_cost(self, place: Place | None, type_name: str, provider: Provider, banned: Banned) -> int | None:
        """Return how many requests it takes to ask the provider for its field, or None if it cannot be reached.

        `type_name` is the object's type in the supergraph; `place` is None where nothing has been asked yet.
        """
        if type_name in self._graph.root_types:
            return 1
        banned_key = ("key", provider.type_name, provider.subgraph)
        if place is None or banned_key in banned:
            return None
        cost = self._key_cost(place, type_name, provider, banned | {banned_key})
        if cost is None or provider.join.requires is None:
            return cost
        needed = self.requirement(place, type_name, provider.join.requires, banned)
        return None if needed is None else cost + needed

    def requirement(self, place: Place, type_name: str, fields: SelectionSetNode, banned: Banned) -> int | None:
        """Return what gathering the fields of a `@requires` costs, or None when they cannot be gathered."""
        mark = ("requires", type_name, str(id(fields)))
        if mark in banned:
            return None
        outcome = self.outcome(place, self._graph.needed(type_name, fields), banned | {mark})
        return None if outcome.rest else outcome.cost

    def _key_cost(self, place: Place, type_name: str, provider: Provider, banned: Banned) -> int | None:
        costs = []
        for key in self._graph.keys_of(provider.type_name, provider.subgraph):
            outcome = self.outcome(place, self._graph.needed(type_name, key.fields), banned)
            if outcome.rest is None:
                costs.append(outcome.cost + 1)
        return min(costs, default=None)

    def _work_out(self, place: Place, need: Selection, banned: Banned) -> Outcome:
        if not self._graph.is_abstract(place.type_name):
            return self._object(place, need, need.of_type(place.type_name), banned)
        if self._graph.is_interface_object(place.type_name, place.subgraph):
            return self._interface_object(place, need, banned)
        return self._abstract(place, need, banned)

    def _object(self, place: Place, need: Selection, fields: Mapping[str, Field], banned: Banned) -> Outcome:
        tally = self._fields(place, place.type_name, fields, banned)
        rest = need.with_fields(tally.rest) if tally.rest else None
        covered = need.with_fields(tally.covered, needs_typename=need.needs_typename) if rest else need
        return Outcome(covered, rest, tally.moves, tally.below)

    def _fields(self, place: Place, type_name: str, fields: Mapping[str, Field], banned: Banned) -> _Tally:
        """Work out the fields of one object; `type_name` is its type in the supergraph."""
        tally = _Tally()
        pending: list[tuple[Field, Outcome | None]] = []
        for one in fields.values():
            local = self._graph.local(place.type_name, one.name, place.subgraph, place.provided)
            if local is None:
                pending.append((one, None))
                continue
            outcome = None
            if one.selection is not None:
                below = Place(local.type_name, place.subgraph, local.provided)
                outcome = self.outcome(below, one.selection, banned)
            if outcome is None or outcome.rest is None:
                tally.add(one, outcome)
            else:
                pending.append((one, outcome))
        for one, here in pending:
            self._elsewhere(place, type_name, one, here, tally, banned)
        return tally

    def _elsewhere(
        self, place: Place, type_name: str, one: Field, here: Outcome | None, tally: _Tally, banned: Banned
    ) -> None:
        """Cover a field by moves to other subgraphs, as many as it takes, the cheapest first."""
        left: Field | None = one
        pieces: list[Selection] = []
        taken: set[str] = set()
        if here is not None and here.rest is not None:
            left = one.narrowed(here.rest)
            pieces.append(here.covered)
            tally.below += here.cost
            taken.add(place.subgraph)
        while left is not None:
            options = self._options(place, type_name, left, tally.moves, taken, banned)
            if not options:
                break
            _, _, subgraph, move, outcome = min(options, key=lambda option: option[:3])
            if outcome is not None and outcome.rest is not None and outcome.covered.is_empty:
                break
            taken.add(subgraph)
            tally.moves[subgraph] = max(move, tally.moves.get(subgraph, 0))
            tally.below += outcome.cost if outcome else 0
            if outcome is not None:
                pieces.append(outcome.covered)
            left = left.narrowed(outcome.rest) if outcome is not None and outcome.rest is not None else None
        if left is None:
            tally.covered[one.key] = one
            return
        tally.rest[one.key] = left
        covered = [piece for piece in pieces if not piece.is_empty]
        if covered:
            tally.covered[one.key] = one.narrowed(reduce(merge_selections, covered))

    def _options(
        self, place: Place, type_name: str, one: Field, moves: Mapping[str, int], taken: set[str], banned: Banned
    ) -> list[tuple[int, int, str, int, Outcome | None]]:
        options: list[tuple[int, int, str, int, Outcome | None]] = []
        for provider in self._graph.providers(type_name, one.name):
            if provider.subgraph in taken:
                continue
            move = self.move_cost(place, type_name, provider, banned)
            if move is None:
                continue
            outcome = self.at_provider(provider, one, banned)
            extra = max(move - moves.get(provider.subgraph, 0), 0)
            missing, cost = (outcome.missing, outcome.cost) if outcome else (0, 0)
            options.append((missing, extra + cost, provider.subgraph, move, outcome))
        return options

    def at_provider(self, provider: Provider, one: Field, banned: Banned) -> Outcome | None:
        """Return what a field's own selection comes to in the provider's answer; None for a leaf."""
        if one.selection is None:
            return None
        return self.outcome(self.below_provider(provider), one.selection, banned)

    def below_provider(self, provider: Provider) -> Place:
        """Return the place where a field's value stands in the provider's answer."""
        local = self._graph.resolved(provider)
        return Place(local.type_name, provider.subgraph, local.provided)

    def _interface_object(self, place: Place, need: Selection, banned: Banned) -> Outcome:
        """Work out a need at a place where the subgraph does not know the concrete type."""
        tally = self._fields(place, need.type_name, need.fields, banned)
        rest = need.with_fields(tally.rest, need.by_type, needs_typename=need.needs_typename)
        if rest.is_empty:
            return Outcome(need, None, tally.moves, tally.below)
        found = self.realising(place, rest, banned) if self._graph.is_abstract(need.type_name) else None
        if found is None:
            return Outcome(need.with_fields(tally.covered), rest, tally.moves, tally.below)
        owner, move, outcome = found
        moves = dict(tally.moves)
        moves[owner] = max(move, moves.get(owner, 0))
        for subgraph, cost in outcome.moves.items():
            moves[subgraph] = max(cost, moves.get(subgraph, 0))
        covered = need
        if outcome.rest is not None:
            covered = merge_selections(need.with_fields(tally.covered), outcome.covered)
        return Outcome(covered, outcome.rest, moves, tally.below + outcome.below)

    def realising(self, place: Place, rest: Selection, banned: Banned) -> tuple[str, int, Outcome] | None:
        """Return the best subgraph to learn the concrete type of an interface object from, if there is one."""
        options = []
        for owner in self._graph.interface_owners(rest.type_name):
            mark = ("key", rest.type_name, owner)
            if mark in banned:
                continue
            costs = []
            for key in self._graph.keys_of(rest.type_name, owner):
                outcome = self.outcome(place, self._graph.needed(rest.type_name, key.fields), banned | {mark})
                if outcome.rest is None:
                    costs.append(outcome.cost + 1)
            if costs:
                there = self.outcome(Place(rest.type_name, owner), rest, banned)
                options.append((there.missing, there.cost + min(costs), owner, min(costs), there))
        if not options:
            return None
        _, _, owner, move, outcome = min(options, key=lambda option: option[:3])
        return owner, move, outcome

    def _abstract(self, place: Place, need: Selection, banned: Banned) -> Outcome:
        split = self.split_abstract(place, need, banned)
        moves = dict(split.moves)
        below = split.below
        rest: dict[str, Mapping[str, Field]] = {}
        covered: dict[str, Mapping[str, Field]] = {}
        for type_name, fields in split.by_type.items():
            tally = self._fields(Place(type_name, place.subgraph, place.provided), type_name, fields, banned)
            for subgraph, cost in tally.moves.items():
                moves[subgraph] = max(cost, moves.get(subgraph, 0))
            below += tally.below
            covered[type_name] = tally.covered
            if tally.rest:
                rest[type_name] = tally.rest
        if not rest:
            return Outcome(need, None, moves, below)
        met = need.with_fields({**split.here, **split.moved}, covered, needs_typename=need.needs_typename)
        return Outcome(met, need.with_fields({}, rest), moves, below)

    def split_abstract(self, place: Place, need: Selection, banned: Banned) -> AbstractSplit:
        """Decide which fields of an abstract place are asked of the interface, and which type by type."""
        graph = self._graph
        split = AbstractSplit()
        each_type: dict[str, Field] = {}
        for one in need.fields.values():
            local = None
            if place.type_name == need.type_name:
                local = graph.local_for_all(place.type_name, one.name, place.subgraph, place.provided)
            if local is not None:
                outcome = None
                if one.selection is not None:
                    below = Place(local.type_name, place.subgraph, local.provided)
                    outcome = self.outcome(below, one.selection, banned)
                if outcome is None or outcome.rest is None:
                    split.here[one.key] = one
                    split.below += outcome.cost if outcome else 0
                    continue
            tally = self._by_interface_object(place, need, one, banned)
            if tally is not None:
                split.moved[one.key] = one
                split.below += tally.below
                for subgraph, cost in tally.moves.items():
                    split.moves[subgraph] = max(cost, split.moves.get(subgraph, 0))
                continue
            each_type[one.key] = one
        possible = graph.possible(place.type_name, place.subgraph) & need.possible
        for type_name in sorted(possible):
            fields = need.with_fields(each_type, need.by_type).of_type(type_name)
            if fields:
                split.by_type[type_name] = fields
        return split

    def _by_interface_object(self, place: Place, need: Selection, one: Field, banned: Banned) -> _Tally | None:
        """Work out a field of an interface by moving to a subgraph that sees the interface as an object."""
        graph = self._graph
        providers = graph.providers(need.type_name, one.name)
        if not any(graph.is_interface_object(need.type_name, provider.subgraph) for provider in providers):
            return None
        tally = _Tally()
        self._elsewhere(place, need.type_name, one, None, tally, banned)
        return None if tally.rest else tally


@dataclass(slots=True)
class AbstractSplit:
    """How the fields of an abstract place are asked for."""

    here: dict[str, Field] = field(default_factory=dict)
    """Of the interface itself, where one stands."""
    moved: dict[str, Field] = field(default_factory=dict)
    """Of the interface, in a subgraph that sees it as an object."""
    by_type: dict[str, Mapping[str, Field]] = field(default_factory=dict)
    """Of each object type."""
    moves: dict[str, int] = field(default_factory=dict)
    below: int = 0
