"""Who holds which duty today, is a member of which team, or checked in where, by what org's events told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select, text, tuple_

from chassis.database import keeps_plan
from services.tickets.domain.process_words import is_duty
from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession

Post = tuple[str, str]
"""A duty title (or `team:` and a kind of team, `checked_in:` and a group), and the code of the region."""


def in_force(day: date | ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that a duty is held on `day`."""
    d = t.duty.c
    return and_(d.valid_from <= day, or_(d.valid_to.is_(None), d.valid_to > day))


def _away(day: date) -> ColumnElement[bool]:
    a = t.absence.c
    return and_(a.valid_from <= day, a.valid_to > day)


# To which branch who checked in is assigned has dates of its own; of duties it is not even looked for.
_ORGANISATION = """CASE WHEN d.title LIKE 'checked_in:%' THEN (
  SELECT c.organisation_id FROM check_in_assignment c WHERE c.check_in_id = d.id
    AND c.valid_from <= :day AND (c.valid_to IS NULL OR c.valid_to > :day)
  ORDER BY c.valid_from DESC, c.id LIMIT 1) ELSE d.organisation_id END AS organisation_id"""
_HELD = keeps_plan(
    text(f"""
SELECT d.id, d.title, d.region_code, {_ORGANISATION}, d.team_id, CAST(NULL AS uuid) AS stands_in_for FROM duty d
WHERE d.person_id = :person AND d.valid_from <= :day AND (d.valid_to IS NULL OR d.valid_to > :day)
UNION ALL
SELECT d.id, d.title, d.region_code, {_ORGANISATION}, d.team_id, d.person_id
FROM duty d JOIN absence a ON a.duty_id = d.id
WHERE a.deputy_id = :person AND a.valid_from <= :day AND a.valid_to > :day
  AND d.valid_from <= :day AND (d.valid_to IS NULL OR d.valid_to > :day)""")  # noqa: S608 (a part of this module)
)


class HeldDuty(NamedTuple):
    """A duty that somebody holds: its title, where, in which organisation if in any; or a membership, or a check-in."""

    id: UUID
    title: str
    region_code: str
    organisation_id: UUID | None
    team_id: UUID | None = None
    stands_in_for: UUID | None = None
    """The person who holds it and is away; None for a duty of one's own."""

    @property
    def is_by_register(self) -> bool:
        """Whether org's register alone says that they may act by it: their token only says where they may act."""
        return self.stands_in_for is not None or not is_duty(self.title)


async def duties_of(session: ReadSession, person_id: UUID, day: date) -> list[HeldDuty]:
    """Return the duties that a person may act by on `day`: their own, and those of others for whom they stand in."""
    held = [HeldDuty(**row) for row in await session.rows(_HELD, {"person": person_id, "day": day})]
    return sorted(held, key=lambda one: one.stands_in_for is not None)


async def load_teams(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return teams with the `region_code` in which they work; None for one that org has not told of."""
    r, team = t.region.c, t.team.c
    statement = select(team.id, team.kind, r.code.label("region_code")).join(t.region, r.id == team.region_id)
    found = {row["id"]: row for row in await session.rows(statement.where(team.id.in_(ids)))}
    return [found.get(id_) for id_ in ids]


async def holders_of(session: ReadSession, posts: Collection[Post], day: date) -> dict[Post, Sequence[RowMapping]]:
    """Return for each of `posts` that somebody fills on `day` the duties, with `deputy_id` of who stands in today.

    Whoever is away without a deputy does not fill their post.
    """
    if not posts:
        return {}
    d, a = t.duty.c, t.absence.c
    statement = (
        select(t.duty, a.deputy_id)
        .outerjoin(t.absence, and_(a.duty_id == d.id, _away(day)))
        .where(tuple_(d.title, d.region_code).in_(sorted(posts)), in_force(day))
        .where(or_(a.id.is_(None), a.deputy_id.is_not(None)))
    )
    found: dict[Post, list[RowMapping]] = {}
    for row in await session.rows(statement.order_by(d.valid_from, d.id)):
        found.setdefault((row["title"], row["region_code"]), []).append(row)
    return dict(found)
