"""Execution: run a plan against the subgraphs and answer the client."""
