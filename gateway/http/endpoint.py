"""/graphql: the story of a request, in order: read, document, variables, plan, execute, respond."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import structlog
from graphql import GraphQLError, OperationType, get_variable_values

from chassis.errors import ApiError, Internal, TimedOut, TooLarge
from chassis.http.request import Headers, respond
from chassis.http.telemetry import request_span, traceparent
from gateway.execution.execute import execute
from gateway.http.disconnect import until_disconnect
from gateway.http.documents import DocumentRefused
from gateway.http.metrics import REQUESTS, SECONDS
from gateway.http.read_request import JSON, RESPONSE, media_type, read_request
from gateway.http.refusals import MethodRefused, NotAcceptable, WrongOperation
from gateway.planning.errors import PlanningError
from gateway.planning.planner import find_operation

if TYPE_CHECKING:
    from graphql import OperationDefinitionNode
    from starlette.types import Receive, Scope, Send

    from gateway.execution.client import SubgraphClient
    from gateway.http.graph import Graph
    from gateway.http.read_request import GraphQLRequest

_log = structlog.get_logger(__name__)
_FORWARDED = ("authorization", "accept-language", "tracestate")
_STATUS: dict[type[ApiError], int] = {MethodRefused: 405, NotAcceptable: 406, TooLarge: 413}
_OK, _BAD_REQUEST, _SERVER_ERROR = 200, 400, 500


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: the GraphQL answer, and the status it has as application/graphql-response+json."""

    body: dict[str, Any]
    status: int = _OK
    operation: str = "none"


@dataclass
class Endpoint:
    """Answers GraphQL requests over one supergraph."""

    graph: Graph
    client: SubgraphClient
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
        REQUESTS.labels(answer.operation, "error" if "errors" in answer.body else "ok").inc()
        SECONDS.labels(answer.operation).observe(time.perf_counter() - started)
        # As application/json a well-formed request is answered 200 even when it is refused (GraphQL over HTTP, 6.4.1).
        is_transport = answer.status in (405, 406, 413, 415)
        status = answer.status if kind == RESPONSE or is_transport or "data" not in answer.body else _OK
        await respond(send, status, orjson.dumps(answer.body), kind, headers.request_id)

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
            return Answer({"errors": [_coded(error) for error in refused.errors]}, _BAD_REQUEST)
        except Exception:  # noqa: BLE001 (the edge: the client gets a request id, the log the rest)
            _log.exception("request failed")
            return _refused(Internal(request_id=headers.request_id), headers, _SERVER_ERROR)

    async def _run(self, request: GraphQLRequest, headers: Headers, *, is_get: bool) -> Answer:
        document = self.graph.documents.get(request.query)
        try:
            operation = find_operation(document, request.operationName)
        except PlanningError as error:
            raise WrongOperation(reason=str(error)) from error
        if operation.operation is OperationType.SUBSCRIPTION or (
            is_get and operation.operation is not OperationType.QUERY
        ):
            raise MethodRefused
        variables = self._variables(operation, request)
        plan = self.graph.plans.get(request.query, document, request.operationName, variables)
        result = await execute(plan, variables=variables, client=self.client, headers=_forwarded(headers))
        return Answer(result.formatted(), operation=operation.operation.value)

    def _variables(self, operation: OperationDefinitionNode, request: GraphQLRequest) -> dict[str, Any]:
        """Return the variables as sent, after checking that they fit their types. Raises DocumentRefused."""
        given = request.variables or {}
        definitions = operation.variable_definitions or ()
        coerced = get_variable_values(self.graph.supergraph.api_schema, definitions, given, max_errors=20)
        if isinstance(coerced, list):
            raise DocumentRefused(coerced)
        declared = {definition.variable.name.value for definition in definitions}
        return {name: value for name, value in given.items() if name in declared}


def _forwarded(headers: Headers) -> dict[str, str]:
    """Return what subgraphs get of the client's headers: identity, language, trace, request id."""
    forwarded = {name: value for name in _FORWARDED if (value := headers.get(name)) is not None}
    trace = traceparent() or headers.get("traceparent")
    if trace:
        forwarded["traceparent"] = trace
    return forwarded | {"x-request-id": headers.request_id}


def _refused(error: ApiError, headers: Headers, status: int | None = None) -> Answer:
    body = {"errors": [{"message": error.text(headers.language), "extensions": {"code": error.code}}]}
    return Answer(body, status or _STATUS.get(type(error), _BAD_REQUEST))


def _coded(error: GraphQLError) -> dict[str, Any]:
    return {**error.formatted, "extensions": {"code": "BAD_REQUEST"}}
