"""What subscriptions may take of the gateway, and how long it waits for whom."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SubscriptionOptions:
    """Limits; times in seconds, sizes in bytes."""

    connections: int = 2000
    """WebSocket connections and SSE streams at a time, of everyone."""
    connections_per_user: int = 20
    subscriptions: int = 5000
    """Subscriptions at a time, of everyone."""
    operations_per_connection: int = 50
    message_bytes: int = 128 * 1024
    """Size of one message of a client over WebSocket."""
    queued_events: int = 100
    """Events of one subscription that wait to be completed and delivered; one more ends it."""
    concurrent_events: int = 4
    """Events of one subscription that are completed beside each other."""
    heartbeat_seconds: float = 12.0
    """How often a client hears from us when nothing happens. Over WebSocket it must answer before the next but one."""
    init_seconds: float = 5.0
    """How long a client may take to send connection_init."""
    send_seconds: float = 30.0
    """How long one message may wait for a client that does not read."""
    request_seconds: float = 30.0
    """Time for a query or mutation over WebSocket."""
    connect_seconds: float = 5.0
    """Time to reach a subgraph, and for its connection_ack."""
    idle_seconds: float = 60.0
    """How long a subgraph may send nothing at all, not even a heartbeat."""
    event_bytes: int = 1024 * 1024
    """Size of one event of a subgraph."""
    origins: tuple[str, ...] = ()
    """Origins of other sites whose pages may connect; `*` is any."""
    websocket_subgraphs: frozenset[str] = frozenset()
    """Subgraphs that are asked over graphql-transport-ws; all others over SSE."""
