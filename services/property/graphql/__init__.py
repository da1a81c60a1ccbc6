"""property's graph: thin, without rules."""
