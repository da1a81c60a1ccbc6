"""Who holds which duty today, by what org's events told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_, select, tuple_

from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession

Post = tuple[str, str]
"""A duty title and the code of the region it is held in."""


def in_force(day: date) -> ColumnElement[bool]:
    """Return the condition that a duty is held on `day`."""
    d = t.duty.c
    return and_(d.valid_from <= day, or_(d.valid_to.is_(None), d.valid_to > day))


async def posts_of(session: ReadSession, person_id: UUID, day: date) -> list[Post]:
    """Return the duties that a person holds on `day`."""
    d = t.duty.c
    rows = await session.rows(select(d.title, d.region_code).where(d.person_id == person_id, in_force(day)))
    return [(row["title"], row["region_code"]) for row in rows]


async def holders_of(session: ReadSession, posts: Collection[Post], day: date) -> dict[Post, Sequence[RowMapping]]:
    """Return for each of `posts` that somebody holds on `day` the duties."""
    if not posts:
        return {}
    d = t.duty.c
    statement = select(t.duty).where(tuple_(d.title, d.region_code).in_(sorted(posts)), in_force(day))
    found: dict[Post, list[RowMapping]] = {}
    for row in await session.rows(statement.order_by(d.valid_from, d.id)):
        found.setdefault((row["title"], row["region_code"]), []).append(row)
    return dict(found)
