"""The gateway on a free port, over a subgraph that publishes (SSE or WebSocket) and one that completes its events."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
import uvicorn
import websockets
from aiohttp import WSMsgType, web
from starlette.routing import WebSocketRoute

from gateway.composition.compose import SubgraphSource, compose
from gateway.http.app import application
from gateway.settings import GatewaySettings
from gateway.subscriptions.server import GatewayServer
from tests.gateway.subgraph_kit import FixtureSubgraph, serve

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable

    from gateway.subscriptions.hub import Hub
    from gateway.supply.serving import Serving

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n'
TICKETS = (
    LINK
    + """
type Query { tickets: [Ticket] }
type Subscription { ticketChanged(district: String): Ticket broken: Ticket }
type Ticket @key(fields: "id") { id: ID! title: String }
"""
)
PEOPLE = (
    LINK
    + """
type Query { whoami: String }
type Mutation { rename(name: String!): String }
type Ticket @key(fields: "id") { id: ID! reporter: String }
"""
)
CHANGED = 'subscription { ticketChanged(district: "370321") { id title reporter } }'


class Broken(Exception):
    """The publisher drops the connection."""


@dataclass
class Publisher:
    """A subgraph's stream of events: the test puts events, None to complete, Broken to drop the connection."""

    streams: list[asyncio.Queue[Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    refusal: list[dict[str, Any]] | None = None
    opened: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, count: int) -> None:
        """Wait until exactly `count` streams are open."""
        async with asyncio.timeout(10), self.opened:
            await self.opened.wait_for(lambda: len(self.streams) == count)

    async def publish(self, *events: Any) -> None:
        for event in events:
            for stream in list(self.streams):
                stream.put_nowait(event)

    async def ticket(self, *numbers: int) -> None:
        await self.publish(*({"data": {"ticketChanged": ticket(number)}} for number in numbers))

    async def events(self, body: dict[str, Any], headers: Any) -> AsyncGenerator[Any, None]:
        stream: asyncio.Queue[Any] = asyncio.Queue()
        self.asked.append(body)
        self.headers.append({name.lower(): value for name, value in headers.items()})
        async with self.opened:
            self.streams.append(stream)
            self.opened.notify_all()
        try:
            while (event := await stream.get()) is not None:
                if event is Broken:
                    raise Broken
                yield event
        finally:
            self.streams.remove(stream)
            async with self.opened:
                self.opened.notify_all()

    async def over_sse(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if self.refusal is not None:
            return web.json_response({"errors": self.refusal})
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b":\n\n")
        async with aclosing(self.events(body, request.headers)) as events:
            try:
                async for event in events:
                    text = event if isinstance(event, bytes) else b"data: " + json.dumps(event).encode()
                    await response.write(b"event: next\n" + text + b"\n\n")
            except Broken:
                assert request.transport is not None
                request.transport.abort()
                return response
        await response.write(b"event: complete\ndata:\n\n")
        return response

    async def over_websocket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(protocols=("graphql-transport-ws",))
        await socket.prepare(request)
        init = await socket.receive_json()
        assert init["type"] == "connection_init"
        await socket.send_json({"type": "ping"})
        assert (await socket.receive_json())["type"] == "pong"
        await socket.send_json({"type": "connection_ack"})
        begin = await socket.receive_json()
        if self.refusal is not None:
            await socket.send_json({"id": begin["id"], "type": "error", "payload": self.refusal})
            await socket.receive()
            return socket
        sending = asyncio.create_task(self._send(socket, begin, {**request.headers, **init["payload"]}))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT and json.loads(message.data)["type"] == "complete":
                    break
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        return socket

    async def _send(self, socket: web.WebSocketResponse, begin: dict[str, Any], headers: Any) -> None:
        async with aclosing(self.events(begin["payload"], headers)) as events:
            try:
                async for event in events:
                    await socket.send_json({"id": begin["id"], "type": "next", "payload": event})
            except Broken:
                await socket.close(code=1011)
                return
        await socket.send_json({"id": begin["id"], "type": "complete"})


def ticket(number: int) -> dict[str, Any]:
    return {"__typename": "Ticket", "id": str(number), "title": f"ticket {number}"}


def completed(number: int) -> dict[str, Any]:
    """The event of `ticket(number)` as clients of `CHANGED` get it."""
    answer = {"id": str(number), "title": f"ticket {number}", "reporter": f"reporter {number}"}
    return {"data": {"ticketChanged": answer}}


@dataclass
class Served:
    url: str
    publisher: Publisher
    publishing: web.AppRunner
    people: FixtureSubgraph
    hub: Hub
    server: GatewayServer
    running: asyncio.Task[None]
    client: aiohttp.ClientSession

    def connect(self, **options: Any) -> websockets.connect:
        options = {"subprotocols": ["graphql-transport-ws"], "proxy": None, **options}
        return websockets.connect(f"{self.url.replace('http', 'ws')}/graphql", **options)

    @asynccontextmanager
    async def session(self, payload: dict[str, Any] | None = None, **options: Any) -> AsyncIterator[Any]:
        """An acknowledged connection."""
        async with self.connect(**options) as socket:
            await tell(socket, type="connection_init", payload=payload or {})
            assert await hear(socket) == {"type": "connection_ack"}
            yield socket

    def stream(self, query: str = CHANGED, headers: dict[str, str] | None = None) -> Any:
        sent = {"accept": "text/event-stream", **(headers or {})}
        return self.client.post(f"{self.url}/graphql", json={"query": query}, headers=sent)

    def endpoint_serving(self) -> Serving:
        """What holds the graph in service."""
        routes = self.server.config.app.otherwise.routes  # type: ignore[union-attr]
        socket = next(route for route in routes if isinstance(route, WebSocketRoute))
        return socket.app._serving  # type: ignore[attr-defined, no-any-return]

    async def stop(self) -> None:
        self.server.should_exit = True
        await self.running


async def tell(socket: Any, **message: Any) -> None:
    await socket.send(json.dumps(message))


async def hear(socket: Any) -> dict[str, Any]:
    """The next message but heartbeats."""
    async with asyncio.timeout(10):
        while (message := json.loads(await socket.recv()))["type"] == "ping":
            pass
    return dict(message)


async def subscribe(socket: Any, name: str = "1", query: str = CHANGED, **payload: Any) -> None:
    await tell(socket, id=name, type="subscribe", payload={"query": query, **payload})


async def sse_events(response: aiohttp.ClientResponse) -> list[tuple[str, Any]]:
    """All events to the end of the stream."""
    text = (await response.content.read()).decode()
    events = []
    for block in filter(None, text.replace(":\n\n", "", 1).split("\n\n")):
        fields = dict(line.split(":", 1) for line in block.split("\n"))
        if "event" in fields:
            data = fields["data"].strip()
            events.append((fields["event"].strip(), json.loads(data) if data else None))
    return events


@asynccontextmanager
async def gateway(
    *, websocket: bool = False, people: dict[str, Callable[..., Any]] | None = None, **settings: Any
) -> AsyncIterator[Served]:
    publisher = Publisher()
    resolvers = {
        "Query.whoami": "nobody",
        "Mutation.rename": lambda _source, name: name,
        "Ticket": lambda each: {"id": each["id"], "reporter": f"reporter {each['id']}"},
        **(people or {}),
    }
    subgraph = FixtureSubgraph("people", PEOPLE, resolvers)
    app = web.Application()
    app.router.add_post("/tickets", publisher.over_sse)
    app.router.add_get("/tickets", publisher.over_websocket)
    runner = web.AppRunner(app, shutdown_timeout=1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    tickets = f"http://127.0.0.1:{runner.addresses[0][1]}/tickets"
    async with serve([subgraph]) as running:
        sources = [
            SubgraphSource("tickets", tickets, TICKETS),
            SubgraphSource("people", running.urls["people"], PEOPLE),
        ]
        given = {"subscriptions_websocket": "tickets" if websocket else "", **settings}
        chosen = GatewaySettings.model_validate({"subgraphs": "unused=http://127.0.0.1:1", **given})
        made = application(chosen, compose(sources))
        config = uvicorn.Config(made, port=0, log_config=None, lifespan="on", ws_per_message_deflate=False)
        server = GatewayServer(config, made.hub)
        task = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
            await asyncio.sleep(0.01)
        url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        try:
            async with aiohttp.ClientSession() as client:
                yield Served(url, publisher, runner, subgraph, made.hub, server, task, client)
        finally:
            server.should_exit = True
            await task
            await runner.cleanup()
