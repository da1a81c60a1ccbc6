"""A supergraph that Linli writes loads in the Node gateways, which answer from it as Linli does.

For development machines with Node. The gateways are installed once, in the user's cache, by this test or by `make
bench`; CI takes them when they are there already.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest
import pytest_asyncio
from graphql import FieldDefinitionNode, TypeDefinitionNode, Visitor, parse, print_ast, visit

from gateway.composition.compose import compose
from gateway.composition.subgraph import SubgraphSource
from gateway.composition.supergraph_sdl import read_supergraph
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
HIVES_OWN_FAULTS = {"linli", "requires-with-fragments"}
"""Where Hive Gateway 2.15.1 differs from the expected answers, whoever composed: it does not ask a subgraph with an
interface object when the field is selected on a type that implements the interface, and leaves out what `@requires`
names in fragments."""
NODE_SECONDS = 100

pytestmark = pytest.mark.timeout(900)


@dataclass
class Graph:
    """Subgraphs, what is asked of them, and, when they run, the supergraphs made of them by Linli and Apollo."""

    name: str
    subgraphs: list[FixtureSubgraph]
    requests: list[dict[str, Any]]
    sources: list[SubgraphSource] = field(default_factory=list)
    client: Any = None
    running: Any = None
    ours: str = ""
    apollos: str = ""


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


async def answered_by_node(folder: Path, graphs: list[Graph], supergraphs: list[str], script: str) -> list[Any]:
    """Return what a gateway answers to each graph's requests from a supergraph of it, or why it does not load."""
    asked = [{"supergraph": sdl, "requests": graph.requests} for graph, sdl in zip(graphs, supergraphs, strict=True)]
    return [told.get("answers", told) for told in await run_by_node(folder, script, asked)]


async def run_by_node(folder: Path, script: str, asked: Any) -> list[dict[str, Any]]:
    with NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(asked, file)
        file.flush()
        process = await asyncio.create_subprocess_exec(
            "node",
            str(folder / script),
            file.name,
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


@pytest_asyncio.fixture(scope="module")
async def asked(folder: Path) -> AsyncIterator[list[Graph]]:
    """Graphs whose subgraphs run, with the supergraphs that Linli and Apollo compose, and Linli's answers from both."""
    found = graphs()
    async with AsyncExitStack() as stack:
        for graph in found:
            running = await stack.enter_async_context(serve(graph.subgraphs))
            graph.sources = [SubgraphSource(each.name, running.urls[each.name], each.sdl) for each in graph.subgraphs]
            client = HttpSubgraphClient(running.urls)
            stack.push_async_callback(client.close)
            graph.client, graph.running = client, running
        sources = [[{"name": s.name, "url": s.url, "sdl": s.sdl} for s in graph.sources] for graph in found]
        for graph, told in zip(found, await run_by_node(folder, "compose-apollo.mjs", sources), strict=True):
            graph.ours, graph.apollos = compose(graph.sources).sdl, told["supergraph"]
        yield found


async def answered_by_linli(graph: Graph, sdl: str) -> list[dict[str, Any]]:
    supergraph = read_supergraph(sdl)
    gateway = Gateway(supergraph, PlanCache(Planner(supergraph)), graph.client, graph.running)
    return [await answer(gateway, request["query"], request.get("variables")) for request in graph.requests]


def what_matters(answers: Any) -> Any:
    """Return the data and whether there are errors, whose wording is each gateway's own."""
    if not isinstance(answers, list):
        return answers
    return [(each.get("data"), bool(each.get("errors"))) for each in answers]


async def test_linli_answers_from_apollos_supergraph_as_from_its_own(asked: list[Graph]) -> None:
    for graph in asked:
        ours = what_matters(await answered_by_linli(graph, graph.ours))
        assert what_matters(await answered_by_linli(graph, graph.apollos)) == ours, graph.name


async def test_apollo_gateway_answers_from_linlis_supergraph_as_linli_does(folder: Path, asked: list[Graph]) -> None:
    answers = await answered_by_node(folder, asked, [graph.ours for graph in asked], "answer-apollo.mjs")
    for graph, theirs in zip(asked, answers, strict=True):
        ours = await answered_by_linli(graph, graph.ours)
        assert what_matters(theirs) == what_matters(ours), graph.name


async def test_hive_gateway_answers_as_linli_does_or_as_it_does_from_apollos_supergraph(
    folder: Path, asked: list[Graph]
) -> None:
    """What it answers wrongly it answers as wrongly when Apollo composed: no fault of the supergraph."""
    from_ours = await answered_by_node(folder, asked, [graph.ours for graph in asked], "answer-hive.mjs")
    from_apollos = await answered_by_node(folder, asked, [graph.apollos for graph in asked], "answer-hive.mjs")
    for graph, ours, apollos in zip(asked, from_ours, from_apollos, strict=True):
        assert isinstance(ours, list), (graph.name, ours)
        if graph.name not in HIVES_OWN_FAULTS:
            assert what_matters(ours) == what_matters(await answered_by_linli(graph, graph.ours)), graph.name
        assert what_matters(ours) == what_matters(apollos), graph.name
