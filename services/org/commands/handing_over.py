"""Let an organisation stand where another one stood that is merged into it, in the rows of a register."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from chassis.events import outbox
from chassis.events.outbox import Draft
from services.org.commands.publishing import SERVICE

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from sqlalchemy import Column, ColumnElement, RowMapping

    from chassis.database import WriteSession
    from chassis.events.event import Event


async def hand_over_rows(
    session: WriteSession,
    column: Column[Any],
    which: ColumnElement[bool],
    into: UUID,
    told: Callable[[RowMapping], Event],
) -> None:
    """Let `column` name `into` in the rows that `which` chooses, and tell of each; they keep their identity."""
    table = column.table
    rows = await session.rows(select(table).where(which).order_by(table.c.id).with_for_update())
    if not rows:
        return
    theirs = table.c.id.in_([row["id"] for row in rows])
    values = {column.name: into, "version": table.c.version + 1}
    await session.execute(update(table).where(theirs).values(**values))
    drafts = []
    for row in rows:
        session.changed(table.name, row["id"], row["region_code"], **{column.name: into})
        drafts.append(
            Draft(
                event=told(row),
                aggregate_id=row["id"],
                aggregate_version=row["version"] + 1,
                region_code=row["region_code"],
                occurred_at=datetime.now(UTC),
            )
        )
    await outbox.append_many(session.connection, SERVICE, drafts)
