"""Who holds which duty today, by what org's events told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from services.credit.storage import tables as t

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from chassis.database import ReadSession


async def posts_of(session: ReadSession, person_id: UUID, day: date) -> list[tuple[str, str]]:
    """Return the duties that a person holds on `day`, as duty title and code of the region it is held in."""
    d = t.duty.c
    in_force = or_(d.valid_to.is_(None), d.valid_to > day)
    held = select(d.title, d.region_code).where(d.person_id == person_id, d.valid_from <= day, in_force)
    return [(row["title"], row["region_code"]) for row in await session.rows(held)]
