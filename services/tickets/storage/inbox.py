"""What waits for a duty, as a condition on tickets; and the views that its holders saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    cast,
    column,
    exists,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    text,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.tickets.domain.inbox import Place, ViewFilter
from services.tickets.domain.levels import level_of
from services.tickets.storage import tables as t
from services.tickets.storage.duties import Post, in_force
from services.tickets.storage.prefixes import in_region
from services.tickets.storage.reads import COLUMNS
from services.tickets.storage.visible import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession
    from chassis.graphql.connection import Narrow, Spread
    from services.tickets.access import Visibility

_ESCALATED = text("ticket.escalated <> '[]'")
"""In the words of the index of what was brought before somebody."""
MOST_COUNTED = 10_000


class Waiting(NamedTuple):
    """What waits for a person who holds a duty, or stands in for one who does."""

    post: Post
    person: UUID
    places: tuple[Place, ...]
    """The steps in which the duty acts."""
    today: date
    seen: Visibility
    organisation: UUID | None = None
    """The one that the duty is held in."""
    answering: tuple[Place, ...] = ()
    """The steps in which its holders answer when that organisation is invited."""

    def tickets(self, conditions: Collection[ColumnElement[bool]] = ()) -> Spread:
        """Return the statement of the tickets that wait for it and meet more conditions.

        Each step is read by itself, and so are those in which it answers and what was brought before it, each in the
        order of its own index: a page is found by reading a page of each, whatever waits in all.
        """

        def spread(narrow: Narrow) -> Select[Any]:
            found = self.found(narrow, conditions)
            ids = narrow(select(found.c.id), [found.c.raised_at, found.c.id])
            return narrow(select(*COLUMNS).where(t.ticket.c.id.in_(ids)))

        return spread

    def found(self, narrow: Narrow, conditions: Collection[ColumnElement[bool]] = ()) -> Any:
        """Return where they stand in the order, and until when they are due; a page of each step, and not in order."""
        c = t.ticket.c
        columns = (c.id, c.raised_at, c.due_at)
        shared = (in_region(self.post[1]), c.ended_at.is_(None), visible(self.seen, self.post[1]), *conditions)

        def of_places(places: Sequence[Place], name: str, *more: ColumnElement[bool]) -> Select[Any]:
            place = _unnested(places, f"{name}_place")
            of_place = (c.process == place.c.process, c.process_version == place.c.version, c.step == place.c.step)
            each = narrow(select(*columns).where(*shared, *of_place, *more).correlate(place)).lateral(name)
            return select(*each.c).select_from(place.join(each, true()))

        parts = [of_places(self.places, "here", self._in_turn())]
        if self.organisation is not None and self.answering:
            parts.append(of_places(self.answering, "asked", self._invites(), not_(self._here())))
        others = (not_(self._here()), not_(self._answers()))
        brought = narrow(select(*columns).where(*shared, _ESCALATED, self._brought(), *others)).subquery()
        return union_all(*parts, select(*brought.c)).subquery()

    def condition(self) -> ColumnElement[bool]:
        """Return the condition that an open ticket in the region waits for it, for statements of few rows."""
        return and_(t.ticket.c.ended_at.is_(None), or_(self._here(), self._answers(), self._brought()))

    def _here(self) -> ColumnElement[bool]:
        c = t.ticket.c
        return and_(tuple_(c.process, c.process_version, c.step).in_(list(self.places)), self._in_turn())

    def _answers(self) -> ColumnElement[bool]:
        if self.organisation is None or not self.answering:
            return false()
        c = t.ticket.c
        return and_(tuple_(c.process, c.process_version, c.step).in_(list(self.answering)), self._invites())

    def _invites(self) -> ColumnElement[bool]:
        """Return the condition that it waits for the organisation's answer."""
        unanswered = [{"organisation": str(self.organisation), "answered_by": None}]
        return t.ticket.c.invitations.contains(cast(literal(unanswered, JSONB), JSONB))

    def _in_turn(self) -> ColumnElement[bool]:
        """Return the condition that it is not the turn of somebody else who holds the duty today."""
        c, d, (title, region_code) = t.ticket.c, t.duty.c, self.post
        held = (d.person_id == c.assignee, d.title == title, d.region_code == region_code, in_force(self.today))
        holds = exists(literal_column("1")).where(*held).correlate(t.ticket)
        return or_(c.assignee.is_(None), c.assignee == self.person, ~holds)

    def _brought(self) -> ColumnElement[bool]:
        title, region_code = self.post
        level = level_of(region_code)
        to = [{"title": title, "level": level.name if level else ""}]
        return t.ticket.c.escalated.contains(cast(literal(to, JSONB), JSONB))


class Counts(NamedTuple):
    """How many wait, how many of them are overdue, and how many are due soon; each up to MOST_COUNTED + 1."""

    waiting: int
    overdue: int
    due_soon: int


def _unnested(places: Sequence[Place], name: str) -> Any:
    processes, versions, steps = zip(*places, strict=True) if places else ((), (), ())
    parts = (
        literal(list(processes), ARRAY(Text)),
        literal(list(versions), ARRAY(Integer)),
        literal(list(steps), ARRAY(Text)),
    )
    columns = (column("process", Text), column("version", Integer), column("step", Text))
    return func.unnest(*parts).table_valued(*columns, name=name).render_derived()


def _bounded(part: Select[Any], order: Sequence[ColumnElement[Any]] | None = None) -> Select[Any]:  # noqa: ARG001
    return part.limit(MOST_COUNTED + 1)


async def load_counts(session: ReadSession, keys: list[tuple[Waiting, datetime, datetime]]) -> list[Counts]:
    """Return the counts of each duty at an instant, due soon until another one."""
    return [await _counts(session, *key) for key in keys]


async def _counts(session: ReadSession, waiting: Waiting, at: datetime, soon: datetime) -> Counts:
    c = t.ticket.c
    overdue, due_soon = c.due_at <= at, and_(c.due_at > at, c.due_at < soon)
    found = select(waiting.found(_bounded).c.due_at).limit(MOST_COUNTED + 1).subquery()
    passed, nearly = found.c.due_at <= at, and_(found.c.due_at > at, found.c.due_at < soon)
    each = (func.count(), func.count().filter(passed), func.count().filter(nearly))
    row = await session.row(
        select(*(one.label(name) for one, name in zip(each, Counts._fields, strict=True))).select_from(found)
    )
    counts = Counts(**row) if row else Counts(0, 0, 0)
    if counts.waiting <= MOST_COUNTED:
        return counts
    # Only some were looked at: what is to be told of the others is counted by itself.
    more = [await count_of(session, select(waiting.found(_bounded, (one,)).c.id)) for one in (overdue, due_soon)]
    return Counts(counts.waiting, *more)


async def count_of(session: ReadSession, statement: Select[Any]) -> int:
    """Return how many rows a statement has, up to MOST_COUNTED + 1."""
    bounded = statement.order_by(None).limit(MOST_COUNTED + 1)
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
