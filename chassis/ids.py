"""Identifiers: UUIDv7, so that rows created together lie together in an index (RFC 9562, section 5.7)."""

from __future__ import annotations

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """Return a new time-ordered identifier."""
    return UUID(bytes=uuid_utils.compat.uuid7().bytes)
