"""How a service answers subscriptions: GraphQL over Server-Sent Events, distinct connections mode, at its /graphql.

The gateway (or a router) posts the subscription with `Accept: text/event-stream` and gets `next` events and `complete`.
Each event is executed in a context of its own, so it reads a fresh snapshot and gives its database connection back
before the next event is waited for. A resolver's source must do likewise: wait first, read afterwards in
`async with context.database.read(...)`, and keep what waits for a slow reader bounded.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
import structlog
from graphql import ExecutionResult, OperationType, execute, get_operation_ast
from graphql.execution import Executor, create_source_event_stream
from prometheus_client import Gauge

from chassis.errors import ApiError, Internal, TimedOut
from chassis.graphql.endpoint import LARGEST_BODY, decode_request, refusal
from chassis.http.request import Headers, read_body
from chassis.http.telemetry import request_span
from chassis.race import race

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from graphql import DocumentNode
    from starlette.types import Message, Receive, Scope, Send

    from chassis.graphql.endpoint import GraphQLEndpoint, GraphQLRequest
    from chassis.identity import Caller

EVENT_STREAM = "text/event-stream"
SUBSCRIPTIONS = Gauge("linli_subscriptions", "Subscriptions that a service answers", ["service"])

_COMPLETE = b"event: complete\ndata:\n\n"
_HEARTBEAT = b":\n\n"
_log = structlog.get_logger(__name__)


class TooManyStreams(ApiError):
    """The service answers as many subscriptions as it may."""

    code = "TOO_MANY"
    en = "The service answers {limit} subscriptions already; try again later."
    zh = "该服务的订阅数已达上限 {limit}，请稍后重试。"


class _ClientGone(Exception):
    """The other side is not there, or does not read."""


@dataclass
class EventStreams:
    """Answers subscriptions; everything else goes to `endpoint`."""

    endpoint: GraphQLEndpoint
    most: int = 2000
    """Subscriptions at a time."""
    heartbeat_seconds: float = 12.0
    send_seconds: float = 30.0
    """How long one event may wait for a reader."""
    running: int = field(default=0, init=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = Headers(scope)
        if scope["method"] != "POST" or EVENT_STREAM not in (headers.get("accept") or ""):
            await self.endpoint(scope, receive, send)
            return
        received: list[Message] = []

        async def recording() -> Message:
            received.append(await receive())
            return received[-1]

        async def replaying() -> Message:
            return received.pop(0) if received else await receive()

        found = await self._subscription(recording)
        if found is None:
            # Not a subscription, or one that is refused before it begins: answered as JSON.
            await self.endpoint(scope, replaying, send)
            return
        with request_span(self.endpoint.service, headers):
            await self._stream(*found, headers, receive, send)

    async def _subscription(self, receive: Receive) -> tuple[GraphQLRequest, DocumentNode] | None:
        try:
            async with asyncio.timeout(self.endpoint.seconds):
                request = decode_request(await read_body(receive, LARGEST_BODY))
        except (ApiError, TimeoutError):
            return None
        tree = self.endpoint.documents.get(request.query).tree
        operation = get_operation_ast(tree, request.operationName) if tree else None
        is_subscription = operation is not None and operation.operation is OperationType.SUBSCRIPTION
        return (request, tree) if tree and is_subscription else None

    async def _stream(
        self, request: GraphQLRequest, tree: DocumentNode, headers: Headers, receive: Receive, send: Send
    ) -> None:
        out = _Out(send, self.send_seconds)
        works = [self._run(request, tree, headers, out), self._beat(out), _gone(receive)]
        self.running += 1
        try:
            await out.begin(headers.request_id)
            with SUBSCRIPTIONS.labels(self.endpoint.service).track_inprogress():
                await race(*works)
            await out.put(_COMPLETE, more=False)
        except _ClientGone:
            pass
        finally:
            self.running -= 1
            for work in works:
                work.close()

    async def _run(self, request: GraphQLRequest, tree: DocumentNode, headers: Headers, out: _Out) -> None:
        """Send every event, and what the subscription ends with when it ends ill."""
        try:
            if self.running > self.most:
                raise TooManyStreams(limit=self.most)  # noqa: TRY301 (told like every other end)
            async with aclosing(self._answers(request, tree, headers)) as answers:
                async for answer in answers:
                    await out.next(answer)
        except _ClientGone:
            raise
        except ApiError as error:
            await out.next(refusal(error, headers))
        except Exception:  # noqa: BLE001 (the edge: the client gets a request id, the log the rest)
            _log.exception("subscription failed")
            await out.next(refusal(Internal(request_id=headers.request_id), headers))

    async def _answers(
        self, request: GraphQLRequest, tree: DocumentNode, headers: Headers
    ) -> AsyncGenerator[dict[str, Any], None]:
        verifier = self.endpoint.verifier
        caller = await verifier.caller(headers.authorization)
        async with self.endpoint.context(caller, headers) as context:
            built = Executor.build(self.endpoint.schema, tree, None, context, request.variables, request.operationName)
            source: Any = ExecutionResult(None, built) if isinstance(built, list) else create_source_event_stream(built)
            if hasattr(source, "__await__"):
                source = await source
            # What was read to decide whether the caller may subscribe is given back before the first event.
            await context.renew()
            if isinstance(source, ExecutionResult):
                answer = self.endpoint.answer_of(source, headers)
                yield {"errors": answer["errors"]}
                return
            async with aclosing(source):
                async for event in source:
                    await context.renew()
                    # The token may have expired since; a verified one is remembered, so this costs nothing.
                    yield await self._answer(
                        event, request, tree, await verifier.caller(headers.authorization), headers
                    )

    async def _answer(
        self, event: Any, request: GraphQLRequest, tree: DocumentNode, caller: Caller, headers: Headers
    ) -> dict[str, Any]:
        endpoint = self.endpoint
        try:
            async with asyncio.timeout(endpoint.seconds), endpoint.context(caller, headers) as context:
                running: Any = execute(
                    endpoint.schema, tree, event, context, request.variables, operation_name=request.operationName
                )
                result = await running if hasattr(running, "__await__") else running
        except TimeoutError as error:
            raise TimedOut(seconds=endpoint.seconds) from error
        return endpoint.answer_of(result, headers)

    async def _beat(self, out: _Out) -> None:
        while True:
            await asyncio.sleep(self.heartbeat_seconds)
            await out.put(_HEARTBEAT)


class _Out:
    """The response, written to by several tasks one after another."""

    def __init__(self, send: Send, seconds: float) -> None:
        self._send = send
        self._seconds = seconds
        self._turn = asyncio.Lock()

    async def begin(self, request_id: str) -> None:
        headers = [
            (b"content-type", EVENT_STREAM.encode()),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            (b"x-request-id", request_id.encode("ascii")),
        ]
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        await self.put(_HEARTBEAT)

    async def next(self, answer: dict[str, Any]) -> None:
        await self.put(b"event: next\ndata: " + orjson.dumps(answer) + b"\n\n")

    async def put(self, content: bytes, *, more: bool = True) -> None:
        try:
            async with asyncio.timeout(self._seconds), self._turn:
                await self._send({"type": "http.response.body", "body": content, "more_body": more})
        except (TimeoutError, OSError) as error:
            raise _ClientGone from error


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    raise _ClientGone
