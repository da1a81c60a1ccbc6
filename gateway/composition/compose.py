"""Compose subgraph SDLs into one supergraph (Apollo Federation 2, with Federation 1 subgraphs beside)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import parse

from gateway.composition.check_merged import check_across, check_merged_schema
from gateway.composition.check_subgraph import check_subgraph
from gateway.composition.errors import Faults
from gateway.composition.merging import Merging
from gateway.composition.read_subgraph import read_subgraph
from gateway.composition.satisfiability import check_satisfiability
from gateway.composition.subgraph import SubgraphSource
from gateway.composition.supergraph_sdl import supergraph_of
from gateway.composition.upgrade import upgrade
from gateway.composition.write_supergraph import write_supergraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.composition.supergraph import Supergraph

__all__ = ["SubgraphSource", "compose"]


def compose(sources: Sequence[SubgraphSource]) -> Supergraph:
    """Compose subgraphs into a supergraph.

    Raises CompositionFailed with everything that is wrong, found at the earliest stage that finds anything: reading
    each subgraph, checking each subgraph, merging, the merged schema, satisfiability.
    """
    faults = Faults()
    _check_names(sources, faults)
    read = [read_subgraph(source, faults) for source in sorted(sources, key=lambda source: source.name)]
    faults.raise_if_any()
    subgraphs = [subgraph for subgraph in read if subgraph is not None]
    for subgraph in subgraphs:
        upgrade(subgraph)
    merging = Merging(subgraphs, faults)
    for subgraph in subgraphs:
        check_subgraph(subgraph, merging.used[subgraph.name], faults)
    faults.raise_if_any()
    check_across(merging)
    sdl = write_supergraph(merging)
    faults.raise_if_any()
    document = parse(sdl, no_location=True)
    check_merged_schema(merging, document)
    faults.raise_if_any()
    supergraph = supergraph_of(document, sdl)
    check_satisfiability(supergraph, faults)
    faults.raise_if_any()
    return supergraph


def _check_names(sources: Sequence[SubgraphSource], faults: Faults) -> None:
    names = [source.name for source in sources]
    for name in dict.fromkeys(names):
        if not name or names.count(name) > 1:
            faults.add("INVALID_SUBGRAPH_NAME", f"{name!r} is empty or names more than one subgraph", name)
    if not sources:
        faults.add("NO_QUERIES", "there is no subgraph to compose")
