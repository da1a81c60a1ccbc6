"""Who holds which duty today, by what org's events told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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


class HeldDuty(NamedTuple):
    """A duty that somebody holds: its title, where, and in which organisation, if in any."""

    title: str
    region_code: str
    organisation_id: UUID | None


async def duties_of(session: ReadSession, person_id: UUID, day: date) -> list[HeldDuty]:
    """Return the duties that a person holds on `day`."""
    d = t.duty.c
    statement = select(d.title, d.region_code, d.organisation_id).where(d.person_id == person_id, in_force(day))
    return [HeldDuty(**row) for row in await session.rows(statement)]


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
