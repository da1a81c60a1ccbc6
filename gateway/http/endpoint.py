"""/graphql: the story of a request, in order: read, document, variables, plan, execute, respond.

This is what every request pays for, so it is bare ASGI and makes no task: a request that is answered within
`PATIENCE_SECONDS` costs a timer.
"""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from graphql import OperationType

from chassis.errors import ApiError, Internal, TimedOut, TooLarge
from chassis.http.request import Headers, respond
from chassis.http.telemetry import request_span
from gateway.http.documents import DocumentRefused
from gateway.http.metrics import counted, counted_by_name
from gateway.http.read_request import JSON, RESPONSE, media_type, read_requests
from gateway.http.refusals import EventStreamNeeded, MethodRefused, NotAcceptable
from gateway.http.trace import forwarded_headers
from gateway.http.watch import Ending, Watch

if TYPE_CHECKING:
    from graphql import GraphQLError
    from starlette.types import Receive, Scope, Send

    from gateway.http.read_request import GraphQLRequest
    from gateway.supply.serving import Serving

_log = structlog.get_logger(__name__)
_STATUS: dict[type[ApiError], int] = {MethodRefused: 405, NotAcceptable: 406, TooLarge: 413}
_METHODS = b"GET, POST"
_OK, _BAD_REQUEST, _SERVER_ERROR, _TIMEOUT = 200, 400, 500, 504


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: the GraphQL answer, and the status it has as application/graphql-response+json."""

    body: bytes
    status: int
    operation: str = "none"
    name: str | None = None
    """The operation's name, where it has one."""
    is_error: bool = True
    is_well_formed: bool = False
    """It answers a GraphQL request, even if by refusing it: as application/json such an answer has status 200."""


def _is_traced() -> bool:
    return bool(os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"))


@dataclass
class Endpoint:
    """Answers GraphQL requests over one supergraph."""

    serving: Serving
    largest_body: int
    seconds: float
    largest_batch: int = 0
    """Requests in one array; 0 refuses arrays."""
    log_access: bool = False
    is_traced: bool = field(default_factory=_is_traced)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = Headers(scope)
        started = time.perf_counter()
        with request_span("gateway", headers) if self.is_traced else nullcontext():
            try:
                kind = media_type(headers.get("accept"))
                answer = await self._watched(scope, receive, headers)
            except NotAcceptable as error:
                kind, answer = JSON, _refused(error, headers)
        seconds = time.perf_counter() - started
        if answer is None:
            counted("none", "gone", seconds)
            return
        counted(answer.operation, "error" if answer.is_error else "ok", seconds)
        if answer.name is not None:
            counted_by_name(answer.name, seconds)
        # GraphQL over HTTP, 6.4.1: as application/json every answer to a well-formed request has status 200.
        status = _OK if kind != RESPONSE and answer.is_well_formed else answer.status
        await respond(send, status, answer.body, kind, headers.request_id, allow=_METHODS)
        if self.log_access:
            _log.info(
                "answered",
                method=scope["method"],
                status=status,
                operation=answer.operation,
                name=answer.name,
                milliseconds=round(1000 * seconds, 1),
                bytes=len(answer.body),
                request_id=headers.request_id,
            )

    async def _watched(self, scope: Scope, receive: Receive, headers: Headers) -> Answer | None:
        watch = Watch(receive, self.seconds)
        try:
            return await self._answer(scope, receive, headers, watch)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if watch.ending is None or task is None:
                raise
            task.uncancel()
            if watch.ending is Ending.GONE:
                return None
            return _refused(TimedOut(seconds=self.seconds), headers, _TIMEOUT)
        finally:
            watch.end()

    async def _answer(self, scope: Scope, receive: Receive, headers: Headers, watch: Watch) -> Answer:
        try:
            request = await read_requests(scope, receive, headers, self.largest_body, self.largest_batch)
        except ApiError as error:
            return _refused(error, headers)
        watch.body_read()
        if not isinstance(request, list):
            return await self._answer_one(request, headers, is_get=scope["method"] == "GET")
        answers = await asyncio.gather(*(self._answer_one(each, headers, is_get=False) for each in request))
        body = b"".join((b"[", b",".join(each.body for each in answers), b"]"))
        return Answer(body, _OK, "batch", is_error=any(each.is_error for each in answers), is_well_formed=True)

    async def _answer_one(self, request: GraphQLRequest, headers: Headers, *, is_get: bool) -> Answer:
        try:
            return await self._run(request, headers, is_get=is_get)
        except (MethodRefused, EventStreamNeeded) as error:
            return _refused(error, headers)
        except ApiError as error:
            return _refused(error, headers, is_well_formed=True)
        except DocumentRefused as refused:
            return Answer(_encoded([_coded(error) for error in refused.errors]), _BAD_REQUEST, is_well_formed=True)
        except Exception:  # noqa: BLE001 (the edge: the client gets a request id, the log the rest)
            _log.exception("request failed", request_id=headers.request_id)
            return _refused(Internal(request_id=headers.request_id), headers, _SERVER_ERROR)

    async def _run(self, request: GraphQLRequest, headers: Headers, *, is_get: bool) -> Answer:
        prepared = await self.serving.graph.prepare(request)
        kind = prepared.operation.operation
        if kind is OperationType.SUBSCRIPTION:
            raise EventStreamNeeded
        if is_get and kind is not OperationType.QUERY:
            raise MethodRefused
        answered = await prepared.graph.engine.answer(prepared.plan, prepared.variables, forwarded_headers(headers))
        name = prepared.operation.name
        return Answer(
            answered.body,
            _OK,
            kind.value,
            name.value if name is not None else None,
            is_error=answered.has_errors,
            is_well_formed=True,
        )


def _refused(error: ApiError, headers: Headers, status: int | None = None, *, is_well_formed: bool = False) -> Answer:
    body = _encoded([{"message": error.text(headers.language), "extensions": {"code": error.code}}])
    return Answer(body, status or _STATUS.get(type(error), _BAD_REQUEST), is_well_formed=is_well_formed)


def _coded(error: GraphQLError) -> dict[str, Any]:
    return {**error.formatted, "extensions": {"code": "BAD_REQUEST"}}


def _encoded(errors: list[dict[str, Any]]) -> bytes:
    return msgspec.json.encode({"errors": errors})
