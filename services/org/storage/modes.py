"""Switches of communities between peacetime and emergency, as they stood at the end of a day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.org.domain.levels import Level
from services.org.domain.muster import Mode
from services.org.domain.periods import ZONE
from services.org.storage import regions
from services.org.storage import tables as t
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping, Select

    from chassis.database import ReadSession
    from services.org.storage.in_force import Place

_M = t.community_mode.c


def switches_of(region_id: UUID, day: date) -> Select[Any]:
    """Select the switches of a community until the end of a day."""
    return select(t.community_mode).where(_M.region_id == region_id, _M.switched_at < _end_of(day))


async def last_switch(session: ReadSession, region_id: UUID, day: date) -> RowMapping | None:
    """Return the last of them, None when there is none."""
    return await session.row(switches_of(region_id, day).order_by(_M.version.desc()).limit(1))


def communities(place: Place) -> Select[Any]:
    """Select the communities of a place on its day."""
    v = t.region_version
    there = regions.regions_in_force(place.as_of).where(in_prefix(regions.CODE, place.code))
    return there.where(v.c.level == Level.COMMUNITY.name)


def in_emergency(place: Place) -> Select[Any]:
    """Select those of them that were in an emergency at the end of its day."""
    last = (
        select(_M.region_id, _M.mode)
        .where(_M.switched_at < _end_of(place.as_of))
        .ext(distinct_on(_M.region_id))
        .order_by(_M.region_id, _M.version.desc())
        .subquery()
    )
    away = select(last.c.region_id).where(last.c.mode == Mode.EMERGENCY.value)
    return communities(place).where(t.region_version.c.region_id.in_(away))


async def count_modes(session: ReadSession, place: Place) -> tuple[int, int]:
    """Return how many communities a place has on its day, and how many of them were in an emergency."""
    counts = [select(func.count()).select_from(one.subquery()) for one in (communities(place), in_emergency(place))]
    every, away = [int(await session.scalar(one)) for one in counts]
    return every, away


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), ZONE)
