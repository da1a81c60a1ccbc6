"""What the runner remembers about the databases, kept beside them so that it is gone when they are."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from deploy.local.postgres import ServerAddress

_TABLE = "CREATE TABLE IF NOT EXISTS linli_note (key text PRIMARY KEY, value text NOT NULL)"
_WRITE = "INSERT INTO linli_note VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value"


async def note(server: ServerAddress, key: str) -> str | None:
    """Return what is noted under `key`, or None."""
    async with _administrator(server) as connection:
        found: str | None = await connection.fetchval("SELECT value FROM linli_note WHERE key = $1", key)
        return found


async def write_note(server: ServerAddress, key: str, value: str) -> None:
    """Note `value` under `key`, in place of what was there."""
    async with _administrator(server) as connection:
        await connection.execute(_WRITE, key, value)


@asynccontextmanager
async def _administrator(server: ServerAddress) -> AsyncIterator[asyncpg.Connection]:
    """Connect to the administrator's own database: no service can read or change what is noted there."""
    connection = await asyncpg.connect(server.url())
    try:
        await connection.execute(_TABLE)
        yield connection
    finally:
        await connection.close()
