"""Compose the subgraphs of each federation case and compare with the supergraph that comes with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from graphql import lexicographic_sort_schema, print_ast, print_schema

from gateway.composition.compose import SubgraphSource, compose
from gateway.composition.supergraph import Supergraph
from gateway.composition.supergraph_sdl import read_supergraph

CASES = Path(__file__).parents[4] / "shared" / "federation-cases"
FOLDERS = sorted(path.parent for path in CASES.glob("*/supergraph.graphql"))


def _joins(supergraph: Supergraph) -> dict[str, object]:
    """Return everything the joins say, comparable whatever the order it was written in."""
    found: dict[str, object] = {}
    for type_ in supergraph.types.values():
        for name, join in type_.joins.items():
            keys = sorted((" ".join(print_ast(key.fields).split()), key.resolvable) for key in join.keys)
            found[f"{type_.name} in {name}"] = (keys, join.is_interface_object, join.implements, join.members)
        for field, joins in type_.fields.items():
            found[f"{type_.name}.{field}"] = dict(joins)
    return found


@pytest.mark.skipif(not FOLDERS, reason="the federation cases are not beside this checkout")
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_composes_to_its_supergraph(folder: Path) -> None:
    described = json.loads((folder / "subgraphs.json").read_text())
    expected = read_supergraph((folder / "supergraph.graphql").read_text())
    found = compose([SubgraphSource(each["name"], each.get("url", ""), each["sdl"]) for each in described])
    assert _joins(found) == _joins(expected)
    for schema in ("schema", "api_schema"):
        printed = [print_schema(lexicographic_sort_schema(getattr(each, schema))) for each in (found, expected)]
        assert printed[0] == printed[1]
