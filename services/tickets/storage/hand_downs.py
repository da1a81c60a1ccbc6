"""Rows of what was handed down, and of the items of entry control that speak of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, func, select

from services.tickets.domain.calendar import end_of
from services.tickets.storage import tables as t
from services.tickets.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping, Table

    from chassis.database import ReadSession


class Period(NamedTuple):
    """What was handed down in a region and below, from one day (exclusive: the day before) to another."""

    prefix: str
    day_before: date | None
    last_day: date | None

    def conditions(self, table: Table, moment: ColumnElement[Any] | None = None) -> list[ColumnElement[bool]]:
        """Return the conditions on the rows of a table, by a moment of theirs; `at` by default."""
        at = table.c.at if moment is None else moment
        found = [in_prefix(table.c.region_code, self.prefix)]
        if self.day_before is not None:
            found.append(at >= end_of(self.day_before))
        if self.last_day is not None:
            found.append(at < end_of(self.last_day))
        return found


async def count_hand_downs(session: ReadSession, period: Period) -> dict[UUID | None, int]:
    """Return how many were handed down, by the organisation that did (None: none is known)."""
    h = t.hand_down
    statement = select(h.c.organisation_id, func.count().label("n")).where(*period.conditions(h))
    return {row["organisation_id"]: row["n"] for row in await session.rows(statement.group_by(h.c.organisation_id))}


async def count_flags(session: ReadSession, period: Period) -> Sequence[RowMapping]:
    """Return by item and organisation on how many hand-downs it was raised and how many were refused by it."""
    f = t.admission_flag
    statement = (
        select(
            f.c.item_id,
            f.c.organisation_id,
            func.count().label("flagged"),
            func.count(f.c.refused_at).label("refused"),
        )
        .where(*period.conditions(f))
        .group_by(f.c.item_id, f.c.organisation_id)
    )
    return await session.rows(statement)


async def count_distinct(session: ReadSession, period: Period) -> tuple[int, int]:
    """Return on how many hand-downs any item was raised, and how many were refused by one."""
    f = t.admission_flag
    of_one = (
        select(f.c.ticket_id, f.c.seq, func.bool_or(f.c.refused_at.is_not(None)).label("refused"))
        .where(*period.conditions(f))
        .group_by(f.c.ticket_id, f.c.seq)
        .subquery()
    )
    row = await session.row(
        select(func.count().label("flagged"), func.count().filter(of_one.c.refused).label("refused")).select_from(
            of_one
        )
    )
    return (row["flagged"], row["refused"]) if row else (0, 0)
