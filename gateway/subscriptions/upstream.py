"""From the gateway to a subgraph: one subscription as a stream of events, over SSE or graphql-transport-ws.

A stream that ends without having been completed is never taken up again by itself: events may have been missed, and
only the client knows what to read again. It ends with an error instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec

from gateway.execution.client import FORWARDED, read_answer
from gateway.execution.errors import SubrequestHttpError, SubrequestMalformedError, SubrequestTooLargeError
from gateway.subscriptions.errors import SubscriptionLost, SubscriptionRefused
from gateway.subscriptions.event_stream import EventStream, EventTooLarge
from gateway.subscriptions.results import read_result
from gateway.subscriptions.upstream_websocket import websocket_events

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from gateway.execution.client import SubgraphAnswer, SubgraphRequest
    from gateway.subscriptions.options import SubscriptionOptions


class Upstream:
    """Opens subscriptions at subgraphs. Close it when done."""

    def __init__(self, options: SubscriptionOptions) -> None:
        self._options = options
        self._session: aiohttp.ClientSession | None = None

    async def events(
        self, subgraph: str, url: str, request: SubgraphRequest, headers: Mapping[str, str]
    ) -> AsyncGenerator[SubgraphAnswer, None]:
        """Yield the events until the subgraph completes the subscription; closing the generator closes it there.

        `headers` are the client's; only those of `FORWARDED` are sent. Raises SubscriptionRefused, SubscriptionLost or
        another SubrequestError.
        """
        sent = {name: value for name, value in headers.items() if name.lower() in FORWARDED}
        body: dict[str, Any] = {"query": request.document}
        if request.variables:
            body["variables"] = request.variables
        session = self._open()
        if subgraph in self._options.websocket_subgraphs:
            events = websocket_events(session, url, body, sent, self._options)
        else:
            events = _sse_events(session, url, body, sent, self._options)
        try:
            async for event in events:
                yield event
        except TimeoutError as error:
            raise SubscriptionLost("The service was silent for too long; subscribe again.") from error
        except aiohttp.ClientConnectorError as error:
            raise SubrequestHttpError("The service could not be reached.") from error
        except (aiohttp.ClientError, OSError) as error:
            raise SubscriptionLost("The connection to the service broke off; subscribe again.") from error
        finally:
            await events.aclose()

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            # No limit of connections here: the number of subscriptions is what is limited.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=self._options.connect_seconds, sock_read=self._options.idle_seconds
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


async def _sse_events(
    session: aiohttp.ClientSession,
    url: str,
    body: dict[str, Any],
    headers: Mapping[str, str],
    options: SubscriptionOptions,
) -> AsyncGenerator[SubgraphAnswer, None]:
    """GraphQL over SSE, distinct connections mode: `next` events with results, then `complete`."""
    sent = {**headers, "content-type": "application/json", "accept": "text/event-stream"}
    async with session.post(url, data=msgspec.json.encode(body), headers=sent, allow_redirects=False) as response:
        if response.content_type != "text/event-stream":
            content = await _limited(response, options.event_bytes)
            raise SubscriptionRefused(read_answer(response.status, content).errors)
        stream = EventStream(options.event_bytes)
        async for chunk in response.content.iter_any():
            try:
                events = stream.feed(chunk)
            except EventTooLarge as error:
                raise SubrequestTooLargeError("An event of the service is too large.") from error
            for name, data in events:
                if name == "complete":
                    return
                if name == "next":
                    yield read_result(_decoded(data))
    raise SubscriptionLost("The service ended the subscription without completing it; subscribe again.")


async def _limited(response: aiohttp.ClientResponse, most: int) -> bytes:
    content = b""
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > most:
            raise SubrequestTooLargeError("The service's answer is too large.")
    return content


def _decoded(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise SubrequestMalformedError("An event of the service is not JSON.") from error
