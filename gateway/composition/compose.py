"""Compose subgraph SDLs into one supergraph (Apollo Federation 2, with Federation 1 subgraphs beside)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import validate_schema

from gateway.composition.errors import Faults
from gateway.composition.header import header
from gateway.composition.merge_types import merge_type
from gateway.composition.merging import Merging
from gateway.composition.read_subgraph import ROOTS, ReadSubgraph, SubgraphSource, read_subgraph
from gateway.composition.satisfiability import check_satisfiability
from gateway.composition.supergraph_sdl import read_supergraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql import GraphQLError

    from gateway.composition.supergraph import Supergraph

__all__ = ["SubgraphSource", "compose"]


def compose(sources: Sequence[SubgraphSource]) -> Supergraph:
    """Compose subgraphs into a supergraph.

    Raises CompositionFailed with everything that is wrong, found at the earliest stage that finds anything: reading,
    merging, the merged schema, satisfiability.
    """
    faults = Faults()
    _check_names(sources, faults)
    read = [read_subgraph(source, faults) for source in sorted(sources, key=lambda source: source.name)]
    faults.raise_if_any()
    merging = Merging([subgraph for subgraph in read if subgraph is not None], faults)
    for subgraph in merging.subgraphs:
        _check_subgraph(subgraph, faults)
    faults.raise_if_any()
    sdl = _merge(merging)
    faults.raise_if_any()
    supergraph = read_supergraph(sdl)
    for schema in (supergraph.schema, supergraph.api_schema):
        for error in validate_schema(schema):
            faults.add(_code_of(error), error.message)
        faults.raise_if_any()
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


def _check_subgraph(subgraph: ReadSubgraph, faults: Faults) -> None:
    """Find what is wrong inside one subgraph."""
    for type_ in subgraph.types.values():
        for interface in type_.interfaces:
            if interface not in subgraph.types:
                message = f"[{subgraph.name}] {type_.name} implements {interface}, which is not defined there"
                faults.add("INVALID_GRAPHQL", message, subgraph.name)
        if type_.has("interfaceObject") and not type_.all("key"):
            message = f"[{subgraph.name}] {type_.name} is @interfaceObject but has no @key"
            faults.add("INTERFACE_OBJECT_USAGE_ERROR", message, subgraph.name)
        for field in type_.fields.values():
            both = field.has("external") and any(field.has(name) for name in ("requires", "provides", "override"))
            if both:
                message = f"[{subgraph.name}] {type_.name}.{field.name} is @external and resolved here at once"
                faults.add("MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL", message, subgraph.name)


def _merge(merging: Merging) -> str:
    names = sorted({name for subgraph in merging.subgraphs for name in subgraph.types})
    parts = [part for name in names if (part := merge_type(merging, name)) is not None]
    if "Query" not in names:
        merging.faults.add("NO_QUERIES", "no subgraph has a field on Query")
    return header(merging, [root for root in ROOTS if root in names]) + "\n" + "\n".join(parts)


def _code_of(error: GraphQLError) -> str:
    if "Interface field" in error.message:
        return "INTERFACE_FIELD_NO_IMPLEM"
    return "INVALID_GRAPHQL"
