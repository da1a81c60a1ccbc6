"""A subscription at a subgraph over graphql-transport-ws: one connection for one subscription."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec

from gateway.execution.errors import SubrequestHttpError, SubrequestMalformedError, SubrequestTooLargeError
from gateway.subscriptions.errors import SubscriptionLost, SubscriptionRefused
from gateway.subscriptions.results import read_result

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from gateway.execution.client import SubgraphAnswer
    from gateway.subscriptions.options import SubscriptionOptions

PROTOCOL = "graphql-transport-ws"
_ID = "1"
_CLOSE_SECONDS = 1.0


async def websocket_events(
    session: aiohttp.ClientSession,
    url: str,
    body: dict[str, Any],
    headers: Mapping[str, str],
    options: SubscriptionOptions,
) -> AsyncGenerator[SubgraphAnswer, None]:
    """Yield the events. The Authorization header is also sent as connection_init's payload, where servers look."""
    timeout = aiohttp.ClientWSTimeout(ws_close=_CLOSE_SECONDS)
    try:
        connecting = session.ws_connect(
            url,
            protocols=(PROTOCOL,),
            headers=headers,
            max_msg_size=options.event_bytes,
            heartbeat=options.idle_seconds / 2,
            timeout=timeout,
        )
        async with asyncio.timeout(options.connect_seconds):
            connection = await connecting
    except aiohttp.WSServerHandshakeError as error:
        raise SubrequestHttpError("The service refused the connection.", http={"status": error.status}) from error
    try:
        if connection.protocol != PROTOCOL:
            raise SubrequestMalformedError(f"The service does not speak {PROTOCOL}.")
        await _begin(connection, body, headers, options)
        while (message := await _receive(connection))["type"] != "complete":
            if message["type"] == "next":
                yield read_result(message.get("payload"))
            elif message["type"] == "error":
                payload = message.get("payload")
                raise SubscriptionRefused(payload if isinstance(payload, list) else [payload])
    finally:
        await connection.close()


async def _begin(
    connection: aiohttp.ClientWebSocketResponse,
    body: dict[str, Any],
    headers: Mapping[str, str],
    options: SubscriptionOptions,
) -> None:
    authorization = headers.get("authorization")
    payload = {"authorization": authorization} if authorization else {}
    await _send(connection, {"type": "connection_init", "payload": payload})
    async with asyncio.timeout(options.connect_seconds):
        while (await _receive(connection))["type"] != "connection_ack":
            pass
    await _send(connection, {"id": _ID, "type": "subscribe", "payload": body})


async def _send(connection: aiohttp.ClientWebSocketResponse, message: dict[str, Any]) -> None:
    await connection.send_str(msgspec.json.encode(message).decode())


async def _receive(connection: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    """Return the next message that is not about liveness, which is answered here."""
    while True:
        frame = await connection.receive()
        if frame.type is not aiohttp.WSMsgType.TEXT:
            _raise_end(connection)
        try:
            message = msgspec.json.decode(frame.data)
        except (msgspec.DecodeError, RecursionError) as error:
            raise SubrequestMalformedError("A message of the service is not JSON.") from error
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise SubrequestMalformedError(f"A message of the service is not one of {PROTOCOL}.")
        if message["type"] == "ping":
            await _send(connection, {"type": "pong"})
        elif message["type"] != "pong":
            return message


def _raise_end(connection: aiohttp.ClientWebSocketResponse) -> None:
    if connection.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG:
        raise SubrequestTooLargeError("An event of the service is too large.")
    raise SubscriptionLost(
        "The service ended the subscription without completing it; subscribe again.", close=connection.close_code
    )
