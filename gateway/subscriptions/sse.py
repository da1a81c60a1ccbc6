"""Down to a client over SSE: GraphQL over Server-Sent Events, distinct connections mode (one stream, one operation).

The request is the same POST as for a query, with `Accept: text/event-stream`. The stream has `next` events, each with
one execution result, and ends with `complete`; an error that ends the subscription is a last `next` with `errors` and
no `data`. Comment lines are the heartbeat.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from graphql import OperationType

from chassis.errors import ApiError, BadRequest, TimedOut
from chassis.http.request import Headers, respond
from chassis.race import race
from gateway.http.documents import DocumentRefused
from gateway.http.read_request import JSON, RESPONSE, read_request
from gateway.http.refusals import MethodRefused
from gateway.subscriptions.errors import GoingAway, TooManyConnections, formatted
from gateway.subscriptions.follow import answer_once, follow
from gateway.subscriptions.identity import forwarded, user_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from gateway.http.graph import Prepared
    from gateway.subscriptions.hub import Hub
    from gateway.supply.serving import Serving

EVENT_STREAM = "text/event-stream"
_COMPLETE = b"event: complete\ndata:\n\n"
_HEARTBEAT = b":\n\n"
_BAD_REQUEST, _TOO_MANY_REQUESTS = 400, 429


class _ClientGone(Exception):
    """The client does not read, or has gone."""


@dataclass
class EventStreams:
    """Answers requests whose Accept header names text/event-stream.

    `otherwise` answers those that are no subscriptions, when the client takes JSON as well.
    """

    serving: Serving
    hub: Hub
    largest_body: int
    otherwise: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = Headers(scope)
        received: list[Message] = []

        async def recording() -> Message:
            received.append(await receive())
            return received[-1]

        async def replaying() -> Message:
            return received.pop(0) if received else await receive()

        prepared: Prepared | None = None
        refusal: Exception | None = None
        try:
            async with asyncio.timeout(self.hub.options.request_seconds):
                prepared = await self._prepare(scope, recording, headers)
        except (ApiError, DocumentRefused) as error:
            refusal = error
        except TimeoutError:
            refusal = TimedOut(seconds=self.hub.options.request_seconds)
        except Exception as error:  # noqa: BLE001 (a fault of ours: logged and masked where it is answered)
            refusal = error
        is_subscription = prepared is not None and prepared.operation.operation is OperationType.SUBSCRIPTION
        if not is_subscription and _takes_json(headers):
            await self.otherwise(scope, replaying, send)
        elif prepared is None:
            await _refuse(refusal or BadRequest(reason=""), headers, send, _BAD_REQUEST)
        else:
            await stream(prepared, forwarded(headers), scope, receive, send, self.hub)

    async def _prepare(self, scope: Scope, receive: Receive, headers: Headers) -> Prepared:
        if scope["method"] != "POST":
            raise MethodRefused
        return await self.serving.graph.prepare(await read_request(scope, receive, headers, self.largest_body))


def accepts_events(headers: Headers) -> bool:
    """Tell whether a request's Accept header names text/event-stream."""
    return EVENT_STREAM in _accepted(headers)


def _takes_json(headers: Headers) -> bool:
    return bool({RESPONSE, JSON, "application/*", "*/*"} & _accepted(headers))


def _accepted(headers: Headers) -> set[str]:
    return {part.partition(";")[0].strip().lower() for part in (headers.get("accept") or "").split(",")}


async def _refuse(error: Exception, headers: Headers, send: Send, status: int) -> None:
    body = msgspec.json.encode({"errors": formatted(error, "", headers.language, headers.request_id)})
    await respond(send, status, body, JSON, headers.request_id)


async def stream(
    prepared: Prepared, headers_sent: Mapping[str, str], scope: Scope, receive: Receive, send: Send, hub: Hub
) -> None:
    """Answer an operation whose request was read to its end. `headers_sent` are those that subgraphs get.

    Raises nothing: what goes wrong is told to the client, or the client is gone.
    """
    headers = Headers(scope)
    user = user_key(headers_sent.get("authorization"), (scope.get("client") or ("",))[0])
    try:
        with hub.connection(user, "sse"):
            await _Stream(prepared, {**headers_sent, "x-request-id": headers.request_id}, headers, send, hub).run(
                receive
            )
    except TooManyConnections as error:
        await _refuse(error, headers, send, _TOO_MANY_REQUESTS)
    except _ClientGone:
        pass


class _Stream:
    def __init__(
        self, prepared: Prepared, forwarded: Mapping[str, str], headers: Headers, send: Send, hub: Hub
    ) -> None:
        self._prepared = prepared
        self._forwarded = dict(forwarded)
        self._headers = headers
        self._asgi_send = send
        self._hub = hub
        self._sending = asyncio.Lock()

    async def run(self, receive: Receive) -> None:
        names = {
            b"content-type": EVENT_STREAM.encode(),
            b"cache-control": b"no-store",
            # Proxies of the nginx kind would hold events back until their buffer is full.
            b"x-accel-buffering": b"no",
            b"x-request-id": self._headers.request_id.encode(),
        }
        await self._asgi_send({"type": "http.response.start", "status": 200, "headers": list(names.items())})
        # The first bytes at once: the client sees that the subscription was taken.
        await self._send(_HEARTBEAT)
        try:
            await race(self._follow(), self._gone(receive), self._closing(), self._beat())
        except _ClientGone:
            raise
        except Exception as error:  # noqa: BLE001 (the edge: every end is told, and masked where it must be)
            await self._tell(error)
        await self._send(_COMPLETE, more=False)

    async def _follow(self) -> None:
        if self._prepared.operation.operation is OperationType.SUBSCRIPTION:
            await follow(self._prepared, self._forwarded, self._hub, self._next)
        else:
            await self._next(await answer_once(self._prepared, self._forwarded, self._hub))

    async def _gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        raise _ClientGone

    async def _closing(self) -> None:
        await self._hub.closing.wait()
        raise GoingAway

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._hub.options.heartbeat_seconds)
            await self._send(_HEARTBEAT)

    async def _tell(self, error: Exception) -> None:
        fetches = self._prepared.plan.fetches
        errors = formatted(
            error, fetches[0].subgraph if fetches else "", self._headers.language, self._headers.request_id
        )
        await self._next(msgspec.json.encode({"errors": errors}))

    async def _next(self, body: bytes) -> None:
        # Line ends between JSON tokens would end the event's line; inside strings they are always escaped.
        line = body.replace(b"\r", b" ").replace(b"\n", b" ")
        await self._send(b"event: next\ndata: " + line + b"\n\n")

    async def _send(self, content: bytes, *, more: bool = True) -> None:
        try:
            async with asyncio.timeout(self._hub.options.send_seconds), self._sending:
                await self._asgi_send({"type": "http.response.body", "body": content, "more_body": more})
        except (TimeoutError, OSError) as error:
            raise _ClientGone from error
