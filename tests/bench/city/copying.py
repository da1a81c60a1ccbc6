"""Rows into PostgreSQL by COPY: as text, frozen, into tables without secondary indexes, which are made afterwards."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import asyncpg
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

if TYPE_CHECKING:
    from collections.abc import Sequence

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_AT_ONCE = 5_000
"""Lines of one message."""


def driver_url(url: str) -> str:
    """Return SQLAlchemy's URL as the driver takes it."""
    return url.replace("+asyncpg", "")


def value(given: Any, *, is_json: bool = False, is_array: bool = False) -> str:
    """Return a value as COPY reads it."""
    if given is None:
        return "\\N"
    if is_json:
        return json.dumps(given, ensure_ascii=False, default=str).translate(_ESCAPED)
    if is_array:
        return "{" + ",".join(map(str, given)) + "}"
    if isinstance(given, bool):
        return "t" if given else "f"
    if isinstance(given, date | datetime):
        return given.isoformat()
    return str(given).translate(_ESCAPED)


def line(table: Table, row: Mapping[str, Any]) -> str:
    """Return a row as a line of COPY, with the columns in the row's order."""
    types = {name: table.c[name].type for name in row}
    return "\t".join(
        value(given, is_json=isinstance(types[name], JSONB), is_array=isinstance(types[name], ARRAY))
        for name, given in row.items()
    )


@asynccontextmanager
async def loading(url: str, tables: Sequence[str]) -> AsyncIterator[None]:
    """Take the secondary indexes of tables away, and make them again, two at a time, when the block is left."""
    connection = await asyncpg.connect(driver_url(url))
    try:
        found = await connection.fetch(
            "SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS made FROM pg_index i"
            " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid"
            " WHERE t.relname = ANY($1::text[]) AND t.relnamespace = 'public'::regnamespace"
            " AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)",
            list(tables),
        )
        for row in found:
            await connection.execute(f'DROP INDEX "{row["name"]}"')
        yield
        await connection.execute("SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 2")
        for row in found:
            await connection.execute(row["made"])
        for table in tables:
            await connection.execute(f'ANALYZE "{table}"')
    finally:
        await connection.close()


async def copy(url: str, table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    """Write lines into an empty table, seen by everybody at once and without a trigger."""
    connection = await asyncpg.connect(driver_url(url))
    try:
        await connection.execute("SET session_replication_role = replica")
        async with connection.transaction():
            # What is copied into a table that was emptied in the same transaction needs no log, and may be frozen.
            await connection.execute(f'TRUNCATE "{table}" CASCADE')
            await connection.copy_to_table(table, source=_messages(lines), columns=list(columns), freeze=True)
    finally:
        await connection.close()


async def _messages(lines: Iterable[str]) -> AsyncIterator[bytes]:
    for some in _some(lines):
        yield ("\n".join(some) + "\n").encode()


def _some(lines: Iterable[str]) -> Iterator[list[str]]:
    some: list[str] = []
    for one in lines:
        some.append(one)
        if len(some) == _AT_ONCE:
            yield some
            some = []
    if some:
        yield some
