"""Compose small subgraphs written in a test."""

from __future__ import annotations

import pytest
from graphql import print_ast

from gateway.composition.compose import SubgraphSource, compose
from gateway.composition.errors import CompositionError, CompositionFailed
from gateway.composition.supergraph import FieldJoin, Supergraph

IMPORTS = (
    '"@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@tag",'
    ' "@interfaceObject", "@extends", "@composeDirective", "@authenticated", "@requiresScopes", "@policy",'
    ' "@cost", "@listSize"'
)
LINK = f'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{IMPORTS}])\n'


class Verbatim(str):
    """A subgraph's SDL that gets no `@link`: Federation 1, or one with a link of its own."""

    __slots__ = ()


def sources(**sdls: str) -> list[SubgraphSource]:
    """Name each SDL by its keyword, and link it to Federation 2 unless it is Verbatim."""
    return [
        SubgraphSource(name, f"http://{name}.test/graphql", sdl if isinstance(sdl, Verbatim) else LINK + sdl)
        for name, sdl in sdls.items()
    ]


def composed(**sdls: str) -> Supergraph:
    return compose(sources(**sdls))


def refusals(**sdls: str) -> tuple[CompositionError, ...]:
    with pytest.raises(CompositionFailed) as failed:
        composed(**sdls)
    return failed.value.errors


def codes(**sdls: str) -> list[str]:
    return sorted({error.code for error in refusals(**sdls)})


def only_refusal(**sdls: str) -> CompositionError:
    errors = refusals(**sdls)
    assert len(errors) == 1, errors
    return errors[0]


def join(supergraph: Supergraph, coordinate: str, subgraph: str) -> FieldJoin:
    type_name, field = coordinate.split(".")
    return supergraph.types[type_name].fields[field][subgraph]


def owners(supergraph: Supergraph, coordinate: str) -> list[str]:
    """Return the subgraphs that resolve a field."""
    type_name, field = coordinate.split(".")
    joins = supergraph.types[type_name].fields[field].items()
    return [name for name, each in joins if not each.external and not each.overridden]


def keys(supergraph: Supergraph, type_name: str, subgraph: str) -> list[tuple[str, bool]]:
    found = supergraph.types[type_name].joins[subgraph].keys
    return [(" ".join(print_ast(key.fields).split()), key.resolvable) for key in found]


def api_field(supergraph: Supergraph, coordinate: str) -> str:
    """Return a field of the API schema as GraphQL, without its description."""
    type_name, field = coordinate.split(".")
    found = supergraph.api_schema.type_map[type_name].fields[field]  # type: ignore[attr-defined]
    arguments = ", ".join(f"{name}: {argument.type}" for name, argument in getattr(found, "args", {}).items())
    return f"({arguments}): {found.type}" if arguments else f": {found.type}"
