"""Every limit: the largest that is allowed passes, one more is refused, and nothing is asked of a subgraph."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable
from typing import Any

import pytest
from graphql import OperationDefinitionNode, build_schema, parse

from gateway.composition.marks import marks_of
from gateway.http.costs import CostModel
from gateway.http.read_request import RESPONSE
from tests.gateway.http.conftest import Served, serving

CASES: dict[str, tuple[dict[str, int], Callable[[int], str], int]] = {
    "depth": ({"depth": 4}, lambda n: "{ places " + "{ inner " * (n - 1) + "{ id }" + " }" * (n - 1) + " }", 3),
    "tokens": ({"tokens": 40, "root_fields": 99}, lambda n: "{ " + "total " * (n - 2) + "}", 40),
    "aliases": ({"aliases": 5}, lambda n: "{ " + " ".join(f"a{i}: total" for i in range(n)) + " }", 5),
    "root_fields": (
        {"root_fields": 4, "aliases": 99},
        lambda n: "{ ...f } fragment f on Query { " + " ".join(f"a{i}: total" for i in range(n)) + " }",
        4,
    ),
    "directives": ({"directives": 3}, lambda n: "{ " + "total @include(if: true) " * n + "}", 3),
    "list_size": ({"list_size": 7}, lambda n: f"{{ some(first: {n}) {{ id }} }}", 7),
    "cost": ({"cost": 20}, lambda n: f"{{ some(first: {n}) {{ id }} }}", 20),
}


async def asked(served: Served, body: dict[str, Any]) -> tuple[int, Any]:
    async with served.client.post(f"{served.url}/graphql", json=body, headers={"accept": RESPONSE}) as response:
        return response.status, await response.json()


@pytest.mark.parametrize("name", CASES)
async def test_the_largest_allowed_passes_and_one_more_is_refused(name: str) -> None:
    settings, query, most = CASES[name]
    async with serving(**settings) as served:
        status, answer = await asked(served, {"query": query(most)})
        assert (status, answer.get("errors")) == (200, None), answer
        before = len(served.running.requests())
        status, answer = await asked(served, {"query": query(most + 1)})
        assert (status, answer["errors"][0]["extensions"]["code"]) == (413, "TOO_LARGE")
        assert len(served.running.requests()) == before


async def test_a_list_is_limited_by_the_variables_value_each_time() -> None:
    query = "query ($n: Int = 3) { some(first: $n) { id } }"
    async with serving(list_size=7) as served:
        for given, status in (({}, 200), ({"n": 7}, 200), ({"n": 8}, 413), ({"n": 7}, 200)):
            assert (await asked(served, {"query": query, "variables": given}))[0] == status


async def test_a_body_of_the_largest_size_passes_and_one_byte_more_is_refused() -> None:
    async with serving(body_bytes=1024) as served:
        for size, status in ((1024, 200), (1025, 413)):
            body = json.dumps({"query": "{ total }", "extensions": {}}).encode()
            body += b" " * (size - len(body))
            headers = {"content-type": "application/json"}
            async with served.client.post(f"{served.url}/graphql", data=body, headers=headers) as response:
                assert response.status == status


def chain(length: int) -> str:
    links = " ".join(f"fragment f{n} on Query {{ ...f{n + 1} }}" for n in range(length))
    return f"{{ ...f0 }} {links} fragment f{length} on Query {{ total }}"


HOSTILE = {
    "a chain of fragments": chain(600),
    "fields of one name": "{ " + "total " * 3000 + "}",
    "fragments that double": "{ ...f0 } "
    + " ".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(200))
    + " fragment f200 on Query { total }",
    "brackets": "{ places " * 2400,
    "a list of lists": 'query ($a: String = "x") { places { id } } # ' + "[" * 100_000,
    "arguments": "{ some(first: " + "[" * 3000 + "]" * 3000 + ") { id } }",
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_documents_are_refused_in_constant_memory(served: Served, name: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(20):
        status, answer = await asked(served, {"query": HOSTILE[name] + " " * number})
        assert status in {200, 400, 413}, answer
        if status != 200:
            assert answer["errors"][0]["extensions"]["code"] in {"TOO_LARGE", "BAD_REQUEST"}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024
    assert await served.ask("{ total }") == (200, {"data": {"total": 7}})


@pytest.mark.parametrize("variables", [b"[" * 200_000, b'{"a":' * 100_000, b'{"id":"' + b"x" * 900_000 + b'"}'])
async def test_huge_variables_are_refused_or_ignored(served: Served, variables: bytes) -> None:
    body = b'{"query":"{ total }","variables":' + variables + b"}"
    headers = {"content-type": "application/json"}
    async with served.client.post(f"{served.url}/graphql", data=body, headers=headers) as response:
        assert response.status in {200, 400, 413}
        answer = await response.json()
        assert "data" in answer or answer["errors"][0]["extensions"]["code"] in {"BAD_REQUEST", "TOO_LARGE"}


PRICED = """
        directive @cost(weight: Int!) on FIELD_DEFINITION | OBJECT | SCALAR
        directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!]) on FIELD_DEFINITION
        type Query {
          one: Thing
          many: [Thing!]! @listSize(assumedSize: 5)
          page(take: Int): Page @listSize(slicingArguments: ["take"], sizedFields: ["things"])
          connection(first: Int, last: Int): ThingConnection
          dear: Int @cost(weight: 9)
        }
        type Thing @cost(weight: 2) { id: ID! again: Thing others(first: Int): [Thing] }
        type Page { things: [Thing] other: [Thing] }
        type ThingConnection { nodes: [Thing!]! edges: [Edge] totalCount: Int }
        type Edge { node: Thing }
"""
COSTED = CostModel(build_schema(PRICED), marks_of(PRICED))


@pytest.mark.parametrize(
    ("query", "variables", "cost", "largest"),
    [
        ("{ one { id } }", {}, 2, 0),
        ("{ one { again { id } } }", {}, 4, 0),
        ("{ many { id } }", {}, 10, 0),
        ("{ many { others(first: 3) { id } } }", {}, 5 * (2 + 3 * 2), 3),
        ("{ page(take: 4) { things { id } } }", {}, 1 + 4 * 2, 4),
        ("{ page(take: 4) { other { id } } }", {}, 1 + 10 * 2, 4),
        ("{ page { things { id } } }", {}, 1 + 10 * 2, 0),
        ("query ($n: Int = 6) { connection(first: $n) { nodes { id } totalCount } }", {}, 1 + 6 * 2, 6),
        ("query ($n: Int = 6) { connection(first: $n) { edges { node { id } } } }", {"n": 2}, 1 + 2 * (1 + 2), 2),
        ("{ dear __typename __schema { types { name } } }", {}, 9, 0),
        ("{ ...a ...a } fragment a on Query { one { id } }", {}, 4, 0),
        ("{ connection(last: -5) { nodes { id } } }", {}, 1, 0),
    ],
)
def test_what_an_operation_may_cost(query: str, variables: dict[str, Any], cost: int, largest: int) -> None:
    document = parse(query)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    estimate = COSTED.estimate(document, operation, variables)
    assert (estimate.cost, estimate.largest_list) == (cost, largest)
