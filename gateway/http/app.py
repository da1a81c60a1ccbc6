"""The gateway's ASGI application: /graphql, GraphiQL, health, metrics, CORS."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute

from chassis.http.health import health_routes
from chassis.http.request import Headers
from chassis.race import cancel
from gateway.execution.client import ClientLimits, HttpSubgraphClient, Pools
from gateway.http.endpoint import Endpoint
from gateway.http.graph import Graph
from gateway.http.graphiql import graphiql_routes, page
from gateway.http.limits import Limits
from gateway.http.masking import Masking
from gateway.http.metrics import observe
from gateway.http.persisted import PersistedDocuments, read_manifest
from gateway.subscriptions.hub import Hub
from gateway.subscriptions.sse import EventStreams, accepts_events
from gateway.subscriptions.websocket import WebSocketEndpoint
from gateway.supply.reload import Reloader
from gateway.supply.serving import Serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from gateway.composition.supergraph import Supergraph
    from gateway.settings import GatewaySettings
    from gateway.supply.sources import Source

PATH = "/graphql"


@dataclass(frozen=True, slots=True)
class Graphs:
    """Makes the graph of a supergraph as the settings say; what outlives a graph is kept here."""

    settings: GatewaySettings
    persisted: PersistedDocuments
    pools: Pools

    def graph(self, supergraph: Supergraph) -> Graph:
        """Return a graph; all graphs share the connections to subgraphs."""
        settings = self.settings
        limits = Limits(
            settings.depth,
            settings.tokens,
            settings.aliases,
            settings.root_fields,
            settings.directives,
            cost=settings.cost,
            list_size=settings.list_size,
        )
        client = HttpSubgraphClient(
            {subgraph.name: subgraph.url for subgraph in supergraph.subgraphs.values()},
            observer=observe,
            pools=self.pools,
        )
        return Graph(
            supergraph,
            limits,
            client,
            settings.introspection,
            settings.suggestions,
            settings.share_in_flight,
            Masking(settings.shown_codes) if settings.mask_errors else None,
            self.persisted,
        )


def graphs(settings: GatewaySettings) -> Graphs:
    """Return what makes graphs. Raises ManifestError."""
    trusted = read_manifest(settings.trusted_documents) if settings.trusted_documents else None
    persisted = PersistedDocuments(trusted, only_trusted=settings.only_trusted, automatic=settings.automatic_persisted)
    limits = ClientLimits(total_seconds=settings.subgraph_seconds, connections=settings.subgraph_connections)
    return Graphs(settings, persisted, Pools(limits))


def application(settings: GatewaySettings, supergraph: Supergraph, source: Source | None = None) -> Application:
    """Make the application that serves `supergraph`, and whatever `source` offers later. Raises ManifestError."""
    making = graphs(settings)
    serving = Serving(making.graph(supergraph))
    endpoint = Endpoint(
        serving, settings.body_bytes, settings.request_seconds, settings.batch, log_access=settings.access_log
    )
    reloader: Reloader | None = None
    if source is not None:
        reloader = Reloader(
            serving, source, making.graph, settings.reload_seconds, settings.accept_breaking, settings.supergraph_out
        )
    hub = Hub(settings.subscription_options)
    streams = EventStreams(serving, hub, settings.body_bytes, endpoint)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(making.pools.close)
            stack.push_async_callback(hub.close)
            if reloader is not None:
                stack.push_async_callback(cancel, [asyncio.create_task(reloader.run())])
                # Only the main thread's loop can have signals.
                with suppress(ValueError, RuntimeError, NotImplementedError):
                    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, reloader.nudge)
            yield

    async def composed() -> bool:
        return True

    example = settings.example.read_text(encoding="utf-8") if settings.example else "{\n  __typename\n}\n"
    # One object for all: a browser that asks for a page gets GraphiQL, everything else GraphQL.
    choice: ASGIApp = _Choice(endpoint, streams, with_page=settings.graphiql)
    if settings.origins:
        choice = CORSMiddleware(
            choice,
            allow_origins=settings.origins,
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type", "accept-language", "x-request-id", "x-requested-with"],
            expose_headers=["x-request-id"],
            max_age=600,
        )
    routes: list[BaseRoute] = [
        WebSocketRoute(PATH, WebSocketEndpoint(serving, hub)),
        *(graphiql_routes(example) if settings.graphiql else ()),
        *health_routes({"supergraph": composed}, {}),
    ]
    if reloader is not None:
        routes.append(_status_route(reloader))
    return Application(choice, Starlette(routes=routes, lifespan=lifespan), hub, reloader)


def _status_route(reloader: Reloader) -> Route:
    async def status(_request: Request) -> Response:
        return JSONResponse(reloader.status.told())

    return Route("/supergraph/status", status)


@dataclass(frozen=True, slots=True)
class Application:
    """The ASGI application. GraphQL goes straight to its endpoint: routing and middleware would cost it a fifth."""

    graphql: ASGIApp
    otherwise: ASGIApp
    hub: Hub
    reloader: Reloader | None = None
    """Looks for new supergraphs while the application runs."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["path"] == PATH:
            await self.graphql(scope, receive, send)
        else:
            await self.otherwise(scope, receive, send)


class _Choice:
    """/graphql: GraphiQL for a page load, event streams for those who ask for them, GraphQL for everything else."""

    def __init__(self, endpoint: Endpoint, streams: EventStreams, *, with_page: bool) -> None:
        self._endpoint = endpoint
        self._streams = streams
        self._with_page = with_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        accepted = next((value for name, value in scope["headers"] if name == b"accept"), b"").lower()
        if b"text/" not in accepted:
            await self._endpoint(scope, receive, send)
            return
        wants_page = scope["method"] == "GET" and b"text/html" in accepted and not scope["query_string"]
        if wants_page and self._with_page:
            await page()(scope, receive, send)
        elif accepts_events(Headers(scope)):
            await self._streams(scope, receive, send)
        else:
            await self._endpoint(scope, receive, send)
