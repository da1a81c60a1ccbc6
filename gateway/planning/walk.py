"""Walk the graph of moves: lay out the fetch steps that meet a need.

The walk goes down the operation place by place. At each place it knows the *sites* where the object can already be
asked for something: requests that pass through it. A field is asked for at a site where that is possible; otherwise
the walk moves to another subgraph by a key, which adds a step whose representations are themselves a need that is
met the same way. The estimator says which choice takes the fewest requests.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.planning.errors import UnreachableFieldError
from gateway.planning.estimate import Place
from gateway.planning.represent import representation
from gateway.planning.steps import Call, SiteSelection, Step, Target

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import SelectionSetNode

    from gateway.composition.supergraph import Key
    from gateway.planning.estimate import Banned, Estimator, Outcome
    from gateway.planning.graph import Graph, Local, Provider
    from gateway.planning.plan import Path
    from gateway.planning.selection import Field, Selection


@dataclass(slots=True, eq=False)
class Site:
    """A request's selection set at a position: more can be asked for there."""

    step: Step
    selection: SiteSelection
    place: Place


@dataclass(slots=True, eq=False)
class Position:
    """A place in the merged data, with everything that is asked for there so far."""

    path: Path
    type_name: str
    """Its static type in the supergraph."""
    below_condition: bool = False
    """A place above it is of an abstract type."""
    own_sites: list[Site] = field(default_factory=list)
    children: dict[str, Position] = field(default_factory=dict)
    narrowed: dict[str, Position] = field(default_factory=dict)
    wider: Position | None = None
    """The abstract position of which this is the part for one object type."""
    seen_in: dict[Site, Site] = field(default_factory=dict)
    moves: dict[tuple[object, ...], Site] = field(default_factory=dict)
    """Sites made by moves to this position, by what the move was made with."""

    def child(self, key: str, type_name: str, *, below_condition: bool) -> Position:
        """Return the position of a field's value."""
        return self.children.setdefault(key, Position((*self.path, key), type_name, below_condition))

    def narrow(self, type_name: str) -> Position:
        """Return the part of this position where the object is of that type."""
        path = (*self.path, frozenset({type_name}))
        return self.narrowed.setdefault(type_name, Position(path, type_name, below_condition=True, wider=self))


@dataclass(slots=True)
class Option:
    """A way to ask for a field."""

    missing: int
    cost: int
    site: Site | None
    """The site to ask at; None to move first."""
    provider: Provider | None
    local: Local
    outcome: Outcome | None

    @property
    def rank(self) -> tuple[int, int, bool]:
        """Sorting: nothing left over, then few requests, then no move."""
        return (self.missing, self.cost, self.site is None)


class Walk:
    """Lays out the steps of one phase of one operation."""

    def __init__(self, graph: Graph, estimator: Estimator) -> None:
        self._graph = graph
        self._estimator = estimator
        self.steps: list[Step] = []

    def fulfil(self, position: Position, need: Selection, banned: Banned = frozenset()) -> set[Step]:
        """Ask for everything that is needed at a position; return the steps that answer it."""
        if self._graph.is_abstract(position.type_name):
            return self._fulfil_abstract(position, need, banned)
        return self._fulfil_fields(position, need.of_type(position.type_name).values(), banned)

    def fulfil_at(self, position: Position, one: Field, provider: Provider) -> set[Step]:
        """Ask for a root field in one given subgraph and in no other."""
        outcome = self._estimator.at_provider(provider, one, frozenset())
        here = [site for site in self.sites(position) if site.place.subgraph == provider.subgraph]
        site = here[0] if here else None
        option = Option(0, 0, site, provider, self._graph.resolved(provider), outcome)
        return self._take(position, one, option, frozenset())

    def sites(self, position: Position) -> list[Site]:
        """Return where something can be asked for at the position."""
        if position.wider is None:
            return position.own_sites
        inherited = []
        for site in self.sites(position.wider):
            known = position.seen_in.get(site)
            if known is None:
                known = self._narrowed_site(site, position.type_name)
                if known is None:
                    continue
                position.seen_in[site] = known
            inherited.append(known)
        return [*inherited, *position.own_sites]

    def _narrowed_site(self, site: Site, type_name: str) -> Site | None:
        place = site.place
        if place.type_name == type_name:
            return site
        if self._is_interface_object(site) or type_name not in self._graph.possible(place.type_name, place.subgraph):
            return None
        narrowed = Place(type_name, place.subgraph, place.provided)
        return Site(site.step, site.selection.fragment(type_name), narrowed)

    def _is_interface_object(self, site: Site) -> bool:
        return self._graph.is_interface_object(site.place.type_name, site.place.subgraph)

    # Objects

    def _fulfil_fields(self, position: Position, fields: Iterable[Field], banned: Banned) -> set[Step]:
        steps: set[Step] = set()
        pending: list[tuple[int, Field]] = []
        for one in fields:
            here = [option for option in self._site_options(position, one, banned) if not option.missing]
            free = [option for option in here if not option.cost]
            if free:
                steps |= self._take(position, one, free[0], banned)
            else:
                choices = len(self._graph.providers(position.type_name, one.name)) + len(here)
                pending.append((choices, one))
        for _, one in sorted(pending, key=lambda each: each[0]):
            steps |= self._cover(position, one, banned)
        return steps

    def _cover(self, position: Position, one: Field, banned: Banned) -> set[Step]:
        """Ask for a field wherever it takes: in as many subgraphs as are needed for all that is below it."""
        steps: set[Step] = set()
        left: Field | None = one
        taken: set[str] = set()
        while left is not None:
            options = [
                option
                for option in (
                    *self._site_options(position, left, banned),
                    *self._move_options(position, left, banned),
                )
                if self._subgraph(option) not in taken
                and not (option.outcome and option.outcome.rest and option.outcome.covered.is_empty)
            ]
            if not options:
                below = f" > {', '.join(left.selection.paths())}" if left.selection else ""
                raise UnreachableFieldError([f"{position.type_name}.{left.name}{below}"])
            best = min(options, key=lambda option: option.rank)
            taken.add(self._subgraph(best))
            steps |= self._take(position, left, best, banned)
            rest = best.outcome.rest if best.outcome else None
            left = left.narrowed(rest) if rest else None
        return steps

    @staticmethod
    def _subgraph(option: Option) -> str:
        if option.site is not None:
            return option.site.place.subgraph
        return option.provider.subgraph if option.provider else ""

    def _site_options(self, position: Position, one: Field, banned: Banned) -> list[Option]:
        options = []
        for site in self.sites(position):
            local = self._local(site, position, one)
            if local is None:
                continue
            outcome = None
            if one.selection is not None:
                below = Place(local.type_name, site.place.subgraph, local.provided)
                outcome = self._estimator.outcome(below, one.selection, banned)
            missing, cost = (outcome.missing, outcome.cost) if outcome else (0, 0)
            options.append(Option(missing, cost, site, None, local, outcome))
        return options

    def _local(self, site: Site, position: Position, one: Field) -> Local | None:
        place = site.place
        if self._graph.is_abstract(place.type_name) and not self._is_interface_object(site):
            if place.type_name != position.type_name:
                return None
            return self._graph.local_for_all(place.type_name, one.name, place.subgraph, place.provided)
        return self._graph.local(place.type_name, one.name, place.subgraph, place.provided)

    def _move_options(self, position: Position, one: Field, banned: Banned) -> list[Option]:
        options = []
        for provider in self._graph.providers(position.type_name, one.name):
            places: list[Place | None] = [site.place for site in self.sites(position)]
            places = places or [None]
            costs = [self._estimator.move_cost(place, position.type_name, provider, banned) for place in places]
            cost = min((cost for cost in costs if cost is not None), default=None)
            if cost is None:
                continue
            outcome = self._estimator.at_provider(provider, one, banned)
            missing, below = (outcome.missing, outcome.cost) if outcome else (0, 0)
            options.append(Option(missing, cost + below, None, provider, self._graph.resolved(provider), outcome))
        return options

    def _take(self, position: Position, one: Field, option: Option, banned: Banned) -> set[Step]:
        site = option.site
        if site is None and option.provider is not None:
            site = self._move(position, option.provider, banned)
        if site is None:  # an option has a site or a provider
            raise UnreachableFieldError([f"{position.type_name}.{one.name}"])
        if one.selection is None:
            site.selection.add(one, "", typename=False)
            return {site.step}
        place = Place(option.local.type_name, site.place.subgraph, option.local.provided)
        below_condition = position.below_condition or self._graph.is_abstract(position.type_name)
        child = position.child(one.key, one.selection.type_name, below_condition=below_condition)
        tells_type = self._tells_type(child, place)
        below = site.selection.add(one, place.type_name, typename=tells_type)
        if below is None:
            return {site.step}
        if not any(known.selection is below for known in child.own_sites):
            child.own_sites.append(Site(site.step, below, place))
        covered = option.outcome.covered if option.outcome else one.selection
        return {site.step} | self.fulfil(child, covered, banned)

    def _tells_type(self, position: Position, place: Place) -> bool:
        is_object = self._graph.is_interface_object(place.type_name, place.subgraph)
        return self._graph.is_abstract(position.type_name) and not is_object

    # Moves

    def _move(self, position: Position, provider: Provider, banned: Banned) -> Site:
        if position.type_name in self._graph.root_types:
            return self._root_step(position, provider.subgraph)
        return self._entity_step(position, provider.type_name, provider.subgraph, provider.join.requires, banned)

    def _root_step(self, position: Position, subgraph: str) -> Site:
        selection = SiteSelection(position.type_name)
        step = Step(subgraph, {site.step for site in self.sites(position)[:1]}, position.path, root=selection)
        if not position.path:
            step.after = set()
        return self._add(position, step, Site(step, selection, Place(position.type_name, subgraph)))

    def _entity_step(
        self, position: Position, type_name: str, subgraph: str, requires: SelectionSetNode | None, banned: Banned
    ) -> Site:
        """Move to a subgraph by a key: a step that asks it for the entity."""
        inner = banned | {("key", type_name, subgraph)}
        key = self._cheapest_key(position, type_name, subgraph, inner)
        made_with = (subgraph, type_name, id(key), id(requires))
        if made_with in position.moves:
            return position.moves[made_with]
        after = self.fulfil(position, key, inner)
        required = None
        if requires is not None:
            required = self._graph.needed(position.type_name, requires, below_condition=position.below_condition)
            after |= self.fulfil(position, required, banned | {("requires", position.type_name, str(id(requires)))})
        place = Place(type_name, subgraph)
        selection = SiteSelection(type_name, self._tells_type(position, place))
        # The subgraph is told its own name of the type; only there is an interface's own name understood.
        target = Target(position.path, representation(self._graph, type_name, key, required), selection)
        step = Step(subgraph, after, calls=[Call([target])])
        site = self._add(position, step, Site(step, selection, place))
        position.moves[made_with] = site
        return site

    def _cheapest_key(self, position: Position, type_name: str, subgraph: str, banned: Banned) -> Selection:
        best: tuple[int, Key] | None = None
        for key in self._graph.keys_of(type_name, subgraph):
            needed = self._graph.needed(position.type_name, key.fields)
            for site in self.sites(position):
                outcome = self._estimator.outcome(site.place, needed, banned)
                if outcome.rest is None and (best is None or outcome.cost < best[0]):
                    best = (outcome.cost, key)
        if best is None:
            raise UnreachableFieldError([f"{type_name} in subgraph {subgraph}"])
        return self._graph.needed(position.type_name, best[1].fields, below_condition=position.below_condition)

    def _add(self, position: Position, step: Step, site: Site) -> Site:
        self.steps.append(step)
        position.own_sites.append(site)
        return site

    # Abstract positions

    def _fulfil_abstract(self, position: Position, need: Selection, banned: Banned) -> set[Step]:
        telling = [site for site in self.sites(position) if not self._is_interface_object(site)]
        if not telling:
            return self._fulfil_interface_object(position, need, banned)
        outcomes = [(self._estimator.outcome(site.place, need, banned), site) for site in telling]
        _, best = min(outcomes, key=lambda each: (each[0].missing, each[0].cost))
        steps = {best.step}
        split = self._estimator.split_abstract(best.place, need, banned)
        steps |= self._fulfil_fields(position, (*split.here.values(), *split.moved.values()), banned)
        for type_name, fields in split.by_type.items():
            steps |= self._fulfil_fields(position.narrow(type_name), fields.values(), banned)
        return steps

    def _fulfil_interface_object(self, position: Position, need: Selection, banned: Banned) -> set[Step]:
        """Meet a need where no site tells the concrete type: of the interface, or by learning the type first."""
        steps: set[Step] = set()
        left: dict[str, Field] = {}
        for one in need.fields.values():
            options = (*self._site_options(position, one, banned), *self._move_options(position, one, banned))
            if any(not option.missing for option in options):
                steps |= self._cover(position, one, banned)
            else:
                left[one.key] = one
        rest = need.with_fields(left, need.by_type, needs_typename=need.needs_typename)
        if rest.is_empty:
            return steps or {site.step for site in self.sites(position)[:1]}
        for site in self.sites(position):
            found = self._estimator.realising(site.place, rest, banned)
            if found is not None:
                self._entity_step(position, rest.type_name, found[0], None, banned)
                return steps | self._fulfil_abstract(position, rest, banned)
        raise UnreachableFieldError(list(rest.paths()))


def root_position(type_name: str) -> Position:
    """Return the position at the root of the merged data."""
    return Position((), type_name)
