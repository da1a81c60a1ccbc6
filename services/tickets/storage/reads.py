"""Reads of tickets: pages by filter, and batched reads of what belongs to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Executable,
    Select,
    TextClause,
    Uuid,
    and_,
    any_,
    func,
    literal_column,
    not_,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.built import Value, literals, named, shaped
from chassis.database import keeps_plan
from chassis.graphql.connection import Narrow, Shaped
from services.tickets.domain.calendar import local_day
from services.tickets.storage import tables as t
from services.tickets.storage.duties import HeldDuty, Post, duties_of, holders_of
from services.tickets.storage.prefixes import in_region, in_region_of, region_values
from services.tickets.storage.ticket_indexes import LEVELS
from services.tickets.storage.visible import SeenShape, seen_in, visible, visible_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from sqlalchemy import RowMapping, Table

    from chassis.database import ReadSession
    from services.tickets.access import Visibility

_APART = {"requester_name", "requester_phone", "late", *LEVELS.values()}
COLUMNS = tuple(column for column in t.ticket.c if column.name not in _APART)
"""What a ticket shows by itself; personal data is read apart, only when asked for."""
ORDER: tuple[ColumnElement[Any], ...] = (t.ticket.c.raised_at, t.ticket.c.id)
PUBLIC_ORDER: tuple[ColumnElement[Any], ...] = (t.ticket.c.public_since, t.ticket.c.id)
MOST_COUNTED = 10_000
"""Beyond how many tickets it is only told that there are more: one more is told."""
_COMPARED = ("process", "category", "step", "assignee", "outcome")
_INSTANT = DateTime(timezone=True)
Place = tuple[str, int, str]
"""A process by its code and version, and a step of it."""


@dataclass(frozen=True)
class Filter:
    """What a list of tickets is narrowed to."""

    process: str | None = None
    category: str | None = None
    step: str | None = None
    is_open: bool | None = None
    outcome: str | None = None
    is_overdue: bool | None = None
    due_before: datetime | None = None
    assignee: UUID | None = None
    """Whose turn they were made."""

    def conditions(self, now: datetime) -> Iterable[ColumnElement[bool]]:
        """Yield the conditions; `now` decides what is overdue."""
        return conditions_of(self.shape(), literals(self.values(now)))

    def shape(self) -> FilterShape:
        """Return what is asked for, without the values."""
        given = frozenset(name for name in _COMPARED if getattr(self, name) is not None)
        return FilterShape(given, self.is_open, self.is_overdue, self.due_before is not None)

    def values(self, now: datetime) -> dict[str, Any]:
        """Return the values of the conditions by name."""
        wanted = {f"wanted_{name}": getattr(self, name) for name in _COMPARED}
        return wanted | {"wanted_due_before": self.due_before, "now": now}


class FilterShape(NamedTuple):
    """What a list of tickets is narrowed by."""

    given: frozenset[str]
    """Columns that are compared."""
    is_open: bool | None
    is_overdue: bool | None
    has_due_before: bool


def conditions_of(shape: FilterShape, value: Value) -> Iterable[ColumnElement[bool]]:
    """Yield the conditions of a filter, its values given by name."""
    c = t.ticket.c
    for name in _COMPARED:
        if name in shape.given:
            yield c[name] == value(f"wanted_{name}", c[name].type)
    if shape.is_open is not None:
        yield c.ended_at.is_(None) if shape.is_open else c.ended_at.is_not(None)
    due_at = func.coalesce(c.due_at, literal_column("'infinity'"))
    if shape.has_due_before:
        yield and_(c.ended_at.is_(None), due_at < value("wanted_due_before", _INSTANT))
    if shape.is_overdue is not None:
        # What has ended has no deadline: saying so lets the index of what is under way be used. The planner does
        # not know of that, and would expect nearly none of it to have one: it is not told what is compared.
        passed = due_at <= value("now", _INSTANT)
        yield and_(c.ended_at.is_(None), passed) if shape.is_overdue else not_(passed)


def tickets_in(prefix: str, seen: Visibility, wanted: Filter, now: datetime) -> Select[Any]:
    """Return the statement of the tickets in a region that are seen and wanted."""
    return select(*COLUMNS).where(in_region(prefix), visible(seen, prefix), *wanted.conditions(now))


def list_of(prefix: str, seen: Visibility, wanted: Filter, now: datetime) -> Shaped:
    """Return the same for reading a page of it."""
    of_seen, seen_values = seen_in(seen, prefix)
    values = region_values(prefix) | seen_values | wanted.values(now)
    return Shaped(_list, (len(prefix), of_seen, wanted.shape()), values)


def _list(narrow: Narrow, digits: int, seen: SeenShape, wanted: FilterShape) -> Select[Any]:
    conditions = (in_region_of(digits, named), visible_of(seen, named), *conditions_of(wanted, named))
    return narrow(select(*COLUMNS).where(*conditions))


def tickets_of_requester(subject: str) -> Select[Any]:
    """Return the statement of the tickets that somebody raised."""
    return select(*COLUMNS).where(t.ticket.c.requester == subject)


def public_tickets(prefix: str, process: str | None) -> Select[Any]:
    """Return the statement of what everyone may see in a region."""
    c = t.ticket.c
    statement = select(*COLUMNS).where(c.public_since.is_not(None), in_region(prefix))
    return statement if process is None else statement.where(c.process == process)


def tickets_to_evaluate(
    prefixes: Sequence[str], of_all: Sequence[Place], subject: str, own: Sequence[Place]
) -> Select[Any]:
    """Return the statement of the tickets that wait for a resident's evaluation.

    Those in the regions `prefixes` in one of the places `of_all`, and those in one of `own` to which a ticket that
    `subject` raised was joined.
    """
    c, mine = t.ticket.c, t.ticket.alias("mine")
    place = tuple_(c.process, c.process_version, c.step)
    here = and_(or_(*(in_region(prefix) for prefix in prefixes)), place.in_(list(of_all)))
    joined = select(mine.c.joined_into).where(mine.c.requester == subject, mine.c.joined_into.is_not(None))
    return select(*COLUMNS).where(or_(here, and_(place.in_(list(own)), c.id.in_(joined))))


async def load_tickets(session: ReadSession, keys: list[tuple[UUID, Visibility]]) -> list[RowMapping | None]:
    """Return tickets in the order of the keys, None for what is not there or not seen."""
    found: dict[tuple[UUID, Visibility], RowMapping] = {}
    for seen in {seen for _, seen in keys}:
        shape, values = seen_in(seen, "")
        ids = [id_ for id_, by in keys if by == seen]
        for row in await session.rows(shaped(_by_id, shape), {"ids": ids, **values}):
            found[row["id"], seen] = row
    return [found.get(key) for key in keys]


def _by_id(seen: SeenShape) -> Select[Any]:
    among = t.ticket.c.id == any_(named("ids", ARRAY(Uuid())))
    return keeps_plan(select(*COLUMNS).where(among, visible_of(seen, named)))


def _of_tickets(table: Table, order: str) -> TextClause:
    """Return the statement of what belongs to some tickets; plain, for each page asks for it (0016)."""
    names = ", ".join(f'"{column.name}"' for column in table.c)
    of_them = f"SELECT {names} FROM {table.name} WHERE ticket_id = ANY (CAST(:ids AS uuid[])) ORDER BY {order}"  # noqa: S608
    return keeps_plan(text(of_them))


_EVALUATIONS = _of_tickets(t.evaluation, 'at, "by"')
_REQUESTERS = keeps_plan(
    text("SELECT id, requester_name, requester_phone FROM ticket WHERE id = ANY (CAST(:ids AS uuid[]))")
)
_REGION_CODES = keeps_plan(text("SELECT id, code FROM region WHERE id = ANY (CAST(:ids AS uuid[]))"))
_RATINGS = keeps_plan(
    text("""
SELECT e.ticket_id, count(*) AS count, avg(e.rating) AS mean
FROM evaluation e JOIN ticket t ON t.id = e.ticket_id AND t.round = e.round
WHERE e.ticket_id = ANY (CAST(:ids AS uuid[])) GROUP BY e.ticket_id""")
)


async def _grouped(session: ReadSession, statement: Executable, ids: list[UUID]) -> list[list[RowMapping]]:
    found: dict[UUID, list[RowMapping]] = {id_: [] for id_ in ids}
    for row in await session.rows(statement, {"ids": ids}):
        found[row["ticket_id"]].append(row)
    return [found[id_] for id_ in ids]


async def load_evaluations(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return the evaluations of tickets, the first first."""
    return await _grouped(session, _EVALUATIONS, ids)


async def load_requesters(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return the encrypted personal data of requesters."""
    found = {row["id"]: row for row in await session.rows(_REQUESTERS, {"ids": ids})}
    return [found.get(id_) for id_ in ids]


async def load_region_codes(session: ReadSession, ids: list[UUID]) -> list[str | None]:
    """Return the present codes of regions, None for one that org has not told of."""
    found = {row["id"]: row["code"] for row in await session.rows(_REGION_CODES, {"ids": ids})}
    return [found.get(id_) for id_ in ids]


async def load_holders(session: ReadSession, keys: list[tuple[Post, datetime]]) -> list[Sequence[RowMapping]]:
    """Return for each (post, instant) the duties that are held that day."""
    found: dict[tuple[Post, datetime], Sequence[RowMapping]] = {}
    for at in {at for _, at in keys}:
        held = await holders_of(session, {post for post, when in keys if when == at}, local_day(at))
        found |= {(post, at): rows for post, rows in held.items()}
    return [found.get(key, ()) for key in keys]


async def load_duties(session: ReadSession, people: list[UUID]) -> list[list[HeldDuty]]:
    """Return for each person the duties that they may act by today."""
    today = local_day(datetime.now(UTC))
    return [await duties_of(session, person, today) for person in people]


async def load_ratings(session: ReadSession, ids: list[UUID]) -> list[tuple[int, float | None]]:
    """Return for each ticket how many evaluated its present round, and the mean rating."""
    found = {row["ticket_id"]: (row["count"], float(row["mean"])) for row in await session.rows(_RATINGS, {"ids": ids})}
    return [found.get(id_, (0, None)) for id_ in ids]


async def load_region_names(session: ReadSession, ids: list[UUID]) -> list[str | None]:
    """Return the names of regions; None for one that org has not told of yet."""
    c = t.region.c
    found = {row["id"]: row["name"] for row in await session.rows(select(c.id, c.name).where(c.id.in_(ids)))}
    return [found.get(id_) for id_ in ids]
