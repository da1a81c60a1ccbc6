"""The subgraph client: GraphQL requests over HTTP to the subgraphs of one supergraph.

Its limits protect the gateway from a subgraph: time, connections, size of an answer, and calls to one that is away. A
query is tried once more when its connection broke before an answer began; a mutation only when it was not sent at
all, because the subgraph may have done it.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from gateway.execution.errors import SubrequestError, SubrequestHttpError, SubrequestMalformedError
from gateway.execution.pool import Call, ClientLimits, HttpAnswer, Pool

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["FORWARDED", "ClientLimits", "HttpSubgraphClient", "SubgraphAnswer", "SubgraphClient", "SubgraphRequest"]

_HEADERS = (
    b"content-type: application/json\r\n"
    b"accept: application/graphql-response+json, application/json;q=0.9\r\n"
    b"accept-encoding: identity\r\n"
)
FORWARDED = frozenset({"authorization", "accept-language", "traceparent", "tracestate", "x-request-id"})
"""Headers of the client's request that subgraphs get; every other stays at the gateway."""
IDENTIFYING = ("authorization", "accept-language")
"""Those of them that an answer may depend on."""
HTTP_OK = 200
HTTP_MULTIPLE_CHOICES = 300


@dataclass(frozen=True, slots=True)
class SubgraphRequest:
    """One GraphQL request."""

    document: str
    variables: Mapping[str, Any]
    is_mutation: bool = False

    def body(self) -> bytes:
        """Return the request's JSON text."""
        if not self.variables:
            return msgspec.json.encode({"query": self.document})
        return msgspec.json.encode({"query": self.document, "variables": self.variables})


@dataclass(frozen=True, slots=True)
class SubgraphAnswer:
    """What a subgraph answered."""

    data: dict[str, Any] | None
    errors: tuple[Any, ...] = ()


class SubgraphClient(Protocol):
    """Sends requests to subgraphs."""

    async def fetch(self, subgraph: str, request: SubgraphRequest, headers: Mapping[str, str]) -> SubgraphAnswer:
        """Return the subgraph's answer; raise a `SubrequestError` when there is none."""


class Observer(Protocol):
    """Hears of every request to a subgraph."""

    def __call__(self, subgraph: str, outcome: HttpAnswer | SubrequestError, seconds: float) -> None:
        """Take how a request ended, and after how long."""


def forwarded(headers: Mapping[str, str]) -> bytes:
    """Return the lines of a request's head that carry what subgraphs get of the client's headers."""
    lines = [
        f"{name}: {value}\r\n"
        for name, value in headers.items()
        if name.lower() in FORWARDED and "\r" not in value and "\n" not in value
    ]
    return _HEADERS + "".join(lines).encode("latin-1", "replace")


def identity(headers: Mapping[str, str]) -> tuple[str | None, ...]:
    """Return what a subgraph's answer may depend on besides the request: requests that differ in it are not shared."""
    given = {name.lower(): value for name, value in headers.items()}
    return tuple(given.get(name) for name in IDENTIFYING)


class Pools:
    """The connections to all subgraphs, by URL: what several clients share. Close it when done."""

    def __init__(self, limits: ClientLimits | None = None) -> None:
        self._limits = limits or ClientLimits()
        self._pools: dict[str, Pool] = {}

    def of(self, url: str) -> Pool:
        """Return the connections to a URL's server. Raises ValueError when it is none."""
        pool = self._pools.get(url)
        if pool is None:
            pool = self._pools[url] = Pool(url, self._limits)
        return pool

    async def close(self) -> None:
        """Close all connections."""
        pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            await pool.close()


class HttpSubgraphClient:
    """Sends requests over HTTP/1.1 with kept-alive connections, all in one event loop. Close it when done.

    `urls` by subgraph's name; two subgraphs with one URL share its connections, and so do clients with one `pools`.
    """

    def __init__(
        self,
        urls: Mapping[str, str],
        limits: ClientLimits | None = None,
        observer: Observer | None = None,
        pools: Pools | None = None,
    ) -> None:
        self._urls = dict(urls)
        self._observer = observer
        self._shared = pools or Pools(limits)
        self._pools: dict[str, Pool] = {}

    def send(
        self,
        subgraph: str,
        head: bytes,
        body: bytes,
        done: Callable[[HttpAnswer | SubrequestError], None],
        *,
        is_mutation: bool = False,
    ) -> Call | None:
        """Send a request; `done` is called once, with the answer or why there is none.

        `head` is what `forwarded` made, `body` the request's JSON text. Returns what cancels it; None when `done` has
        been called already.
        """
        try:
            pool = self._pools.get(subgraph) or self._pool(subgraph)
        except SubrequestError as error:
            done(error)
            return None
        request = b"".join((pool.head, head, b"content-length: %d\r\n\r\n" % len(body), body))
        if self._observer is not None:
            done = _observed(self._observer, subgraph, done)
        return pool.send(request, done, may_repeat=not is_mutation)

    async def fetch(self, subgraph: str, request: SubgraphRequest, headers: Mapping[str, str]) -> SubgraphAnswer:
        """Return the subgraph's answer; raise a `SubrequestError` when there is none."""
        waiting: asyncio.Future[HttpAnswer | SubrequestError] = asyncio.get_running_loop().create_future()
        call = self.send(
            subgraph, forwarded(headers), request.body(), waiting.set_result, is_mutation=request.is_mutation
        )
        try:
            outcome = await waiting
        except asyncio.CancelledError:
            if call is not None:
                call.cancel()
            raise
        if isinstance(outcome, SubrequestError):
            raise outcome
        return read_answer(outcome.status, outcome.content)

    async def close(self) -> None:
        """Close all connections, also those that other clients share."""
        self._pools = {}
        await self._shared.close()

    def _pool(self, subgraph: str) -> Pool:
        url = self._urls.get(subgraph)
        if not url:
            raise SubrequestHttpError("The service has no address.")
        try:
            pool = self._pools[subgraph] = self._shared.of(url)
        except ValueError as error:
            raise SubrequestHttpError("The service's address is not one.") from error
        return pool


def _observed(
    observer: Observer, subgraph: str, done: Callable[[HttpAnswer | SubrequestError], None]
) -> Callable[[HttpAnswer | SubrequestError], None]:
    started = time.perf_counter()

    def tell(outcome: HttpAnswer | SubrequestError) -> None:
        observer(subgraph, outcome, time.perf_counter() - started)
        done(outcome)

    return tell


def read_answer(status: int, content: bytes) -> SubgraphAnswer:
    """Read a GraphQL answer (GraphQL over HTTP, section 6.4).

    A status outside 2xx still counts as an answer when the body is one with errors.
    """
    is_success = HTTP_OK <= status < HTTP_MULTIPLE_CHOICES
    try:
        answer = msgspec.json.decode(content)
    except msgspec.DecodeError:
        answer = None
    if isinstance(answer, dict) and _is_answer(answer) and (answer.get("errors") or is_success):
        return SubgraphAnswer(answer.get("data"), tuple(answer.get("errors") or ()))
    if not is_success:
        raise SubrequestHttpError(f"The service answered with status {status}.", http={"status": status})
    raise SubrequestMalformedError("The service's answer is not a GraphQL answer.")


def _is_answer(answer: dict[str, Any]) -> bool:
    data, errors = answer.get("data"), answer.get("errors")
    has_either = "data" in answer or bool(errors)
    return has_either and (data is None or isinstance(data, dict)) and (errors is None or isinstance(errors, list))
