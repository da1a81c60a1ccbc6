"""Order mutations: root fields run one after the other (GraphQL specification, 6.2.2), each in one subgraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.planning.errors import UnreachableFieldError
from gateway.planning.walk import Walk, root_position

if TYPE_CHECKING:
    from gateway.planning.estimate import Estimator
    from gateway.planning.graph import Graph, Provider
    from gateway.planning.selection import Field, Selection
    from gateway.planning.steps import Step


def order_mutations(graph: Graph, estimator: Estimator, need: Selection) -> list[list[Step]]:
    """Return the steps of each phase.

    A field begins a new phase unless the one before is one request to the same subgraph and nothing more: then both
    go in that request, and the subgraph keeps their order. A field is asked of one subgraph only, even when several
    share it, because asking twice would change twice.
    """
    phases: list[list[Step]] = []
    walk: Walk | None = None
    position = root_position(need.type_name)
    for one in need.fields.values():
        provider = _best_provider(graph, estimator, need.type_name, one)
        if walk is None or len(walk.steps) > 1 or walk.steps[0].subgraph != provider.subgraph:
            walk = Walk(graph, estimator)
            position = root_position(need.type_name)
            phases.append(walk.steps)
        walk.fulfil_at(position, one, provider)
    return phases


def _best_provider(graph: Graph, estimator: Estimator, type_name: str, one: Field) -> Provider:
    options = []
    for provider in graph.providers(type_name, one.name):
        outcome = estimator.at_provider(provider, one, frozenset())
        if outcome is None or outcome.rest is None:
            options.append((outcome.cost if outcome else 0, provider))
    if not options:
        raise UnreachableFieldError([f"{type_name}.{one.name}"])
    return min(options, key=lambda option: option[0])[1]
