"""The gateway's ASGI application: /graphql, GraphiQL, health, metrics, CORS."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, WebSocketRoute

from chassis.http.health import health_routes
from chassis.http.request import Headers
from gateway.execution.client import ClientLimits, HttpSubgraphClient
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
from gateway.supply.serving import Serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp, Receive, Scope, Send

    from gateway.composition.supergraph import Supergraph
    from gateway.settings import GatewaySettings

PATH = "/graphql"


@dataclass(frozen=True, slots=True)
class Graphs:
    """Makes the graph of a supergraph as the settings say; what outlives a graph is kept here."""

    settings: GatewaySettings
    persisted: PersistedDocuments

    def graph(self, supergraph: Supergraph) -> Graph:
        """Return a graph with a client of its own, which whoever drops the graph closes."""
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
            ClientLimits(total_seconds=settings.subgraph_seconds, connections=settings.subgraph_connections),
            observe,
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
    return Graphs(settings, persisted)


def application(settings: GatewaySettings, supergraph: Supergraph) -> Application:
    """Make the application that serves `supergraph`. Raises ManifestError."""
    serving = Serving(graphs(settings).graph(supergraph))
    endpoint = Endpoint(
        serving, settings.body_bytes, settings.request_seconds, settings.batch, log_access=settings.access_log
    )
    hub = Hub(settings.subscription_options)
    streams = EventStreams(serving, hub, settings.body_bytes, endpoint)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await hub.close()
        await serving.graph.client.close()

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
    return Application(choice, Starlette(routes=routes, lifespan=lifespan), hub)


@dataclass(frozen=True, slots=True)
class Application:
    """The ASGI application. GraphQL goes straight to its endpoint: routing and middleware would cost it a fifth."""

    graphql: ASGIApp
    otherwise: ASGIApp
    hub: Hub

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
