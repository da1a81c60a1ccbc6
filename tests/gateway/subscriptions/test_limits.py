"""Limits, cancellation, shutdown and reload: what a gateway with many subscribers must survive."""

from __future__ import annotations

import asyncio
import threading
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import websockets
from graphql import validate

from gateway import subscriptions
from gateway.http.graph import Graph
from tests.gateway.subscriptions.subscription_kit import Served, completed, gateway, hear, sse_events, subscribe, tell

OURS = str(Path(subscriptions.__file__).parent)


def works() -> set[asyncio.Task[Any]]:
    """The tasks that run subscriptions."""
    sources = {task: task.get_coro().cr_code.co_filename for task in asyncio.all_tasks()}  # type: ignore[union-attr]
    return {task for task, source in sources.items() if source.startswith(OURS)}


async def until_quiet(served: Served) -> None:
    async with asyncio.timeout(10):
        # Nothing else marks the end of a task.
        while works() or served.hub.connections or served.hub.subscriptions:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_users_connections_are_limited_and_anothers_are_not() -> None:
    async with gateway(subscriptions_connections_per_user=2) as served, AsyncExitStack() as stack:
        for _ in range(2):
            await stack.enter_async_context(served.session({"authorization": "Bearer a"}))
        async with served.connect() as socket:
            await tell(socket, type="connection_init", payload={"authorization": "Bearer a"})
            with pytest.raises(websockets.ConnectionClosed):
                await socket.recv()
            assert socket.close_code == 1013
        async with served.stream(headers={"authorization": "Bearer a"}) as response:
            assert response.status == 429
            assert (await response.json())["errors"][0]["extensions"]["code"] == "TOO_MANY"
        await stack.enter_async_context(served.session({"authorization": "Bearer b"}))
        await stack.enter_async_context(served.session())


async def test_operations_of_a_connection_and_subscriptions_in_all_are_limited() -> None:
    async with gateway(subscriptions_per_connection=2, subscriptions_total=3) as served:
        async with served.session() as one, served.session() as other:
            for name in ("a", "b"):
                await subscribe(one, name)
            await subscribe(one, "c")
            refused = await hear(one)
            assert (refused["id"], refused["payload"][0]["extensions"]["code"]) == ("c", "TOO_MANY")
            await subscribe(other, "a")
            await served.publisher.until(3)
            await subscribe(other, "b")
            assert (await hear(other))["payload"][0]["extensions"]["code"] == "TOO_MANY"
            await tell(one, id="a", type="complete")
            await served.publisher.until(2)
            await subscribe(other, "b")
            await served.publisher.until(3)
        await until_quiet(served)


async def test_a_slow_consumer_is_dropped_with_a_clear_error_and_not_kept_in_memory() -> None:
    async with gateway(subscriptions_queue=5) as served, served.session(max_queue=1) as socket:
        await subscribe(socket, query="subscription { ticketChanged { id title } }")
        await served.publisher.until(1)
        title = "x" * 200_000
        await served.publisher.publish(
            *({"data": {"ticketChanged": {"id": str(number), "title": title}}} for number in range(200))
        )
        await served.publisher.until(0)
        seen = [await hear(socket)]
        while seen[-1]["type"] == "next":
            seen.append(await hear(socket))
        assert len(seen) < 200
        assert seen[-1]["payload"][0]["extensions"]["code"] == "SUBSCRIPTION_TOO_SLOW"
        await subscribe(socket)
        await served.publisher.until(1)


async def test_a_client_that_goes_closes_the_subgraphs_stream_at_once(served: Served) -> None:
    async with served.session() as socket:
        await subscribe(socket)
        await served.publisher.until(1)
        socket.transport.abort()
        await served.publisher.until(0)
    response = await served.stream()
    await served.publisher.until(1)
    response.close()
    await served.publisher.until(0)
    await until_quiet(served)


async def test_many_clients_get_every_event_and_leave_nothing_behind(served: Served) -> None:
    served.hub.options = type(served.hub.options)(connections_per_user=100)

    async def client() -> list[Any]:
        async with served.session() as socket:
            await subscribe(socket)
            return [(await hear(socket))["payload"] for _ in range(3)]

    clients = [asyncio.create_task(client()) for _ in range(60)]
    await served.publisher.until(60)
    await served.publisher.ticket(1, 2, 3)
    for answers in await asyncio.gather(*clients):
        assert answers == [completed(1), completed(2), completed(3)]
    await served.publisher.until(0)
    await until_quiet(served)


async def test_a_running_subscription_outlives_the_graph_it_began_with(served: Served) -> None:
    async with served.session() as socket:
        await subscribe(socket)
        await served.publisher.until(1)
        serving = served.endpoint_serving()
        old = serving.graph
        serving.replace(Graph(old.supergraph, old.limits, old.client, introspection=False))
        await served.publisher.ticket(1)
        assert (await hear(socket))["payload"] == completed(1)
        await subscribe(socket, "2", "{ __schema { queryType { name } } }")
        assert (await hear(socket))["type"] == "error"


async def test_a_stop_tells_every_client(served: Served) -> None:
    async with served.session() as socket, served.stream(headers={"accept-language": "en"}) as response:
        await subscribe(socket)
        await served.publisher.until(2)
        stopping = asyncio.create_task(served.stop())
        with pytest.raises(websockets.ConnectionClosed):
            await socket.recv()
        assert socket.close_code == 1001
        events = await sse_events(response)
        assert [name for name, _ in events] == ["next", "complete"]
        assert events[0][1]["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        async with asyncio.timeout(8):
            await stopping
    assert not works()


async def test_the_gauges_follow_the_subscriptions(served: Served) -> None:
    async def gauge() -> str:
        async with aiohttp.ClientSession() as client, client.get(f"{served.url}/metrics") as response:
            lines = (await response.text()).split("\n")
        return next(line for line in lines if line.startswith('linli_gateway_subscriptions{subgraph="tickets"}'))

    async with served.session() as socket:
        await subscribe(socket)
        await served.publisher.until(1)
        assert (await gauge()).endswith(" 1.0")
    await until_quiet(served)
    assert (await gauge()).endswith(" 0.0")


async def test_a_large_document_is_validated_in_a_thread_whichever_way_it_comes(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def validating(*given: Any, **more: Any) -> Any:
        threads.append(threading.current_thread())
        return validate(*given, **more)

    monkeypatch.setattr("gateway.http.documents.validate", validating)
    query = "{ whoami } # " + "x" * 1000
    async with served.session() as socket:
        await subscribe(socket, query=f"{query} over WebSocket")
        assert (await hear(socket))["payload"] == {"data": {"whoami": "nobody"}}
    async with served.stream(f"{query} over SSE") as response:
        assert (await sse_events(response))[0] == ("next", {"data": {"whoami": "nobody"}})
    assert len(threads) == 2
    assert threading.main_thread() not in threads
