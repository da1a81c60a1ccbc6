"""Storing many rows at once: as one JSON parameter, which PostgreSQL reads into rows of the table (0091)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table

    from chassis.database import WriteSession

_ROWS_AT_ONCE = 2_000


def _binary(value: Any) -> str:
    """Return bytes as PostgreSQL reads them from text."""
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    raise TypeError(f"{type(value).__name__} is no value of a column")


async def insert_many(session: WriteSession, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns, in their order."""
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in rows[0])
    binary = [name for name in rows[0] if table.c[name].type.python_type is bytes]
    statement = text(
        f'INSERT INTO "{table.name}" ({names}) SELECT {names} '  # noqa: S608 (names of this service's tables)
        f'FROM jsonb_populate_recordset(NULL::"{table.name}", CAST(:rows AS jsonb))'
    )
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some: Sequence[dict[str, Any]] = rows[start : start + _ROWS_AT_ONCE]
        if binary:
            some = [row | {name: _binary(row[name]) for name in binary if row[name] is not None} for row in some]
        await session.execute(statement, {"rows": msgspec.json.encode(some).decode()})
