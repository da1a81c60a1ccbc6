"""What the gateway counts."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client import Counter, Histogram

from gateway.execution.errors import SubrequestError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.execution.client import SubgraphAnswer, SubgraphClient, SubgraphRequest

REQUESTS = Counter("linli_gateway_requests_total", "Requests answered", ["operation", "outcome"])
SECONDS = Histogram("linli_gateway_request_seconds", "Time to answer a request", ["operation"])
SUBGRAPH_REQUESTS = Counter("linli_gateway_subgraph_requests_total", "Requests to subgraphs", ["subgraph", "outcome"])
SUBGRAPH_SECONDS = Histogram("linli_gateway_subgraph_seconds", "Time a subgraph took to answer", ["subgraph"])


@dataclass(frozen=True)
class CountingClient:
    """A subgraph client that counts and times what another one sends."""

    client: SubgraphClient

    async def fetch(self, subgraph: str, request: SubgraphRequest, headers: Mapping[str, str]) -> SubgraphAnswer:
        """Return the subgraph's answer; raise a `SubrequestError` when there is none."""
        started = time.perf_counter()
        outcome = "cancelled"
        try:
            answer = await self.client.fetch(subgraph, request, headers)
            outcome = "errors" if answer.errors else "ok"
        except SubrequestError as error:
            outcome = error.code.lower()
            raise
        else:
            return answer
        finally:
            SUBGRAPH_REQUESTS.labels(subgraph, outcome).inc()
            SUBGRAPH_SECONDS.labels(subgraph).observe(time.perf_counter() - started)
