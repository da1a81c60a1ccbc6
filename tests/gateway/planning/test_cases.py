"""Play the project's own cases: compose, plan and execute each against real HTTP servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.gateway.gateway_kit import answer, gateway_over
from tests.gateway.planning import cases_entities, cases_types
from tests.gateway.planning.cases_types import COUNTER

if TYPE_CHECKING:
    from tests.gateway.planning.case import Case

CASES = {**cases_entities.CASES, **cases_types.CASES}

pytestmark = pytest.mark.usefixtures("each_executor")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_a_case_is_answered(case: Case) -> None:
    COUNTER.clear()
    async with gateway_over(case.supergraph(), case.fixtures()) as gateway:
        for ask in case.asks:
            result = await answer(gateway, ask.query, ask.variables)
            assert result == {"data": ask.data}, ask.query
            if ask.subgraphs is not None:
                planned = [fetch.subgraph for fetch in gateway.plan(ask.query, ask.variables).fetches]
                assert sorted(planned) == sorted(ask.subgraphs), ask.query
