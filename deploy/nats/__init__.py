"""NATS for ops: the declaration file, servers' configuration, districts and keys, and the audit of isolation."""
