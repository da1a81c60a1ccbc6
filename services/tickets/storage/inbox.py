"""What waits for a duty, as a condition on tickets; and the views that its holders saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import ColumnElement, and_, cast, exists, false, func, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB

from services.tickets.domain.inbox import ViewFilter
from services.tickets.domain.levels import level_of
from services.tickets.storage import tables as t
from services.tickets.storage.duties import in_force
from services.tickets.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping, Select

    from chassis.database import ReadSession
    from services.tickets.domain.inbox import Place
    from services.tickets.storage.duties import Post

MOST_COUNTED = 10_000


def waits_for(
    post: Post,
    person: UUID,
    places: Sequence[Place],
    today: date,
    organisation: UUID | None = None,
    answering: Sequence[Place] = (),
) -> ColumnElement[bool]:
    """Return the condition that an open ticket waits for a person who holds a duty, or was brought before them.

    `organisation` is the one the duty is held in, `answering` where its holders answer when it is invited.
    While it is the turn of somebody else who holds that duty today, it does not.
    """
    c, d, (title, region_code) = t.ticket.c, t.duty.c, post
    level = level_of(region_code)
    holds = exists().where(d.person_id == c.assignee, d.title == title, d.region_code == region_code, in_force(today))
    in_turn = or_(c.assignee.is_(None), c.assignee == person, ~holds)
    brought = cast(literal([{"title": title, "level": level.name if level else ""}], JSONB), JSONB)
    here = tuple_(c.process, c.process_version, c.step).in_(list(places))
    return and_(
        in_prefix(c.region_code, region_code),
        c.ended_at.is_(None),
        or_(and_(here, in_turn), c.escalated.contains(brought), _invites(organisation, answering)),
    )


def _invites(organisation: UUID | None, places: Sequence[Place]) -> ColumnElement[bool]:
    """Return the condition that a ticket waits for an organisation's answer."""
    if organisation is None or not places:
        return false()
    c = t.ticket.c
    unanswered = cast(literal([{"organisation": str(organisation), "answered_by": None}], JSONB), JSONB)
    return and_(tuple_(c.process, c.process_version, c.step).in_(list(places)), c.invitations.contains(unanswered))


async def count_of(session: ReadSession, statement: Select[Any]) -> int:
    """Return how many rows a statement has, up to MOST_COUNTED + 1."""
    bounded = statement.with_only_columns(t.ticket.c.id).order_by(None).limit(MOST_COUNTED + 1)
    return int(await session.scalar(select(func.count()).select_from(bounded.subquery())))


async def load_views(session: ReadSession, posts: list[tuple[str, str]]) -> list[list[RowMapping]]:
    """Return the views that were saved for each (title, region), by name."""
    v = t.inbox_view
    wanted = select(v).where(tuple_(v.c.title, v.c.region_code).in_(posts)).order_by(v.c.name, v.c.id)
    found: dict[tuple[str, str], list[RowMapping]] = {post: [] for post in posts}
    for row in await session.rows(wanted):
        found[row["title"], row["region_code"]].append(row)
    return [found[post] for post in posts]


def filter_of(row: RowMapping) -> ViewFilter:
    """Return what a view is narrowed to."""
    return msgspec.convert(row["filter"], ViewFilter)
