"""Bring a new supergraph into service without dropping a request, or leave it and say why.

A request takes the graph in service when it begins and keeps it, so replacing the graph touches no request that runs;
the connections to subgraphs are shared by all graphs.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog
from prometheus_client import Counter, Gauge

from gateway.supply.changes import breaking, changes_between
from gateway.supply.sources import Unavailable, Unusable, write_out

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gateway.composition.supergraph import Supergraph
    from gateway.http.graph import Graph
    from gateway.supply.serving import Serving
    from gateway.supply.sources import Source

_log = structlog.get_logger(__name__)
RELOADS = Counter("linli_gateway_reloads_total", "Supergraphs offered, by what became of them", ["outcome"])
REFUSED = Gauge("linli_gateway_supergraph_refused", "1 while what is offered is not what is served")


@dataclass
class Status:
    """What is served, and why not what is offered."""

    digest: str
    """SHA-256 of the supergraph SDL in service, hexadecimal."""
    since: str
    """When it came into service (RFC 3339)."""
    checked: str | None = None
    """When the sources were last looked at."""
    refused: str | None = None
    """Why what is offered now is not served: one fault a line."""
    unavailable: str | None = None
    """What could not be asked the last time."""

    def told(self) -> dict[str, str | None]:
        """Return it as JSON data."""
        return asdict(self)


@dataclass
class Reloader:
    """Looks at a source every `seconds` (never by itself with 0), and when nudged."""

    serving: Serving
    source: Source
    graph_of: Callable[[Supergraph], Graph]
    seconds: float
    accept_breaking: bool = False
    out: Path | None = None
    """Where the supergraph in service is written."""

    def __post_init__(self) -> None:
        self.status = Status(_digest(self.serving.graph.supergraph), _now())
        self._seen: str | None = None
        self._nudged = asyncio.Event()

    def nudge(self) -> None:
        """Look now."""
        self._nudged.set()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                async with asyncio.timeout(self.seconds or None):
                    await self._nudged.wait()
            except TimeoutError:
                pass
            self._nudged.clear()
            try:
                await self.look()
            except Exception:  # noqa: BLE001 (the graph in service goes on; the next look may do)
                _log.exception("looking for a new supergraph failed")

    async def look(self) -> bool:
        """Look once; return whether a new graph came into service."""
        self.status.checked = _now()
        try:
            offer, make = await self.source.offered()
        except Unavailable as error:
            # Who is away has not changed anything.
            self.status.unavailable = str(error)
            RELOADS.labels("unavailable").inc()
            return False
        self.status.unavailable = None
        if offer == self._seen:
            return False
        try:
            # Composing takes a second of processor time; requests go on meanwhile.
            graph = await asyncio.to_thread(self._made, make)
        except Unusable as error:
            self._seen = offer
            self._refuse("unusable", str(error))
            return False
        self._seen = offer
        if graph is None:
            self._accept("unchanged")
            return False
        self.serving.replace(graph)
        self.status.digest, self.status.since = _digest(graph.supergraph), _now()
        self._accept("replaced")
        if self.out is not None:
            try:
                write_out(graph.supergraph, self.out)
            except OSError as error:
                _log.error("the supergraph in service could not be written out", reason=str(error))
        _log.info("a new supergraph is in service", digest=self.status.digest)
        return True

    def _made(self, make: Callable[[], Supergraph]) -> Graph | None:
        """Return the graph of a supergraph that may be served, None when it is the one in service."""
        supergraph = make()
        served = self.serving.graph.supergraph
        if supergraph.sdl == served.sdl:
            return None
        broken = breaking(changes_between(served, supergraph))
        if broken and not self.accept_breaking:
            raise Unusable("\n".join(str(each) for each in broken))
        return self.graph_of(supergraph)

    def _accept(self, outcome: str) -> None:
        self.status.refused = None
        REFUSED.set(0)
        RELOADS.labels(outcome).inc()

    def _refuse(self, outcome: str, why: str) -> None:
        self.status.refused = why
        REFUSED.set(1)
        RELOADS.labels(outcome).inc()
        _log.error("the supergraph that is offered is refused; the one in service stays", reasons=why.split("\n"))


def _digest(supergraph: Supergraph) -> str:
    return hashlib.sha256(supergraph.sdl.encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
