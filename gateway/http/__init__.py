"""A request's story over HTTP: limits, identity, documents, plan, execute, respond; and GraphiQL."""
