"""/graphql: the story of a request, in order: read, document, variables, plan, execute, respond."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from graphql import OperationType

from chassis.errors import ApiError, Internal, TimedOut, TooLarge
from chassis.http.request import Headers, respond
from chassis.http.telemetry import request_span, traceparent
from gateway.http.disconnect import until_disconnect
from gateway.http.documents import DocumentRefused
from gateway.http.metrics import REQUESTS, SECONDS
from gateway.http.read_request import JSON, RESPONSE, media_type, read_request
from gateway.http.refusals import MethodRefused, NotAcceptable

if TYPE_CHECKING:
    from graphql import GraphQLError
    from starlette.types import Receive, Scope, Send

    from gateway.http.read_request import GraphQLRequest
    from gateway.supply.serving import Serving

_log = structlog.get_logger(__name__)
_FORWARDED = ("authorization", "accept-language", "tracestate")
_STATUS: dict[type[ApiError], int] = {MethodRefused: 405, NotAcceptable: 406, TooLarge: 413}
_OK, _BAD_REQUEST, _SERVER_ERROR = 200, 400, 500


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: the GraphQL answer, and the status it has as application/graphql-response+json."""

    body: bytes
    status: int
    operation: str = "none"
    is_error: bool = True
    is_result: bool = False
    """An operation was run, however it ended."""


@dataclass
class Endpoint:
    """Answers GraphQL requests over one supergraph."""

    serving: Serving
    largest_body: int
    seconds: float

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = Headers(scope)
        started = time.perf_counter()
        with request_span("gateway", headers):
            try:
                kind = media_type(headers)
                answer = await until_disconnect(receive, lambda body: self._answer(scope, body, headers))
            except NotAcceptable as error:
                kind, answer = JSON, _refused(error, headers)
        if answer is None:
            REQUESTS.labels("none", "gone").inc()
            return
        REQUESTS.labels(answer.operation, "error" if answer.is_error else "ok").inc()
        SECONDS.labels(answer.operation).observe(time.perf_counter() - started)
        # As application/json a well-formed request is answered 200 even when it is refused (GraphQL over HTTP, 6.4.1).
        is_transport = answer.status in (405, 406, 413, 415)
        status = answer.status if kind == RESPONSE or is_transport or not answer.is_result else _OK
        await respond(send, status, answer.body, kind, headers.request_id)

    async def _answer(self, scope: Scope, receive: Receive, headers: Headers) -> Answer:
        try:
            async with asyncio.timeout(self.seconds):
                request = await read_request(scope, receive, headers, self.largest_body)
                return await self._run(request, headers, is_get=scope["method"] == "GET")
        except TimeoutError:
            return _refused(TimedOut(seconds=self.seconds), headers, 504)
        except ApiError as error:
            return _refused(error, headers)
        except DocumentRefused as refused:
            return Answer(_encoded([_coded(error) for error in refused.errors]), _BAD_REQUEST)
        except Exception:  # noqa: BLE001 (the edge: the client gets a request id, the log the rest)
            _log.exception("request failed")
            return _refused(Internal(request_id=headers.request_id), headers, _SERVER_ERROR)

    async def _run(self, request: GraphQLRequest, headers: Headers, *, is_get: bool) -> Answer:
        prepared = self.serving.graph.prepare(request)
        kind = prepared.operation.operation
        if kind is OperationType.SUBSCRIPTION or (is_get and kind is not OperationType.QUERY):
            raise MethodRefused
        answered = await prepared.graph.engine.answer(prepared.plan, prepared.variables, _forwarded(headers))
        return Answer(answered.body, _OK, kind.value, is_error=answered.has_errors, is_result=True)


def _forwarded(headers: Headers) -> dict[str, str]:
    """Return what subgraphs get of the client's headers: identity, language, trace, request id."""
    forwarded = {name: value for name in _FORWARDED if (value := headers.get(name)) is not None}
    trace = traceparent() or headers.get("traceparent")
    if trace:
        forwarded["traceparent"] = trace
    return forwarded | {"x-request-id": headers.request_id}


def _refused(error: ApiError, headers: Headers, status: int | None = None) -> Answer:
    body = _encoded([{"message": error.text(headers.language), "extensions": {"code": error.code}}])
    return Answer(body, status or _STATUS.get(type(error), _BAD_REQUEST))


def _coded(error: GraphQLError) -> dict[str, Any]:
    return {**error.formatted, "extensions": {"code": "BAD_REQUEST"}}


def _encoded(errors: list[dict[str, Any]]) -> bytes:
    return msgspec.json.encode({"errors": errors})
