"""Compare the gateway with graphql-core: the same rows, whole and cut into subgraphs, random operations.

`python -m tests.gateway.differential` is the long form.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from tests.gateway.differential.compare import EXECUTORS, Comparison, differences, interpretive

if TYPE_CHECKING:
    from gateway.planning.plan import Plan

FIRST = int(os.environ.get("LINLI_DIFFERENTIAL_FIRST", "0"))
OVER_HTTP, GRAPHS, OPERATIONS = 3, 20, 40
FOUND: list[tuple[int, str, dict[str, Any]]] = [
    (
        100012,
        """query($no: Boolean! = false, $yes: Boolean!) {
          s0q1 { ... { f2 f3 id f3 } f2 }
          s1q1 { id f2 id @include(if: $no) ... on E2 {
            id ...F0 r0 a: f0 @skip(if: $yes) ... on E2 { f0 @skip(if: $yes) f1 kind: __typename __typename }
          } id }
        }
        fragment F0 on I0 { f2 }""",
        {"yes": True, "no": False},
    ),
    (
        100037,
        """query($yes: Boolean!) {
          q0 { __typename id code o0 { r0 xI01 id f0: xI10 } }
          q0 { __typename f4 @skip(if: $yes) xI10 xI10 xI10 }
        }""",
        {"yes": True},
    ),
    (
        1000290,
        """query($no: Boolean! = false) {
          s2q1 { ... on E0 { f0 } ... on E1 { f2 r1 } ... on E0 { f1(n: 1) @skip(if: $no) ...F0 id } }
        }
        fragment F0 on E0 { x5: f2(n: 2) x6: f2(n: 1) code @skip(if: $no) }""",
        {},
    ),
]
"""What was answered otherwise once, with the seed of the graph."""


@pytest.mark.parametrize("seed", range(FIRST, FIRST + GRAPHS))
async def test_a_cut_graph_answers_like_the_whole_one(seed: int) -> None:
    with capture_logs() as logged:
        assert await differences(seed, OPERATIONS, over_http=seed < FIRST + OVER_HTTP) == []
    assert [each for each in logged if each["event"] == "a compiled plan failed"] == []


@pytest.mark.parametrize(("seed", "text", "variables"), FOUND)
async def test_what_once_differed_does_not_differ_again(seed: int, text: str, variables: dict[str, Any]) -> None:
    async with Comparison.over(seed) as comparison:
        assert await comparison.differing(text, variables) == []


async def test_a_wrong_executor_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def forgetful(plan: Plan, variables: object, client: object) -> dict[str, object]:
        answer = await interpretive(plan, variables, client)  # type: ignore[arg-type]
        return {"data": dict.fromkeys(answer["data"] or {})}

    monkeypatch.setitem(EXECUTORS, "forgetful", forgetful)
    found = await differences(0, 10)
    assert found
    assert all(each.startswith("forgetful, seed 0, operation ") for each in found)


def test_the_long_form_tells_how_many_operations_were_the_same() -> None:
    command = [sys.executable, "-m", "tests.gateway.differential", "--operations", "60", "--seed", "5"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert "nothing differs" in done.stdout
