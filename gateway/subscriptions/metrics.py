"""What is counted of subscriptions."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

CONNECTIONS = Gauge("linli_gateway_subscription_connections", "WebSocket connections and SSE streams", ["transport"])
SUBSCRIPTIONS = Gauge("linli_gateway_subscriptions", "Subscriptions that run", ["subgraph"])
EVENTS = Counter("linli_gateway_subscription_events_total", "Events that subgraphs sent", ["subgraph"])
ENDS = Counter("linli_gateway_subscription_ends_total", "Subscriptions that ended", ["subgraph", "outcome"])
