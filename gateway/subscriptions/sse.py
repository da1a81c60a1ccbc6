"""Down to a client over SSE: GraphQL over Server-Sent Events, distinct connections mode (one stream, one operation).

The request is the same POST as for a query, with `Accept: text/event-stream`. The stream has `next` events, each with
one execution result, and ends with `complete`; an error that ends the subscription is a last `next` with `errors` and
no `data`. Comment lines are the heartbeat.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from chassis.http.request import Headers, respond
from gateway.subscriptions.errors import GoingAway, TooManyConnections, formatted
from gateway.subscriptions.follow import follow
from gateway.subscriptions.identity import user_key
from gateway.subscriptions.race import race

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

    from gateway.http.graph import Prepared
    from gateway.subscriptions.hub import Hub

EVENT_STREAM = "text/event-stream"
_COMPLETE = b"event: complete\ndata:\n\n"
_HEARTBEAT = b":\n\n"
_TOO_MANY_REQUESTS = 429


class _ClientGone(Exception):
    """The client does not read, or has gone."""


async def stream(
    prepared: Prepared, forwarded: Mapping[str, str], scope: Scope, receive: Receive, send: Send, hub: Hub
) -> None:
    """Answer a subscription whose request was read to its end. `forwarded` are the headers that subgraphs get.

    Raises nothing: what goes wrong is told to the client, or the client is gone.
    """
    headers = Headers(scope)
    user = user_key(forwarded.get("authorization"), (scope.get("client") or ("",))[0])
    try:
        with hub.connection(user, "sse"):
            await _Stream(prepared, forwarded, headers, send, hub).run(receive)
    except TooManyConnections as error:
        body = msgspec.json.encode({"errors": formatted(error, "", headers.language, headers.request_id)})
        await respond(send, _TOO_MANY_REQUESTS, body, "application/json", headers.request_id)
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
        await follow(self._prepared, self._forwarded, self._hub, self._next)

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
