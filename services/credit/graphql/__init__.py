"""credit in the graph: thin, no rules."""
