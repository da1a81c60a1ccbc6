"""A supergraph that Linli writes loads in the Node gateways, which answer from it as Linli does.

For development machines with Node. The gateways are installed once, in the user's cache, by this test or by `make
bench`; CI takes them when they are there already.
"""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from graphql import FieldDefinitionNode, TypeDefinitionNode, Visitor, parse, print_ast, visit

from gateway.composition.compose import compose
from gateway.composition.subgraph import SubgraphSource
from gateway.execution.client import HttpSubgraphClient
from gateway.planning.cache import PlanCache
from gateway.planning.planner import Planner
from tests.bench.gateway import data, peers
from tests.gateway.compatibility.made_up import MadeUpSubgraph
from tests.gateway.conformance import suite_abstract, suite_entities, suite_types
from tests.gateway.gateway_kit import Gateway, answer
from tests.gateway.subgraph_kit import FixtureSubgraph, serve

ROOT = Path(__file__).parents[3]
CASES = ROOT.parent / "shared" / "federation-cases"
SUITES = {**suite_abstract.SUITES, **suite_entities.SUITES, **suite_types.SUITES}
TAKEN = (
    "abstract-types",
    "fed1-external-extends",
    "simple-requires-provides",
    "requires-with-fragments",
    "simple-interface-object",
)
NODE_SECONDS = 100

pytestmark = pytest.mark.timeout(900)


@dataclass
class Graph:
    """Subgraphs, what is asked of them, and then the supergraph and Linli's answers."""

    name: str
    subgraphs: list[FixtureSubgraph]
    requests: list[dict[str, Any]]
    sdl: str = ""
    answers: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture(scope="module")
def folder() -> Path:
    if os.environ.get("CI") and not (peers.cache_folder() / ".complete").exists():
        pytest.skip("CI installs no Node gateways, and none are in the cache")
    try:
        return peers.installed()
    except peers.NoPeersError as reason:
        pytest.skip(f"no Node gateways: {reason}")


def graphs() -> list[Graph]:
    own = data.own()
    found = [Graph("benchmark", own.subgraphs, [{"query": query} for query in own.queries.values()]), linli()]
    for name in TAKEN if CASES.is_dir() else ():
        resolvers = SUITES[name]()
        described = json.loads((CASES / name / "subgraphs.json").read_text())
        subgraphs = [FixtureSubgraph(each["name"], each["sdl"], resolvers[each["name"]]) for each in described]
        cases = json.loads((CASES / name / "tests.json").read_text())
        queries = [{"query": case["query"], "variables": case.get("variables") or {}} for case in cases]
        found.append(Graph(name, subgraphs, [each for each in queries if "mutation" not in each["query"]]))
    return found


def linli() -> Graph:
    names = ("org", "tickets")
    sdls = {
        name: without_machinery((ROOT / "services" / name / "contract" / "schema.graphql").read_text())
        for name in names
    }
    documents = sorted((ROOT / "deploy" / "practices").glob("*.graphql"))
    requests = [{"query": document.read_text()} for document in documents]
    return Graph("linli", [MadeUpSubgraph(name, sdls[name], {}) for name in names], requests)


def without_machinery(sdl: str) -> str:
    """Leave out what a subgraph prints of federation's own, which the fixture adds itself."""

    class _Leave(Visitor):
        def enter(self, node: Any, *_: object) -> Any:
            name = getattr(getattr(node, "name", None), "value", "")
            is_own = isinstance(node, TypeDefinitionNode | FieldDefinitionNode)
            return self.REMOVE if is_own and name in {"_Any", "_Service", "_Entity", "_service", "_entities"} else None

    return print_ast(visit(parse(sdl), _Leave()))


async def answered_by_node(folder: Path, script: str, graphs: list[Graph], asked: Path) -> list[dict[str, Any]]:
    asked.write_text(json.dumps([{"supergraph": graph.sdl, "requests": graph.requests} for graph in graphs]))
    process = await asyncio.create_subprocess_exec(
        "node",
        str(folder / script),
        str(asked),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "NODE_ENV": "production"},
    )
    try:
        async with asyncio.timeout(NODE_SECONDS):
            output, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, errors.decode()[-3000:]
    answers: list[dict[str, Any]] = json.loads(output[output.index(b"[{") :])
    return answers


@pytest.mark.parametrize("script", ["answer-apollo.mjs", "answer-hive.mjs"])
async def test_a_node_gateway_answers_from_linlis_supergraphs_as_linli_does(
    folder: Path, script: str, tmp_path: Path
) -> None:
    asked = graphs()
    async with AsyncExitStack() as stack:
        for graph in asked:
            running = await stack.enter_async_context(serve(graph.subgraphs))
            supergraph = compose(
                [SubgraphSource(each.name, running.urls[each.name], each.sdl) for each in graph.subgraphs]
            )
            client = HttpSubgraphClient(running.urls)
            stack.push_async_callback(client.close)
            gateway = Gateway(supergraph, PlanCache(Planner(supergraph)), client, running)
            graph.sdl = supergraph.sdl
            for request in graph.requests:
                graph.answers.append(await answer(gateway, request["query"], request.get("variables")))
        told = await answered_by_node(folder, script, asked, tmp_path / "asked.json")
    differing = []
    for graph, node in zip(asked, told, strict=True):
        assert "refused" not in node, (graph.name, node)
        for request, ours, theirs in zip(graph.requests, graph.answers, node["answers"], strict=True):
            if ours["data"] != theirs.get("data") or bool(ours.get("errors")) != bool(theirs.get("errors")):
                differing.append((graph.name, request, ours, theirs))
    assert not differing, json.dumps(differing[:3])[:4000]
