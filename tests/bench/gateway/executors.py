"""`python -m tests.bench.gateway.executors`: what answering costs in the process, by each way of holding answers.

The benchmark's queries are answered once over HTTP and the subgraphs' answers kept; then each way answers from those,
by turns, so that neither subgraphs nor sockets are measured. Beside them stands what decoding and encoding the
subgraphs' answers cost alone. Microseconds of processor time, the median of the rounds; answers are compared first.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import msgspec
import uvloop
from graphql import parse
from rich.console import Console
from rich.table import Table

from gateway.composition.supergraph_sdl import read_supergraph
from gateway.execution.client import HttpSubgraphClient, SubgraphAnswer, SubgraphRequest, read_answer
from gateway.execution.engine import Engine
from gateway.execution.execute import execute
from gateway.execution.pool import HttpAnswer
from gateway.planning.cache import PlanCache
from gateway.planning.plan import Plan
from gateway.planning.planner import Planner
from tests.bench.gateway.data import choose
from tests.bench.gateway.gateways import Subgraphs

INTERPRETED, TYPED = "whole answer: plain dicts, interpreted", "whole answer: typed structs, compiled"
DICTS, STRUCTS, RAW, ENVELOPE = (
    f"subgraphs' answers alone: {way}"
    for way in ("dicts", "structs with typed leaves", "structs with leaves as JSON text", "envelope, data as JSON text")
)


class Envelope(msgspec.Struct):
    """The least that has to be known of a subgraph's answer."""

    data: msgspec.Raw
    errors: msgspec.Raw | None = None


class Kept:
    """Answers what was answered before, at once."""

    def __init__(self, client: HttpSubgraphClient) -> None:
        self._client = client
        self.answers: dict[tuple[str, bytes], bytes] = {}

    async def fetch(self, subgraph: str, request: SubgraphRequest, _headers: object) -> SubgraphAnswer:
        """Answer as a subgraph client does."""
        body = request.body()
        if (subgraph, body) not in self.answers:
            self.answers[subgraph, body] = await self._asked(subgraph, body)
        return read_answer(200, self.answers[subgraph, body])

    def send(
        self, subgraph: str, _head: bytes, body: bytes, done: Callable[[Any], None], *, is_mutation: bool = False
    ) -> None:
        """Answer as a subgraph client does."""
        assert not is_mutation
        if (subgraph, body) in self.answers:
            content = self.answers[subgraph, body]
            asyncio.get_running_loop().call_soon(lambda: done(HttpAnswer(200, content)))
            return

        def keep(answer: Any) -> None:
            self.answers[subgraph, body] = answer.content
            done(answer)

        self._client.send(subgraph, b"", body, keep)

    async def _asked(self, subgraph: str, body: bytes) -> bytes:
        answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._client.send(subgraph, b"", body, answered.set_result)
        content: bytes = (await answered).content
        return content


def type_of(value: Any, leaf: Callable[[Any], Any]) -> Any:
    """Return a type that a JSON value fits: objects as structs, leaves as told."""
    if isinstance(value, list):
        return list[type_of(value[0], leaf) if value else Any]  # type: ignore[misc]
    if not isinstance(value, dict):
        return leaf(value)
    fields = [(f"f{number}", type_of(each, leaf), None) for number, each in enumerate(value.values())]
    names = {f"f{number}": key for number, key in enumerate(value)}
    return msgspec.defstruct("Object", fields, rename=names, gc=False)


def typed_leaf(value: Any) -> Any:
    """Return the type of a leaf that may be null."""
    return type(value) | None


def raw_leaf(_value: Any) -> Any:
    """Leave a leaf as JSON text."""
    return msgspec.Raw


async def measured(way: Callable[[], Any], times: int) -> float:
    """Return the microseconds of processor time of one answer."""
    started = time.process_time()
    for _ in range(times):
        await way()
    return (time.process_time() - started) / times * 1e6


async def costs(plan: Plan, client: HttpSubgraphClient, expected: Any, rounds: int) -> dict[str, float]:
    """Return the cost of each way, the median of the rounds."""
    kept = Kept(client)
    engine = Engine(cast("HttpSubgraphClient", kept), share=False, compile_at=1)

    async def interpreted() -> bytes:
        result = await execute(plan, variables={}, client=kept, headers={})
        return msgspec.json.encode(result.formatted())

    async def compiled() -> bytes:
        return (await engine.answer(plan, {}, {})).body

    ways: dict[str, Callable[[], Any]] = {INTERPRETED: interpreted, TYPED: compiled}
    for name, way in ways.items():
        assert msgspec.json.decode(await way()) == expected, name
    kept.answers.clear()
    await compiled()
    contents = list(kept.answers.values())

    async def coded(decoders: list[msgspec.json.Decoder[Any]]) -> None:
        for decoder, content in zip(decoders, contents, strict=True):
            msgspec.json.encode(decoder.decode(content))

    def decoders(kind: Callable[[bytes], Any]) -> list[msgspec.json.Decoder[Any]]:
        return [msgspec.json.Decoder(kind(content)) for content in contents]

    ways[DICTS] = partial(coded, decoders(lambda _: Any))
    ways[STRUCTS] = partial(coded, decoders(lambda content: type_of(msgspec.json.decode(content), typed_leaf)))
    ways[RAW] = partial(coded, decoders(lambda content: type_of(msgspec.json.decode(content), raw_leaf)))
    ways[ENVELOPE] = partial(coded, decoders(lambda _: Envelope))
    await interpreted()
    times = {name: max(3, int(100_000 / await measured(way, 3))) for name, way in ways.items()}
    samples: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            samples[name].append(await measured(way, times[name]))
    return {name: statistics.median(each) for name, each in samples.items()}


async def main() -> None:
    """Measure both queries and show a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.gateway.executors", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = max(1, min(100, parser.parse_args().rounds))
    data = choose(None)
    subgraphs = Subgraphs(data.name)
    found = {}
    try:
        supergraph = read_supergraph(data.addressed(subgraphs.urls))
        client = HttpSubgraphClient({each.name: each.url for each in supergraph.subgraphs.values()})
        for name, text in data.queries.items():
            plan = PlanCache(Planner(supergraph)).get(text, parse(text), None, {})
            found[name] = await costs(plan, client, data.expected[name], rounds)
        await client.close()
    finally:
        subgraphs.end()
    table = Table(title=f"microseconds of an answer ({data.name} data), and as a multiple of the typed one")
    table.add_column("")
    for name in found:
        table.add_column(name, justify="right")
        table.add_column("", justify="right")
    for way in next(iter(found.values())):
        cells = [(f"{each[way]:.0f}", f"{each[way] / each[TYPED]:.2f}") for each in found.values()]
        table.add_row(way, *(cell for pair in cells for cell in pair))
    Console(width=None if sys.stdout.isatty() else 120).print(table)


if __name__ == "__main__":
    uvloop.run(main())
