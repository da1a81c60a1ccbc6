"""Subscriptions: down to clients and up to subgraphs, over graphql-transport-ws and SSE."""
