"""The gateway's settings, from `LINLI_GATEWAY_*`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 (pydantic reads annotations at run time)

from pydantic import Field, field_validator, model_validator

from chassis.settings import LOG_LEVELS, EnvironmentSettings
from gateway.subscriptions.options import SubscriptionOptions

PREFIX = "LINLI_GATEWAY_"


class GatewaySettings(EnvironmentSettings):
    """What the gateway is told."""

    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="port to listen on")
    subgraphs: str = Field(default="", description="name=url pairs by comma; their SDLs are fetched and composed")
    supergraph: Path | None = Field(default=None, description="a supergraph SDL to load instead of composing")
    supergraph_out: Path | None = Field(default=None, description="where the composed supergraph SDL is written")
    reload_seconds: float = Field(
        default=10.0, ge=0, description="how often subgraphs or the supergraph file are looked at; 0: at SIGHUP only"
    )
    accept_breaking: bool = Field(default=False, description="serve a new supergraph that breaks clients' documents")
    start_seconds: float = Field(default=60.0, gt=0, description="how long to wait for subgraphs' SDLs")
    introspection: bool = Field(default=True, description="answer __schema and __type")
    graphiql: bool = Field(default=True, description="show GraphiQL to browsers")
    example: Path | None = Field(default=None, description="file with the query that GraphiQL starts with")
    cors_origins: str = Field(default="", description="origins by comma that browsers may call from; * for any")
    depth: int = Field(default=15, ge=1, description="levels of fields, fragments flattened")
    tokens: int = Field(default=5000, ge=1, description="tokens of a document")
    aliases: int = Field(default=50, ge=0, description="aliases of an operation")
    root_fields: int = Field(default=20, ge=1, description="fields at the root of an operation")
    directives: int = Field(default=50, ge=0, description="directives of an operation")
    cost: int = Field(default=1_000_000, ge=1, description="objects that an operation may fetch, estimated")
    list_size: int = Field(default=1000, ge=1, description="items that an operation may ask of one list")
    batch: int = Field(default=0, ge=0, le=100, description="requests in one array; 0 refuses arrays")
    suggestions: bool = Field(default=True, description="name the schema's like-sounding names in errors")
    trusted_documents: Path | None = Field(default=None, description="manifest of documents that are known by id")
    only_trusted: bool = Field(default=False, description="answer documents of the manifest only")
    automatic_persisted: bool = Field(default=True, description="keep documents that clients send with their hash")
    mask_errors: bool = Field(default=True, description="hide messages of subgraphs' errors with codes not shown")
    shown_errors: str = Field(
        default="UNAUTHENTICATED,FORBIDDEN,NOT_FOUND,BAD_REQUEST,TOO_LARGE,TIMEOUT,UNAVAILABLE",
        description="codes by comma of subgraphs' errors that clients see as they are",
    )
    access_log: bool = Field(default=False, description="log a line for each request")
    body_bytes: int = Field(default=1024 * 1024, ge=1, description="size of a request")
    request_seconds: float = Field(default=30.0, gt=0, description="time for a whole request")
    subgraph_seconds: float = Field(default=20.0, gt=0, description="time for one answer of a subgraph")
    subgraph_connections: int = Field(default=64, ge=1, description="connections to one subgraph")
    share_in_flight: bool = Field(default=True, description="run equal queries of one identity that overlap once")
    subscriptions_connections: int = Field(default=2000, ge=1, description="WebSocket connections and SSE streams")
    subscriptions_connections_per_user: int = Field(default=20, ge=1, description="the same, of one user or address")
    subscriptions_total: int = Field(default=5000, ge=1, description="subscriptions that run at a time")
    subscriptions_per_connection: int = Field(default=50, ge=1, description="operations of one WebSocket connection")
    subscriptions_message_bytes: int = Field(default=128 * 1024, ge=1024, description="a WebSocket client's message")
    subscriptions_queue: int = Field(default=100, ge=1, description="events that may wait for a slow client")
    subscriptions_heartbeat_seconds: float = Field(default=12.0, gt=0, description="how often clients hear from us")
    subscriptions_idle_seconds: float = Field(default=60.0, gt=0, description="how long a subgraph may be silent")
    subscriptions_event_bytes: int = Field(default=1024 * 1024, ge=1024, description="size of a subgraph's event")
    subscriptions_websocket: str = Field(
        default="", description="subgraphs by comma that are subscribed to over graphql-transport-ws; others over SSE"
    )
    log_level: str = Field(default="INFO", pattern=LOG_LEVELS, description="DEBUG, INFO, WARNING or ERROR")

    @field_validator("subgraphs")
    @classmethod
    def _well_formed(cls, value: str) -> str:
        for pair in filter(None, value.split(",")):
            name, _, url = pair.partition("=")
            if not name.strip() or not url.strip().startswith(("http://", "https://")):
                raise ValueError(f"{pair!r} is not name=url")
        return value

    @model_validator(mode="after")
    def _some_graph(self) -> GatewaySettings:
        if not self.subgraphs and self.supergraph is None:
            raise ValueError("name subgraphs to compose, or a supergraph to load")
        if self.only_trusted and self.trusted_documents is None:
            raise ValueError("only_trusted needs trusted_documents")
        return self

    @property
    def subgraph_urls(self) -> dict[str, str]:
        """Subgraph name → URL."""
        pairs = (pair.partition("=") for pair in self.subgraphs.split(",") if pair)
        return {name.strip(): url.strip() for name, _, url in pairs}

    @property
    def origins(self) -> list[str]:
        """The allowed origins."""
        return [origin.strip() for origin in self.cors_origins.split(",") if origin.strip()]

    @property
    def shown_codes(self) -> frozenset[str]:
        """The codes of subgraphs' errors that clients see."""
        return frozenset(filter(None, (code.strip() for code in self.shown_errors.split(","))))

    @property
    def subscription_options(self) -> SubscriptionOptions:
        """The limits of subscriptions."""
        return SubscriptionOptions(
            connections=self.subscriptions_connections,
            connections_per_user=self.subscriptions_connections_per_user,
            subscriptions=self.subscriptions_total,
            operations_per_connection=self.subscriptions_per_connection,
            message_bytes=self.subscriptions_message_bytes,
            queued_events=self.subscriptions_queue,
            heartbeat_seconds=self.subscriptions_heartbeat_seconds,
            request_seconds=self.request_seconds,
            idle_seconds=self.subscriptions_idle_seconds,
            event_bytes=self.subscriptions_event_bytes,
            origins=tuple(self.origins),
            websocket_subgraphs=frozenset(filter(None, map(str.strip, self.subscriptions_websocket.split(",")))),
        )
