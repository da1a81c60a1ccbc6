"""The subgraph client: one GraphQL request over HTTP to one subgraph.

Its limits protect the gateway from a subgraph: time, connections, size of an answer. A query is tried once more when
the connection was refused or a kept-alive connection turned out to be closed; a mutation never is, because the
subgraph may have done it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import aiohttp
import msgspec

from gateway.execution.errors import (
    SubrequestHttpError,
    SubrequestMalformedError,
    SubrequestTimeoutError,
    SubrequestTooLargeError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADERS = {
    "content-type": "application/json",
    "accept": "application/graphql-response+json, application/json;q=0.9",
}
FORWARDED = frozenset({"authorization", "accept-language", "traceparent", "tracestate", "x-request-id"})
"""Headers of the client's request that subgraphs get; every other stays at the gateway."""
HTTP_OK = 200
HTTP_MULTIPLE_CHOICES = 300


@dataclass(frozen=True, slots=True)
class SubgraphRequest:
    """One GraphQL request."""

    document: str
    variables: Mapping[str, Any]
    is_mutation: bool = False


@dataclass(frozen=True, slots=True)
class SubgraphAnswer:
    """What a subgraph answered."""

    data: dict[str, Any] | None
    errors: tuple[Any, ...] = ()


class SubgraphClient(Protocol):
    """Sends requests to subgraphs."""

    async def fetch(self, subgraph: str, request: SubgraphRequest, headers: Mapping[str, str]) -> SubgraphAnswer:
        """Return the subgraph's answer; raise a `SubrequestError` when there is none."""


@dataclass(frozen=True, slots=True)
class ClientLimits:
    """What a subgraph may take of the gateway."""

    total_seconds: float = 30.0
    """From the start of a request to the end of its answer."""
    connect_seconds: float = 5.0
    connections: int = 64
    """Connections to one subgraph at a time; further requests wait, within their total time."""
    answer_bytes: int = 32 * 1024 * 1024
    """Size of one answer, unpacked."""
    idle_seconds: float = 15.0
    """How long a connection is kept for the next request."""


class HttpSubgraphClient:
    """Sends requests over HTTP/1.1 with kept-alive connections. Close it when done."""

    def __init__(self, urls: Mapping[str, str], limits: ClientLimits | None = None) -> None:
        self._urls = dict(urls)
        self._limits = limits or ClientLimits()
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, subgraph: str, request: SubgraphRequest, headers: Mapping[str, str]) -> SubgraphAnswer:
        """Return the subgraph's answer; raise a `SubrequestError` when there is none."""
        url = self._urls.get(subgraph)
        if not url:
            raise SubrequestHttpError("The service has no address.")
        body: dict[str, Any] = {"query": request.document}
        if request.variables:
            body["variables"] = request.variables
        sent = {**{name: value for name, value in headers.items() if name.lower() in FORWARDED}, **HEADERS}
        try:
            status, content = await self._send(url, msgspec.json.encode(body), sent, repeat=not request.is_mutation)
        except TimeoutError as error:
            raise SubrequestTimeoutError("The service did not answer in time.") from error
        except (aiohttp.ClientError, OSError) as error:
            raise SubrequestHttpError("The service could not be reached.") from error
        return read_answer(status, content)

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _send(self, url: str, body: bytes, headers: Mapping[str, str], *, repeat: bool) -> tuple[int, bytes]:
        try:
            return await self._send_once(url, body, headers)
        except (aiohttp.ClientConnectorError, aiohttp.ServerDisconnectedError):
            if not repeat:
                raise
        await asyncio.sleep(0)
        return await self._send_once(url, body, headers)

    async def _send_once(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        limit = self._limits.answer_bytes
        async with self._open().post(url, data=body, headers=headers, allow_redirects=False) as response:
            if response.content_length is not None and response.content_length > limit:
                raise SubrequestTooLargeError("The service's answer is too large.")
            chunks: list[bytes] = []
            size = 0
            async for chunk in response.content.iter_any():
                size += len(chunk)
                if size > limit:
                    response.close()
                    raise SubrequestTooLargeError("The service's answer is too large.")
                chunks.append(chunk)
            return response.status, chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            limits = self._limits
            connector = aiohttp.TCPConnector(
                limit=0, limit_per_host=limits.connections, keepalive_timeout=limits.idle_seconds
            )
            timeout = aiohttp.ClientTimeout(total=limits.total_seconds, sock_connect=limits.connect_seconds)
            self._session = aiohttp.ClientSession(
                connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=True
            )
        return self._session


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
