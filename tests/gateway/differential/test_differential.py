"""Compare the gateway with graphql-core: the same rows, whole and cut into subgraphs, random operations.

`python -m tests.gateway.differential` is the long form.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from tests.gateway.differential.compare import EXECUTORS, differences, interpretive

if TYPE_CHECKING:
    from gateway.planning.plan import Plan

FIRST = int(os.environ.get("LINLI_DIFFERENTIAL_FIRST", "0"))
OVER_HTTP, GRAPHS, OPERATIONS = 3, 20, 60
FOUND = {100012: 148, 100037: 93}
"""Graphs whose operations were answered otherwise once, and how many of them to ask."""


@pytest.mark.parametrize("seed", range(FIRST, FIRST + GRAPHS))
async def test_a_cut_graph_answers_like_the_whole_one(seed: int) -> None:
    with capture_logs() as logged:
        compared, found = await differences(seed, OPERATIONS, over_http=seed < FIRST + OVER_HTTP)
    assert found == []
    assert compared > OPERATIONS // 20
    assert [each for each in logged if each["event"] == "a compiled plan failed"] == []


@pytest.mark.parametrize("seed", FOUND)
async def test_what_once_differed_does_not_differ_again(seed: int) -> None:
    assert (await differences(seed, FOUND[seed], over_http=False))[1] == []


async def test_a_wrong_executor_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def forgetful(plan: Plan, variables: object, client: object) -> dict[str, object]:
        answer = await interpretive(plan, variables, client)  # type: ignore[arg-type]
        return {"data": dict.fromkeys(answer["data"] or {})}

    monkeypatch.setitem(EXECUTORS, "forgetful", forgetful)
    _, found = await differences(0, 10, over_http=False)
    assert found
    assert all(each.startswith("forgetful, seed 0, operation ") for each in found)


def test_the_long_form_tells_how_many_operations_were_the_same() -> None:
    command = [sys.executable, "-m", "tests.gateway.differential", "--operations", "60", "--seed", "5"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert "nothing differs" in done.stdout
