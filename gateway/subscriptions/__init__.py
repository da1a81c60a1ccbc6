"""Subscriptions: down to clients over graphql-transport-ws and SSE, up to subgraphs over SSE or graphql-transport-ws."""
