"""What the gateway counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import Counter, Histogram

from gateway.execution.client import HTTP_OK
from gateway.execution.errors import SubrequestError

if TYPE_CHECKING:
    from gateway.execution.pool import HttpAnswer

REQUESTS = Counter("linli_gateway_requests_total", "Requests answered", ["operation", "outcome"])
SECONDS = Histogram("linli_gateway_request_seconds", "Time to answer a request", ["operation"])
SUBGRAPH_REQUESTS = Counter("linli_gateway_subgraph_requests_total", "Requests to subgraphs", ["subgraph", "outcome"])
SUBGRAPH_SECONDS = Histogram("linli_gateway_subgraph_seconds", "Time a subgraph took to answer", ["subgraph"])


def observe(subgraph: str, outcome: HttpAnswer | SubrequestError, seconds: float) -> None:
    """Count and time a request to a subgraph; the client calls it."""
    if isinstance(outcome, SubrequestError):
        told = outcome.code.lower()
    else:
        told = "ok" if outcome.status == HTTP_OK else "status"
    SUBGRAPH_REQUESTS.labels(subgraph, told).inc()
    SUBGRAPH_SECONDS.labels(subgraph).observe(seconds)
