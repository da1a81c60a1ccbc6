"""Insert many rows by one statement: a parameter per column, not per value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, column, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table

    from chassis.database import WriteSession

_ROWS_AT_ONCE = 5000


async def insert_rows(session: WriteSession, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns. Foreign keys are checked once all of a batch are in."""
    if not rows:
        return
    names = list(rows[0])
    arrays = [bindparam(name, type_=ARRAY(table.c[name].type)) for name in names]
    columns = (column(name, table.c[name].type) for name in names)
    unnested = func.unnest(*arrays).table_valued(*columns).render_derived()
    statement = insert(table).from_select(names, select(*(unnested.c[name] for name in names)))
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        batch = rows[start : start + _ROWS_AT_ONCE]
        await session.execute(statement, {name: [row[name] for row in batch] for name in names})
