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

    query: str
    operationName: str | None = None  # noqa: N815 (the specification's name)
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None


_decode = msgspec.json.Decoder(GraphQLRequest).decode


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
    if scope["method"] == "GET":
        return _from_query(scope["query_string"], headers)
    if scope["method"] != "POST":
        raise MethodRefused
    declared = headers.get("content-type") or ""
    if declared != JSON and declared.partition(";")[0].strip().lower() != JSON:
        raise MediaTypeRefused
    body = await read_body(receive, largest)
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if body.lstrip()[:1] == b"[":
            raise BatchRefused from None
        raise BadRequest(reason=f"The body is not a GraphQL request: {error}.") from error


def _from_query(query_string: bytes, headers: Headers) -> GraphQLRequest:
    accepted = headers.get("accept") or ""
    if not (RESPONSE in accepted or JSON in accepted or headers.get("x-requested-with")):
        raise PreflightRequired
    try:
        given = dict(parse_qsl(query_string.decode(), max_num_fields=10, strict_parsing=bool(query_string)))
        variables = msgspec.json.decode(given.get("variables") or "null", type=dict[str, Any] | None)
    except (ValueError, msgspec.DecodeError, RecursionError) as error:
        raise BadRequest(reason=f"The parameters are not a GraphQL request: {error}.") from error
    if "query" not in given:
        raise BadRequest(reason="The parameter `query` is missing.")
    return GraphQLRequest(given["query"], given.get("operationName") or None, variables)
