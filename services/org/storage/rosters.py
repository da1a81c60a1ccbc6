"""Reads of rosters: who holds which post of a region, and where posts below are vacant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, and_, func, select

from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force, within

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession


async def posts_of(session: ReadSession, place: Place, level: str) -> tuple[list[RowMapping], list[RowMapping]]:
    """Return the titles that a region of a level has posts of, and the duties held in it on its day."""
    title, d = t.duty_title, t.duty
    duties = select(d).where(within(d.c.region_id, d.c.region_code, place, direct=True), in_force(d, place.as_of))
    held = list(await session.rows(duties.order_by(d.c.valid_from, d.c.id)))
    titles = select(title).where((title.c.level == level) | title.c.code.in_({row["title"] for row in held}))
    return list(await session.rows(titles.order_by(title.c.code))), held


def manned(place: Place, title: str | None = None) -> Select[Any]:
    """Return each region of a place on its day with each title that it should have holders of, and how many it has."""
    v, d, titles = t.region_version, t.duty, t.duty_title
    counted = (
        select(d.c.region_id, d.c.title, func.count().label("held"))
        .where(within(d.c.region_id, d.c.region_code, place, direct=False), in_force(d, place.as_of))
        .group_by(d.c.region_id, d.c.title)
        .subquery()
    )
    held = func.coalesce(counted.c.held, 0)
    statement = (
        select(
            titles.c.code.label("title"),
            titles.c.fewest.label("expected"),
            held.label("held"),
            func.greatest(titles.c.fewest - held, 0).label("missing"),
            v.c.region_id,
            v.c.code,
        )
        .join(v, and_(v.c.level == titles.c.level, in_force(v, place.as_of)))
        .outerjoin(counted, and_(counted.c.region_id == v.c.region_id, counted.c.title == titles.c.code))
        .where(titles.c.fewest > 0, within(v.c.region_id, v.c.code, place, direct=False))
    )
    return statement if title is None else statement.where(titles.c.code == title)


async def count_vacancies(session: ReadSession, place: Place) -> list[RowMapping]:
    """Return for each title with posts in a place how many regions have them, how many are held and missing."""
    each = manned(place).subquery()
    sums = (func.sum(each.c[name]).label(name) for name in ("expected", "held", "missing"))
    statement = select(
        each.c.title,
        func.count().label("regions"),
        func.count().filter(each.c.missing > 0).label("short"),
        *sums,
    )
    return list(await session.rows(statement.group_by(each.c.title).order_by(each.c.title)))
