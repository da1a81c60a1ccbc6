"""Events: federated, in order, over every pair of transports; and how they end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.gateway.subscriptions.subscription_kit import (
    CHANGED,
    Broken,
    Served,
    completed,
    gateway,
    hear,
    sse_events,
    subscribe,
    tell,
)


@pytest.fixture(params=["sse", "websocket"])
async def either(request: pytest.FixtureRequest) -> AsyncIterator[Served]:
    async with gateway(websocket=request.param == "websocket") as running:
        yield running


async def test_each_event_is_completed_by_the_other_subgraph_in_order(either: Served) -> None:
    async with either.session({"authorization": "Bearer t"}, additional_headers={"accept-language": "en"}) as socket:
        await subscribe(socket)
        await either.publisher.until(1)
        await either.publisher.ticket(1, 2, 3)
        await either.publisher.publish(None)
        heard = [await hear(socket) for _ in range(4)]
    assert heard[:3] == [{"type": "next", "id": "1", "payload": completed(number)} for number in (1, 2, 3)]
    assert heard[3] == {"type": "complete", "id": "1"}
    assert either.publisher.headers[0]["authorization"] == "Bearer t"
    assert either.publisher.headers[0]["accept-language"] == "en"
    assert either.people.headers[0]["authorization"] == "Bearer t"
    assert either.publisher.headers[0]["x-request-id"] == either.people.headers[0]["x-request-id"]
    assert "reporter" not in either.publisher.asked[0]["query"]


async def test_a_stream_over_sse_carries_the_same_events(either: Served) -> None:
    async with either.stream() as response:
        assert response.status == 200
        assert response.content_type == "text/event-stream"
        await either.publisher.until(1)
        await either.publisher.ticket(1, 2)
        await either.publisher.publish(None)
        assert await sse_events(response) == [("next", completed(1)), ("next", completed(2)), ("complete", None)]


async def test_events_keep_their_order_when_completing_them_takes_different_times() -> None:
    delays = iter([0.2, 0.0, 0.1, 0.0])

    def slow(each: dict[str, str]) -> dict[str, str]:
        time.sleep(next(delays))
        return {"id": each["id"], "reporter": f"reporter {each['id']}"}

    async with gateway(people={"Ticket": slow}) as served, served.session() as socket:
        await subscribe(socket)
        await served.publisher.until(1)
        await served.publisher.ticket(1, 2, 3, 4)
        assert [(await hear(socket))["payload"] for _ in range(4)] == [completed(number) for number in (1, 2, 3, 4)]


async def test_an_upstream_that_breaks_off_ends_the_subscription_with_an_error(either: Served) -> None:
    async with either.session() as socket:
        await subscribe(socket)
        await either.publisher.until(1)
        await either.publisher.ticket(1)
        assert (await hear(socket))["type"] == "next"
        await either.publisher.publish(Broken)
        ended = await hear(socket)
        assert ended["type"] == "error"
        assert ended["payload"][0]["extensions"]["code"] == "SUBSCRIPTION_LOST"
        assert ended["payload"][0]["extensions"]["service"] == "tickets"
        await subscribe(socket)
        await either.publisher.until(1)


async def test_a_refusal_of_the_subgraph_reaches_the_client_with_its_code(either: Served) -> None:
    either.publisher.refusal = [{"message": "no", "extensions": {"code": "FORBIDDEN"}}]
    async with either.session() as socket:
        await subscribe(socket)
        ended = await hear(socket)
    assert (ended["type"], ended["payload"][0]["extensions"]["code"]) == ("error", "FORBIDDEN")
    async with either.stream() as response:
        events = await sse_events(response)
    assert [name for name, _ in events] == ["next", "complete"]
    assert events[0][1]["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_subgraph_that_cannot_be_reached_is_an_error() -> None:
    async with gateway() as served, served.session() as socket:
        await served.publishing.cleanup()
        await subscribe(socket)
        ended = await hear(socket)
    assert (ended["type"], ended["payload"][0]["extensions"]["code"]) == ("error", "SUBREQUEST_HTTP_ERROR")


async def test_an_error_of_the_completing_subgraph_costs_its_fields_only(served: Served) -> None:
    served.people.resolvers["Ticket"] = lambda _each: None
    async with served.session() as socket:
        await subscribe(socket)
        await served.publisher.until(1)
        await served.publisher.ticket(1)
        payload = (await hear(socket))["payload"]
    assert payload["data"] == {"ticketChanged": {"id": "1", "title": "ticket 1", "reporter": None}}


async def test_an_event_with_errors_keeps_them_with_their_path(served: Served) -> None:
    async with served.session() as socket:
        await subscribe(socket, query="subscription { it: ticketChanged { name: title } }")
        await served.publisher.until(1)
        errors = [{"message": "hidden", "path": ["it", "name"]}]
        await served.publisher.publish({"data": {"it": {"name": None}}, "errors": errors})
        payload = (await hear(socket))["payload"]
    assert payload["errors"][0]["path"] == ["it", "name"]
    assert payload["data"] == {"it": {"name": None}}


@pytest.mark.parametrize("event", [b"data: nonsense", b"data: []", b'data: {"data": 1}', b"data: {}"])
async def test_a_malformed_event_ends_the_subscription(served: Served, event: bytes) -> None:
    async with served.session() as socket:
        await subscribe(socket)
        await served.publisher.until(1)
        await served.publisher.publish(event)
        ended = await hear(socket)
    assert ended["payload"][0]["extensions"]["code"] == "SUBREQUEST_MALFORMED_RESPONSE"


async def test_an_event_that_is_too_large_ends_the_subscription() -> None:
    for websocket in (False, True):
        async with gateway(websocket=websocket, subscriptions_event_bytes=2000) as served, served.session() as socket:
            await subscribe(socket)
            await served.publisher.until(1)
            await served.publisher.publish({"data": {"ticketChanged": {"id": "1", "title": "x" * 3000}}})
            ended = await hear(socket)
            assert ended["payload"][0]["extensions"]["code"] == "SUBREQUEST_RESPONSE_TOO_LARGE"


async def test_a_subgraph_that_falls_silent_is_given_up() -> None:
    for websocket in (False, True):
        async with gateway(websocket=websocket, subscriptions_idle_seconds=0.3) as served, served.session() as socket:
            await subscribe(socket)
            await served.publisher.until(1)
            if websocket:  # it answers pings, and so it is not silent
                await asyncio.sleep(0.6)
                await served.publisher.ticket(1)
                assert (await hear(socket))["type"] == "next"
            else:
                ended = await hear(socket)
                assert ended["payload"][0]["extensions"]["code"] == "SUBSCRIPTION_LOST"


async def test_queries_and_mutations_run_over_websocket_and_event_streams(served: Served) -> None:
    async with served.session() as socket:
        await subscribe(socket, "q", "{ whoami }")
        assert await hear(socket) == {"type": "next", "id": "q", "payload": {"data": {"whoami": "nobody"}}}
        assert await hear(socket) == {"type": "complete", "id": "q"}
        await subscribe(socket, "m", "mutation ($n: String!) { rename(name: $n) }", variables={"n": "x"})
        assert (await hear(socket))["payload"] == {"data": {"rename": "x"}}
        await hear(socket)
        await subscribe(socket, "bad", "{ nothing }")
        refused = await hear(socket)
        assert (refused["type"], refused["payload"][0]["extensions"]["code"]) == ("error", "BAD_REQUEST")
    async with served.stream("{ whoami }") as response:
        assert await sse_events(response) == [("next", {"data": {"whoami": "nobody"}}), ("complete", None)]
    both = {"accept": "application/json, text/event-stream"}
    async with served.stream("{ whoami }", both) as response:
        assert await response.json() == {"data": {"whoami": "nobody"}}
    async with served.stream("{ nothing }") as response:
        assert response.status == 400
        assert (await response.json())["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_a_subscription_without_an_event_stream_is_refused(served: Served) -> None:
    async with served.stream(CHANGED, {"accept": "application/json"}) as response:
        assert response.status == 400
        assert "text/event-stream" in (await response.json())["errors"][0]["message"]


async def test_ending_one_of_two_subscriptions_leaves_the_other(served: Served) -> None:
    async with served.session() as socket:
        await subscribe(socket, "a")
        await subscribe(socket, "b")
        await served.publisher.until(2)
        await tell(socket, id="a", type="complete")
        await served.publisher.until(1)
        await served.publisher.ticket(5)
        assert (await hear(socket))["id"] == "b"
        await subscribe(socket, "a")
        await served.publisher.until(2)
