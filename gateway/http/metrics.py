"""What the gateway counts."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from prometheus_client import Counter, Histogram

from gateway.execution.client import HTTP_OK
from gateway.execution.errors import SubrequestError

if TYPE_CHECKING:
    from gateway.execution.pool import HttpAnswer

REQUESTS = Counter("linli_gateway_requests_total", "Requests answered", ["operation", "outcome"])
SECONDS = Histogram("linli_gateway_request_seconds", "Time to answer a request", ["operation"])
OPERATION_SECONDS = Histogram(
    "linli_gateway_operation_seconds", "Time to answer a request, by operation name", ["name"]
)
MOST_NAMES = 200
"""Clients choose the names of operations; those after so many are counted together as `other`."""
SUBGRAPH_REQUESTS = Counter("linli_gateway_subgraph_requests_total", "Requests to subgraphs", ["subgraph", "outcome"])
SUBGRAPH_SECONDS = Histogram("linli_gateway_subgraph_seconds", "Time a subgraph took to answer", ["subgraph"])


@lru_cache(maxsize=64)
def _request(operation: str, outcome: str) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(operation, outcome), SECONDS.labels(operation)


_names: dict[str, Histogram] = {}


def counted_by_name(name: str, seconds: float) -> None:
    """Time a request by its operation's name."""
    histogram = _names.get(name)
    if histogram is None and len(_names) < MOST_NAMES:
        histogram = _names[name] = OPERATION_SECONDS.labels(name)
    (histogram or OPERATION_SECONDS.labels("other")).observe(seconds)


@lru_cache(maxsize=1024)
def _subgraph_request(subgraph: str, outcome: str) -> tuple[Counter, Histogram]:
    return SUBGRAPH_REQUESTS.labels(subgraph, outcome), SUBGRAPH_SECONDS.labels(subgraph)


def counted(operation: str, outcome: str, seconds: float) -> None:
    """Count and time a request."""
    counter, histogram = _request(operation, outcome)
    counter.inc()
    histogram.observe(seconds)


def observe(subgraph: str, outcome: HttpAnswer | SubrequestError, seconds: float) -> None:
    """Count and time a request to a subgraph; the client calls it."""
    if isinstance(outcome, SubrequestError):
        told = outcome.code.lower()
    else:
        told = "ok" if outcome.status == HTTP_OK else "status"
    counter, histogram = _subgraph_request(subgraph, told)
    counter.inc()
    histogram.observe(seconds)
