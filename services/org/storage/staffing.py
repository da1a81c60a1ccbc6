"""Reads for staffing: the standards of the practice, and the grids of a place with their counts and workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from services.org.domain.levels import Level
from services.org.domain.staffing import GridCount, Standard
from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force, within

if TYPE_CHECKING:
    from chassis.database import ReadSession


async def load_standards(session: ReadSession) -> list[Standard]:
    """Return the practice's standards, by title."""
    rows = await session.rows(select(t.staffing_standard).order_by(t.staffing_standard.c.title))
    return [Standard(**row) for row in rows]


async def load_counts(session: ReadSession, place: Place, title: str) -> list[GridCount]:
    """Return the grids in a place and below on its day, with their counts and how many hold `title` in each."""
    v, c, d = t.region_version, t.census, t.duty
    held = (
        select(func.count())
        .where(d.c.region_id == v.c.region_id, d.c.title == title, in_force(d, place.as_of))
        .scalar_subquery()
    )
    counted = and_(c.c.region_id == v.c.region_id, in_force(c, place.as_of))
    statement = (
        select(v.c.region_id, v.c.code, c.c.households, c.c.residents, held.label("held"))
        .join(c, counted, isouter=True)
        .where(v.c.level == Level.GRID.name, in_force(v, place.as_of))
        .where(within(v.c.region_id, v.c.code, place, direct=False))
    )
    return [GridCount(**row) for row in await session.rows(statement)]
