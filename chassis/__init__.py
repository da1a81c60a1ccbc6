"""What every Linli service stands on: identity, access, database, events, GraphQL and HTTP plumbing.

Nothing in here knows about governance: no region level, duty or ticket is named.
"""
