"""A service's GraphQL endpoint: a bare ASGI callable that answers POST (GraphQL over HTTP specification)."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import orjson
import structlog
from graphql import ExecutionResult, GraphQLError, execute

from chassis.errors import ApiError, BadRequest, Internal, TimedOut, TooLarge, Unavailable
from chassis.graphql.context import Context
from chassis.http.request import Headers, read_body, respond
from chassis.http.telemetry import GRAPHQL_REQUESTS, GRAPHQL_SECONDS, request_span

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from graphql import GraphQLSchema
    from starlette.types import Receive, Scope, Send

    from chassis.access import Access
    from chassis.cipher import DataCipher
    from chassis.database import Database
    from chassis.graphql.documents import DocumentCache
    from chassis.graphql.problems import Problem
    from chassis.identity import Caller, TokenVerifier

LARGEST_BODY = 2 * 1024 * 1024
LONGEST_LIST = 2000
"""How long a list in a variable may be; what a mutation takes of its own lists is less, where it says so."""
_STATUS: dict[type[ApiError], int] = {TooLarge: 413, BadRequest: 400}
_log = structlog.get_logger(__name__)


class GraphQLRequest(msgspec.Struct):
    """A request as the client sent it."""

    query: str
    operationName: str | None = None  # noqa: N815 (the specification's name)
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None


@dataclass
class GraphQLEndpoint:
    """Answers GraphQL requests for one schema."""

    service: str
    schema: GraphQLSchema
    documents: DocumentCache
    verifier: TokenVerifier
    database: Database
    access: Access
    problem_type: type[Problem]
    cipher: DataCipher
    seconds: float = 15.0
    extras: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = Headers(scope)
        started = time.perf_counter()
        with request_span(self.service, headers):
            status, answer = await self._answer(scope, receive, headers)
        GRAPHQL_SECONDS.labels(self.service).observe(time.perf_counter() - started)
        outcome = "error" if "errors" in answer else "ok"
        GRAPHQL_REQUESTS.labels(self.service, outcome).inc()
        await respond(send, status, orjson.dumps(answer), "application/json", headers.request_id)

    async def _answer(self, scope: Scope, receive: Receive, headers: Headers) -> tuple[int, dict[str, Any]]:
        if scope["method"] != "POST":
            return 405, refusal(BadRequest(reason="Send GraphQL by POST."), headers)
        try:
            async with asyncio.timeout(self.seconds):
                body = await read_body(receive, LARGEST_BODY)
                return 200, await self._run(decode_request(body), headers)
        except TimeoutError:
            return 200, refusal(TimedOut(seconds=self.seconds), headers)
        except ApiError as error:
            _log_if_away(error)
            return _STATUS.get(type(error), 200), refusal(error, headers)
        except Exception:  # noqa: BLE001 (the edge: whatever it was, the client gets a request id and the log the rest)
            _log.exception("request failed")
            return 500, refusal(Internal(request_id=headers.request_id), headers)

    async def _run(self, request: GraphQLRequest, headers: Headers) -> dict[str, Any]:
        caller = await self.verifier.caller(headers.authorization)
        document = self.documents.get(request.query)
        if document.tree is None:
            return {"errors": [error.formatted for error in document.errors]}
        async with self.context(caller, headers) as context:
            running: Awaitable[ExecutionResult] | ExecutionResult = execute(
                self.schema,
                document.tree,
                context_value=context,
                variable_values=request.variables,
                operation_name=request.operationName,
            )
            result = running if isinstance(running, ExecutionResult) else await running
        return self.answer_of(result, headers)

    def answer_of(self, result: ExecutionResult, headers: Headers) -> dict[str, Any]:
        """Return an execution's result as clients get it, its errors coded and masked."""
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [self._formatted(error, headers) for error in result.errors]
        return answer

    def context(self, caller: Caller, headers: Headers) -> Context:
        """Return what the resolvers of one request (or one event of a subscription) have at hand."""
        return Context(
            caller=caller,
            language=headers.language,
            database=self.database,
            access=self.access,
            problem_type=self.problem_type,
            cipher=self.cipher,
            request_id=headers.request_id,
            extras=self.extras,
        )

    def _formatted(self, error: GraphQLError, headers: Headers) -> dict[str, Any]:
        """Say what the client may know of an error: documented refusals whole, anything else only by request id."""
        formatted: dict[str, Any] = dict(error.formatted)
        cause = error.original_error
        while isinstance(cause, GraphQLError):
            cause = cause.original_error
        if isinstance(cause, ApiError):
            _log_if_away(cause)
            formatted["message"] = cause.text(headers.language)
            code = cause.code
        elif cause is None:
            code = "BAD_REQUEST"
        else:
            _log.error("resolver failed", path=error.path, exc_info=cause)
            formatted["message"] = Internal(request_id=headers.request_id).text(headers.language)
            code = Internal.code
        formatted["extensions"] = {"code": code}
        return formatted


def _log_if_away(error: ApiError) -> None:
    """Tell ops why something was unavailable; the client is not told."""
    if isinstance(error, Unavailable):
        _log.warning("what a request needs is away", what=type(error).__name__, reason=repr(error.__cause__))


def refusal(error: ApiError, headers: Headers) -> dict[str, Any]:
    """Return the answer that refuses a request as a whole."""
    return {"errors": [{"message": error.text(headers.language), "extensions": {"code": error.code}}]}


def decode_request(body: bytes) -> GraphQLRequest:
    """Read a request. Raises BadRequest, TooLarge for a list in its variables that is too long."""
    try:
        request = msgspec.json.decode(body, type=GraphQLRequest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest(reason=f"The body is not a GraphQL request: {error}") from error
    for name, value in (request.variables or {}).items():
        if not _refers(value) and longest_list(value) > LONGEST_LIST:
            raise TooLarge(what=f"a list in ${name[:40]}", limit=f"{LONGEST_LIST:,}")
    return request


def _refers(value: Any) -> bool:
    """Tell whether a variable is the gateway's references: as many as the pages of other services that it made.

    No input takes `__typename`.
    """
    return isinstance(value, list) and all(isinstance(one, dict) and "__typename" in one for one in value)


def longest_list(value: Any) -> int:
    """Return how long the longest list in a value of JSON is; 0 when there is none."""
    if isinstance(value, list):
        return max(len(value), max(map(longest_list, value), default=0))
    if isinstance(value, dict):
        return max(map(longest_list, value.values()), default=0)
    return 0
