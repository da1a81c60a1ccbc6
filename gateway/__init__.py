"""The gateway: one Apollo Federation 2 graph over independent services; knows GraphQL, not governance."""
