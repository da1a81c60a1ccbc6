"""End by itself what has a last day, some of it at a time; safe in several instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.database import EVERYWHERE
from chassis.records import write_audit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy import RowMapping, Select

    from chassis.database import Database, WriteSession

_BY = "system:expiry"
_AT_ONCE = 100


async def end_overdue(
    database: Database,
    overdue: Select[tuple[object, ...]],
    end: Callable[[WriteSession, RowMapping], Awaitable[object]],
    operation: str,
    by: str = _BY,
) -> int:
    """End some of the rows that `overdue` selects, each by `end`; return how many.

    The audit record says that it was done `by` the system, and names the `operation`.
    """
    locked = overdue.limit(_AT_ONCE).with_for_update(skip_locked=True)
    async with database.write(EVERYWHERE) as session:
        rows = await session.rows(locked)
        for row in rows:
            await end(session, row)
        if rows:
            await write_audit(session, by, operation)
    return len(rows)
