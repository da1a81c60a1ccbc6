"""What waits for a duty, as a condition on tickets; and the views that its holders saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from typing import cast as cast_

import msgspec
from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    cast,
    column,
    exists,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.built import Value, literals, named, shaped
from chassis.database import keeps_plan
from chassis.graphql.connection import Narrow, Shaped
from services.tickets.domain.inbox import Place, ViewFilter
from services.tickets.storage import tables as t
from services.tickets.storage.duties import Post, in_force
from services.tickets.storage.prefixes import in_region_of, region_values
from services.tickets.storage.reads import COLUMNS, MOST_COUNTED, Filter, FilterShape, conditions_of
from services.tickets.storage.visible import SeenShape, seen_in, visible_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession
    from services.tickets.access import Visibility

    Due = Callable[[ColumnElement[Any]], ColumnElement[bool]]
    """A condition on the instant until when something is due."""

_INSTANT = DateTime(timezone=True)


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

    def tickets(self, wanted: Filter, now: datetime) -> Shaped:
        """Return the statement of the tickets that wait for it and are wanted.

        Each step is read by itself, and so are those in which it answers and what was brought before it, each in the
        order of its own index: a page is found by reading a page of each, whatever waits in all.
        """
        shape, values = self.shaped()
        return Shaped(_tickets, (shape, wanted.shape()), values | wanted.values(now))

    def shaped(self) -> tuple[WaitingShape, dict[str, Any]]:
        """Return how it is asked for, and the values of it."""
        title, region_code = self.post
        seen, values = seen_in(self.seen, region_code)
        answers = self.organisation is not None and bool(self.answering)
        values |= region_values(region_code) | _arrays("here", self.places) | _arrays("asked", self.answering)
        values |= {
            "title": title,
            "post_region": region_code,
            "person": self.person,
            "today": self.today,
            "invitation": [{"organisation": str(self.organisation), "answered_by": None}],
        }
        return WaitingShape(len(region_code), seen, answers), values

    def condition(self) -> ColumnElement[bool]:
        """Return the condition that an open ticket in the region waits for it, for statements of few rows."""
        shape, values = self.shaped()
        value = literals(values)
        here, answers = and_(_in_one_of("here", value), _in_turn(value, t.ticket.c.assignee)), _answers(shape, value)
        return and_(t.ticket.c.ended_at.is_(None), or_(here, answers, _brought(value)))


class WaitingShape(NamedTuple):
    """How what waits is asked for."""

    digits: int
    """Of the code of the region in which the duty is held."""
    seen: SeenShape
    answers: bool
    """Whether it answers for an organisation anywhere."""


def _tickets(narrow: Narrow, shape: WaitingShape, wanted: FilterShape) -> Select[Any]:
    found = _found(narrow, shape, tuple(conditions_of(wanted, named)))
    ids = narrow(select(found.c.id), [found.c.raised_at, found.c.id])
    return keeps_plan(narrow(select(*COLUMNS).where(t.ticket.c.id.in_(ids))))


def _found(
    narrow: Narrow, shape: WaitingShape, wanted: Collection[ColumnElement[bool]] = (), due: Due | None = None
) -> Any:
    """Return where they stand in the order, and until when they are due; a page of each step, and not in order."""
    c = t.ticket.c
    columns, seen = (c.id, c.raised_at, c.due_at), visible_of(shape.seen, named)
    told = () if due is None else (due(c.due_at),)
    shared = (in_region_of(shape.digits, named), c.ended_at.is_(None), seen, *wanted, *told)
    here = and_(_in_one_of("here", named), _in_turn(named, c.assignee))

    def of_places(name: str, *more: ColumnElement[bool]) -> Select[Any]:
        place = _places(name, named)
        each = narrow(select(*columns).where(*shared, *_is_at(c, place), *more).correlate(place)).lateral(name)
        return select(*each.c).select_from(place.join(each, true()))

    parts = [of_places("here", _in_turn(named, c.assignee))]
    if shape.answers:
        parts.append(of_places("asked", _invites(named), not_(here)))
    brought = narrow(_brought_alone(shape, wanted, due), [t.brought.c.raised_at, t.brought.c.ticket_id]).subquery()
    return union_all(*parts, select(*brought.c)).subquery()


def _brought_alone(shape: WaitingShape, wanted: Collection[ColumnElement[bool]], due: Due | None) -> Select[Any]:
    """Return what was brought before the post and does not wait in one of its steps; all of it is in an index."""
    b, here, asked = t.brought.c, _places("here", named), _places("asked", named)
    tables = t.brought.outerjoin(here, and_(*_is_at(b, here)))
    others = [or_(here.c.step.is_(None), not_(_in_turn(named, b.assignee)))]
    if shape.answers:
        tables = tables.outerjoin(asked, and_(*_is_at(b, asked)))
        invited = exists(literal_column("1")).where(t.ticket.c.id == b.ticket_id, _invites(named))
        others.append(or_(asked.c.step.is_(None), not_(invited)))
    if wanted:
        tables = tables.join(t.ticket, t.ticket.c.id == b.ticket_id)
    told = () if due is None else (due(b.due_at),)
    mine = select(b.ticket_id.label("id"), b.raised_at, b.due_at).select_from(tables)
    return mine.where(*_before_it(named), visible_of(shape.seen, named, t.brought), *others, *wanted, *told)


def _is_at(c: Any, place: Any) -> tuple[ColumnElement[bool], ...]:
    return c.process == place.c.process, c.process_version == place.c.version, c.step == place.c.step


def _in_one_of(name: str, value: Value) -> ColumnElement[bool]:
    place = _places(name, value)
    return exists(literal_column("1")).select_from(place).where(*_is_at(t.ticket.c, place)).correlate(t.ticket)


def _answers(shape: WaitingShape, value: Value) -> ColumnElement[bool]:
    return and_(_in_one_of("asked", value), _invites(value)) if shape.answers else false()


def _invites(value: Value) -> ColumnElement[bool]:
    """Return the condition that it waits for the organisation's answer."""
    return t.ticket.c.invitations.contains(cast(value("invitation", JSONB()), JSONB))


def _in_turn(value: Value, assignee: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that it is not the turn of somebody else who holds the duty today."""
    d = t.duty.c
    post = (d.title == value("title", Text()), d.region_code == value("post_region", Text()))
    held = (d.person_id == assignee, *post, in_force(value("today", Date())))
    holds = exists(literal_column("1")).where(*held).correlate_except(t.duty)
    return or_(assignee.is_(None), assignee == value("person", Uuid()), ~holds)


def _brought(value: Value) -> ColumnElement[bool]:
    return exists(literal_column("1")).where(t.brought.c.ticket_id == t.ticket.c.id, *_before_it(value))


def _before_it(value: Value) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that something was brought before the post."""
    b = t.brought.c
    return b.title == value("title", Text()), b.post_region == value("post_region", Text())


class Counts(NamedTuple):
    """How many wait, how many of them are overdue, and how many are due soon; each up to MOST_COUNTED + 1."""

    waiting: int
    overdue: int
    due_soon: int


def _arrays(name: str, places: Sequence[Place]) -> dict[str, Any]:
    processes, versions, steps = zip(*places, strict=True) if places else ((), (), ())
    return {f"{name}_processes": list(processes), f"{name}_versions": list(versions), f"{name}_steps": list(steps)}


def _places(name: str, value: Value) -> Any:
    parts = (
        value(f"{name}_processes", ARRAY(Text())),
        value(f"{name}_versions", ARRAY(Integer())),
        value(f"{name}_steps", ARRAY(Text())),
    )
    columns = (column("process", Text), column("version", Integer), column("step", Text))
    return func.unnest(*parts).table_valued(*columns, name=f"{name}_place").render_derived()


def _bounded(part: Select[Any], order: Sequence[ColumnElement[Any]] | None = None) -> Select[Any]:  # noqa: ARG001
    return part.limit(named("most", Integer()))


async def load_counts(session: ReadSession, keys: list[tuple[Waiting, datetime, datetime]]) -> list[Counts]:
    """Return the counts of each duty at an instant, due soon until another one."""
    return [await _counts(session, *key) for key in keys]


async def _counts(session: ReadSession, waiting: Waiting, at: datetime, soon: datetime) -> Counts:
    shape, values = waiting.shaped()
    values |= {"at": at, "soon": soon, "most": MOST_COUNTED + 1}
    row = await session.row(shaped(_all_counts, shape), values)
    counts = Counts(**row) if row else Counts(0, 0, 0)
    if counts.waiting <= MOST_COUNTED:
        return counts
    # Only some were looked at: what is to be told of the others is counted by itself.
    more = [int(await session.scalar(shaped(_count_of, shape, which), values)) for which in (_overdue, _due_soon)]
    return Counts(counts.waiting, *more)


def _overdue(due_at: ColumnElement[Any]) -> ColumnElement[bool]:
    return due_at <= named("at", _INSTANT)


def _due_soon(due_at: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(due_at > named("at", _INSTANT), due_at < named("soon", _INSTANT))


def _all_counts(shape: WaitingShape) -> Select[Any]:
    found = _bounded(select(_found(_bounded, shape).c.due_at)).subquery()
    due_at = found.c.due_at
    each = (func.count(), func.count().filter(_overdue(due_at)), func.count().filter(_due_soon(due_at)))
    named_ = (one.label(name) for one, name in zip(each, Counts._fields, strict=True))
    return keeps_plan(cast_("Select[Any]", select(*named_).select_from(found)))


def _count_of(shape: WaitingShape, which: Due) -> Select[Any]:
    found = _bounded(select(_found(_bounded, shape, due=which).c.id)).subquery()
    return keeps_plan(select(func.count()).select_from(found))


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
