"""Planning: from a validated operation and a supergraph to a plan, as pure data."""
