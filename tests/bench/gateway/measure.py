"""The protocol: answers compared first; then interleaved rounds, one gateway at a time, the others stopped."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from tests.bench.gateway.data import BenchData
from tests.bench.gateway.gateways import GATEWAY_CORE, OTHER_CORE, Kind, Running, Subgraphs, on_core, start
from tests.bench.gateway.http_client import connect, get
from tests.bench.gateway.load import request_of, run_load

LOOP_STEPS = 1_000_000
WARM_SECONDS = 0.5
FIRST_WARM_SECONDS = 3.0
ANSWER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Options:
    """How it is measured."""

    rounds: int
    seconds: float
    connections: int
    queries: list[str]


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement of one gateway with one query."""

    gateway: str
    query: str
    round: int
    rate: float
    """Answers a second."""
    p50_ms: float
    p99_ms: float
    answers: int
    wrong: int
    subgraph_requests: float
    """Requests that reached the subgraphs for each answer."""
    gateway_cpu: float
    """Processor seconds a second, of the gateway's core."""
    subgraphs_cpu: float
    memory_mib: float
    loop_ms: float
    """How long a fixed loop took on the gateway's core just before."""


class Bench:
    """The gateways and subgraphs of one run. Use as an asynchronous context manager."""

    def __init__(self, data: BenchData, kinds: list[Kind], peers: Path | None, say: Callable[[str], None]) -> None:
        self._data = data
        self._kinds = kinds
        self._peers = peers
        self._say = say
        self._folder = tempfile.TemporaryDirectory(prefix="linli-bench-")
        self.running: list[Running] = []
        self.subgraphs: Subgraphs
        self.left_out: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        """Start everything, compare every gateway's answers, warm up. A gateway that fails is left out, with why."""
        os.sched_setaffinity(0, {OTHER_CORE})
        self.subgraphs = Subgraphs(self._data.name)
        folder = Path(self._folder.name)
        supergraph = folder / "supergraph.graphql"
        supergraph.write_text(self._data.addressed(self.subgraphs.urls), encoding="utf-8")
        try:
            for kind in self._kinds:
                if kind.name == "bare":
                    (folder / "bare.json").write_text(json.dumps(await self._script()), encoding="utf-8")
                await self._start(start(kind, folder, supergraph, self._peers))
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """End everything."""
        for running in self.running:
            running.end()
        self.subgraphs.end()
        self._folder.cleanup()

    async def _start(self, gateway: Running) -> None:
        self._say(f"starting {gateway.kind.title}")
        try:
            await gateway.ready()
            for name, query in self._data.queries.items():
                await self._compare(gateway, name, query)
                load = await run_load(gateway.url, query, self._data.expected[name], 20, FIRST_WARM_SECONDS)
                self._say(f"  {name}: right; {load.rate:.0f} a second while warming up")
        except (OSError, TimeoutError, RuntimeError, ValueError) as error:
            self.left_out[gateway.kind.name] = str(error)
            self._say(f"  left out: {error}")
            gateway.end()
        else:
            self.running.append(gateway)
            gateway.pause()

    async def _compare(self, gateway: Running, name: str, query: str) -> None:
        answer = await ask(gateway.url, query)
        if answer != self._data.expected[name]:
            raise ValueError(f"wrong answer to {name}: {json.dumps(answer)[:500]}")

    async def _script(self) -> dict[str, Any]:
        """Return, for each query, the subgraph requests that Linli makes for it."""
        linli = next((each for each in self.running if each.kind.name.startswith("linli")), None)
        if linli is None:
            raise RuntimeError("bare Python repeats what Linli asks of the subgraphs: measure Linli too")
        linli.resume()
        script = {}
        for name, query in self._data.queries.items():
            before = await self._count()
            await ask(linli.url, query)
            number = await self._count() - before
            latest: list[tuple[str, str]] = json.loads(await get(f"{self.subgraphs.told}/latest"))
            calls = [(self.subgraphs.urls[subgraph], body) for subgraph, body in latest[-number:]]
            script[query] = {
                "calls": calls,
                "answer": json.dumps(self._data.expected[name], separators=(",", ":"), ensure_ascii=False),
            }
        linli.pause()
        return script

    async def _count(self) -> int:
        return int(await get(f"{self.subgraphs.told}/count"))

    async def measure(self, options: Options) -> list[Sample]:
        """Measure every gateway with every query, round by round."""
        samples = []
        for number in range(options.rounds):
            for query in options.queries:
                # Every other round goes backwards, so that none is always after the same one.
                for gateway in self.running if number % 2 == 0 else reversed(self.running):
                    samples.append(await self._sample(gateway, query, number, options))
                    self._say(describe(samples[-1]))
        return samples

    async def _sample(self, gateway: Running, name: str, number: int, options: Options) -> Sample:
        loop_ms = fixed_loop_ms()
        query, expected = self._data.queries[name], self._data.expected[name]
        gateway.resume()
        try:
            await run_load(gateway.url, query, expected, options.connections, WARM_SECONDS)
            asked, used, below = await self._count(), gateway.cpu_seconds(), self.subgraphs.cpu_seconds()
            load = await run_load(gateway.url, query, expected, options.connections, options.seconds)
            used, below = gateway.cpu_seconds() - used, self.subgraphs.cpu_seconds() - below
            asked = await self._count() - asked
            memory = gateway.memory_mib()
        finally:
            gateway.pause()
        return Sample(
            gateway=gateway.kind.name,
            query=name,
            round=number,
            rate=load.rate,
            p50_ms=load.percentile(0.5),
            p99_ms=load.percentile(0.99),
            answers=len(load.latencies),
            wrong=load.wrong,
            subgraph_requests=asked / max(1, len(load.latencies)),
            gateway_cpu=used / load.seconds,
            subgraphs_cpu=below / load.seconds,
            memory_mib=memory,
            loop_ms=loop_ms,
        )


async def ask(url: str, query: str) -> Any:
    """Return the answer to a query. Raises OSError, TimeoutError or ValueError when there is none."""
    connection = await connect(url)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return json.loads(await connection.send(request_of(url, query)))
    finally:
        connection.close()


def fixed_loop_ms() -> float:
    """Time a fixed loop on the gateways' core: what it takes shows whether the machine changes meanwhile."""
    with on_core(GATEWAY_CORE):
        started = time.perf_counter()
        total = 0
        for step in range(LOOP_STEPS):
            total += step & 7
        return 1000 * (time.perf_counter() - started)


def describe(sample: Sample) -> str:
    """Return a sample in a line."""
    told = asdict(sample)
    return (
        "{round}: {gateway} {query}: {rate:.0f}/s, p50 {p50_ms:.1f} ms, p99 {p99_ms:.1f} ms, {subgraph_requests:.2f} "
        "subgraph requests, gateway core {gateway_cpu:.2f}, subgraphs {subgraphs_cpu:.2f}, loop {loop_ms:.0f} ms"
    ).format(**told) + (f", {sample.wrong} WRONG" if sample.wrong else "")
