"""Play the federation cases: plan and execute each against real servers built from the subgraphs' own SDL."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.composition.supergraph_sdl import read_supergraph
from tests.gateway.conformance import suite_abstract, suite_entities, suite_types
from tests.gateway.gateway_kit import answer, gateway_over
from tests.gateway.subgraph_kit import FixtureSubgraph

CASES = Path(__file__).parents[4] / "shared" / "federation-cases"
SUITES = {**suite_abstract.SUITES, **suite_entities.SUITES, **suite_types.SUITES}
FOLDERS = sorted(path.parent.name for path in CASES.glob("*/tests.json"))
ALL = [
    pytest.param(folder, case, id=f"{folder}-{number}")
    for folder in FOLDERS
    for number, case in enumerate(json.loads((CASES / folder / "tests.json").read_text()))
]

pytestmark = pytest.mark.skipif(not ALL, reason="the federation cases are not beside this checkout")

pytestmark = pytest.mark.usefixtures("each_executor")


def test_every_suite_of_cases_has_its_fixture_subgraphs() -> None:
    assert set(FOLDERS) == set(SUITES)


@pytest.mark.parametrize(("folder", "case"), ALL)
async def test_a_case_is_answered_to_the_letter(folder: str, case: dict[str, Any]) -> None:
    resolvers = SUITES[folder]()
    described = json.loads((CASES / folder / "subgraphs.json").read_text())
    subgraphs = [FixtureSubgraph(each["name"], each["sdl"], resolvers[each["name"]]) for each in described]
    supergraph = read_supergraph((CASES / folder / "supergraph.graphql").read_text())
    async with gateway_over(supergraph, subgraphs) as gateway:
        result = await answer(gateway, case["query"], case.get("variables"))
    expected = case["expected"]
    assert result["data"] == expected["data"], result
    assert bool(result.get("errors")) is bool(expected.get("errors")), result
