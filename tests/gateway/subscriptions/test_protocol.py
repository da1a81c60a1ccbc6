"""graphql-transport-ws as it is written: each message, each close code."""

from __future__ import annotations

import asyncio
import json
import time
from base64 import urlsafe_b64encode
from typing import Any

import pytest
import websockets

from tests.gateway.subscriptions.subscription_kit import Served, completed, gateway, hear, sse_events, subscribe, tell

INIT = {"type": "connection_init"}
SUBSCRIBE = {"type": "subscribe", "id": "1", "payload": {"query": "subscription { ticketChanged { id } }"}}


def token(seconds: float) -> str:
    """A token that nobody signed, which is all that a gateway looks at."""
    claims = urlsafe_b64encode(json.dumps({"exp": time.time() + seconds}).encode()).decode().rstrip("=")
    return f"Bearer e30.{claims}.c2ln"


async def closed(socket: Any) -> int:
    """How the gateway closes the connection."""
    async with asyncio.timeout(10):
        await socket.wait_closed()
    return int(socket.close_code)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (["nonsense"], 4400),
        (["{}"], 4400),
        ([{"type": "unknown"}], 4400),
        ([INIT, {"type": "subscribe"}], 4400),
        ([INIT, {"type": "subscribe", "id": "", "payload": {"query": "{ whoami }"}}], 4400),
        ([INIT, {"type": "connection_ack"}], 4400),
        ([INIT, b"binary"], 4400),
        ([SUBSCRIBE], 4401),
        ([{"type": "connection_init", "payload": {"authorization": 7}}], 4403),
        ([{"type": "connection_init", "payload": {"authorization": token(-1)}}], 4403),
        ([INIT, SUBSCRIBE, SUBSCRIBE], 4409),
        ([INIT, INIT], 4429),
        ([INIT, "[" * 200_000], 1009),
    ],
)
async def test_what_the_protocol_forbids_closes_the_connection(served: Served, sent: list[Any], code: int) -> None:
    async with served.connect() as socket:
        for message in sent:
            await socket.send(json.dumps(message) if isinstance(message, dict) else message)
        assert await closed(socket) == code
    assert served.hub.connections == 0


@pytest.mark.parametrize("subprotocols", [None, ["graphql-ws"]])
async def test_another_subprotocol_closes_the_connection(served: Served, subprotocols: list[Any] | None) -> None:
    async with served.connect(subprotocols=subprotocols) as socket:
        assert await closed(socket) == 4406


async def test_a_client_that_never_initialises_is_closed() -> None:
    async with gateway() as served:
        served.hub.options = type(served.hub.options)(init_seconds=0.1)
        async with served.connect() as socket:
            assert await closed(socket) == 4408


async def test_a_ping_is_answered_before_and_after_initialisation(served: Served) -> None:
    async with served.connect() as socket:
        await tell(socket, type="ping")
        assert await hear(socket) == {"type": "pong"}
        await tell(socket, **INIT)
        assert await hear(socket) == {"type": "connection_ack"}
        await tell(socket, type="ping", payload={})
        assert await hear(socket) == {"type": "pong"}


async def test_heartbeats_come_and_a_client_without_pongs_is_closed() -> None:
    async with gateway(subscriptions_heartbeat_seconds=0.1) as served:
        async with served.session() as socket:
            for _ in range(3):
                assert json.loads(await socket.recv()) == {"type": "ping"}
                await tell(socket, type="pong")
            assert await closed(socket) == 4499
        async with served.stream() as response:
            await served.publisher.until(1)
            await asyncio.wait_for(response.content.readuntil(b":\n\n:\n\n"), 5)


@pytest.mark.parametrize(
    ("origin", "allowed"), [("https://city.example", True), ("https://evil.example", False), (None, True)]
)
async def test_a_foreign_origin_is_refused_at_the_upgrade(origin: str | None, allowed: bool) -> None:
    async with gateway(cors_origins="https://city.example") as served:
        if allowed:
            async with served.session(origin=origin):
                pass
        else:
            with pytest.raises(websockets.InvalidStatus) as refused:
                async with served.connect(origin=origin):
                    pass
            assert refused.value.response.status_code == 403


async def test_the_gateways_own_pages_may_connect(served: Served) -> None:
    async with served.session(origin=served.url):
        pass


async def test_authorization_comes_from_the_upgrade_or_from_the_payload_which_wins(served: Served) -> None:
    async with served.session(additional_headers={"authorization": "Bearer a"}) as socket:
        await subscribe(socket)
        await served.publisher.until(1)
    await served.publisher.until(0)
    async with served.session(
        {"Authorization": "Bearer b"}, additional_headers={"authorization": "Bearer a"}
    ) as socket:
        await subscribe(socket)
        await served.publisher.until(1)
    assert [headers["authorization"] for headers in served.publisher.headers] == ["Bearer a", "Bearer b"]


async def test_a_subscription_ends_when_the_token_does(served: Served) -> None:
    async with served.session({"authorization": token(3)}) as socket:
        await subscribe(socket)
        await served.publisher.until(1)
        await served.publisher.ticket(1)
        assert (await hear(socket))["payload"] == completed(1)
        assert await closed(socket) == 4403
    await served.publisher.until(0)
    async with served.stream(headers={"authorization": token(1.5), "accept-language": "zh"}) as response:
        events = await sse_events(response)
    assert [name for name, _ in events] == ["next", "complete"]
    error = events[0][1]["errors"][0]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert error["message"].startswith("登录已过期")
