"""Read a GraphQL request from HTTP (GraphQL over HTTP, sections 5 and 6), and refuse what no honest client sends."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import msgspec

from chassis.errors import BadRequest
from chassis.http.request import read_body
from gateway.http.refusals import BatchRefused, MediaTypeRefused, MethodRefused, NotAcceptable, PreflightRequired

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

    from chassis.http.request import Headers

RESPONSE = "application/graphql-response+json"
JSON = "application/json"


class GraphQLRequest(msgspec.Struct):
    """A request as the client sent it."""

    query: str | None = None
    operationName: str | None = None  # noqa: N815 (the specification's name)
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None
    documentId: str | None = None  # noqa: N815 (the same)


_decode = msgspec.json.Decoder(GraphQLRequest).decode
_decode_batch = msgspec.json.Decoder(list[GraphQLRequest]).decode
_PREFLIGHTED = ("x-requested-with", "graphql-require-preflight", "apollo-require-preflight")


@lru_cache(maxsize=256)
def media_type(accept: str | None) -> str:
    """Return the media type to answer with (section 6.3), from the Accept header. Raises NotAcceptable."""
    accepted = [part.partition(";")[0].strip().lower() for part in (accept or "*/*").split(",")]
    if RESPONSE in accepted:
        return RESPONSE
    if any(offered in accepted for offered in (JSON, "application/*", "*/*")):
        return JSON
    raise NotAcceptable


async def read_request(scope: Scope, receive: Receive, headers: Headers, largest: int) -> GraphQLRequest:
    """Read the request by POST or GET. Raises the refusals of this module, TooLarge and BadRequest."""
    request = await read_requests(scope, receive, headers, largest, 0)
    if isinstance(request, list):
        raise BatchRefused(most=0)
    return request


async def read_requests(
    scope: Scope, receive: Receive, headers: Headers, largest: int, most: int
) -> GraphQLRequest | list[GraphQLRequest]:
    """Read a request, or an array of at most `most` by POST. Raises as `read_request` does."""
    if scope["method"] == "GET":
        return _from_query(scope["query_string"], headers)
    if scope["method"] != "POST":
        raise MethodRefused
    declared = headers.get("content-type") or ""
    if declared != JSON and declared.partition(";")[0].strip().lower() != JSON:
        raise MediaTypeRefused
    body = await read_body(receive, largest)
    try:
        return _complete(_decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if body.lstrip()[:1] == b"[":
            return _batch(body, most)
        raise BadRequest(reason=f"The body is not a GraphQL request: {error}.") from error


def _batch(body: bytes, most: int) -> list[GraphQLRequest]:
    if not most:
        raise BatchRefused(most=most)
    try:
        requests = [_complete(each) for each in _decode_batch(body)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest(reason=f"The body is not an array of GraphQL requests: {error}.") from error
    if not 1 <= len(requests) <= most:
        raise BatchRefused(most=most)
    return requests


def _complete(request: GraphQLRequest) -> GraphQLRequest:
    if request.query is None and request.documentId is None and request.extensions is None:
        raise BadRequest(reason="The request has no `query`.")
    return request


def _from_query(query_string: bytes, headers: Headers) -> GraphQLRequest:
    # Accept is no proof: any page may set it on a request that browsers send without asking first.
    is_json = (headers.get("content-type") or "").partition(";")[0].strip().lower() == JSON
    if not is_json and all(headers.get(name) is None for name in _PREFLIGHTED):
        raise PreflightRequired
    try:
        given = dict(parse_qsl(query_string.decode(), max_num_fields=10, strict_parsing=bool(query_string)))
        variables = msgspec.json.decode(given.get("variables") or "null", type=dict[str, Any] | None)
        extensions = msgspec.json.decode(given.get("extensions") or "null", type=dict[str, Any] | None)
    except (ValueError, msgspec.DecodeError, RecursionError) as error:
        raise BadRequest(reason=f"The parameters are not a GraphQL request: {error}.") from error
    return _complete(
        GraphQLRequest(
            given.get("query"), given.get("operationName") or None, variables, extensions, given.get("documentId")
        )
    )
