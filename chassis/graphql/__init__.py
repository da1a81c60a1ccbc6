"""GraphQL plumbing that every service shares: documents, context, mutations, connections, problems, the endpoint."""
