"""Reads of activities: who and what took part, and counts by kind and month."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from services.org.domain.activities import ActivityState
from services.org.storage.in_force import Place, within
from services.org.storage.place_tables import activity, activity_part
from services.org.storage.reads import rows_by_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement, RowMapping

    from chassis.database import ReadSession


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which activities of a place: of a kind, in a state, from a day to a day, both included."""

    kind: str | None = None
    state: str | None = None
    first: date | None = None
    last: date | None = None

    def conditions(self, place: Place) -> list[ColumnElement[bool]]:
        """Return the conditions, of the place on its day; none is later than that day when it is past."""
        a = activity
        wanted = [within(a.c.region_id, a.c.region_code, place, direct=False)]
        if self.kind is not None:
            wanted.append(a.c.kind == self.kind)
        if self.state is not None:
            wanted.append(a.c.state == self.state)
        if self.first is not None:
            wanted.append(a.c.on_day >= self.first)
        if self.last is not None:
            wanted.append(a.c.on_day <= self.last)
        return wanted


async def load_activities(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return activities in the order of `ids`, None for what is not in scope."""
    return await rows_by_id(session, activity, ids)


async def load_parts(session: ReadSession, keys: list[tuple[UUID, str]]) -> list[list[UUID]]:
    """Return for each (activity, part) the people, teams or communities that took part, in a fixed order."""
    p = activity_part
    statement = select(p).where(p.c.activity_id.in_({id_ for id_, _ in keys})).order_by(p.c.thing_id)
    found: dict[tuple[UUID, str], list[UUID]] = defaultdict(list)
    for row in await session.rows(statement):
        found[row["activity_id"], row["part"]].append(row["thing_id"])
    return [found[key] for key in keys]


async def count_activities(session: ReadSession, place: Place, chosen: Chosen) -> Sequence[RowMapping]:
    """Count activities and person-times by kind and month."""
    a = activity
    month = func.date_trunc("month", a.c.on_day).label("month")

    def in_state(state: ActivityState) -> ColumnElement[int]:
        return func.count().filter(a.c.state == state.value).label(state.value.lower())

    statement = (
        select(
            a.c.kind,
            month,
            *map(in_state, ActivityState),
            func.coalesce(func.sum(a.c.participants).filter(a.c.state == ActivityState.HELD.value), 0).label("persons"),
        )
        .where(*chosen.conditions(place))
        .group_by(a.c.kind, month)
        .order_by(a.c.kind, month)
    )
    return await session.rows(statement)
