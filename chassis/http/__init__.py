"""HTTP plumbing of a service: reading requests, health, metrics, logs and traces."""
