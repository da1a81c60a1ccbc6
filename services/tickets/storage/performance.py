"""How organisations did with the tickets that they were named for, and with the invitations they were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Uuid, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.tickets.domain.clock import ClockKind
from services.tickets.domain.process import Kind
from services.tickets.storage import tables as t
from services.tickets.storage.visible import visible

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Select

    from chassis.database import ReadSession
    from services.tickets.storage.stats import Which

Figures = dict[str, int]


class Wanted(NamedTuple):
    """An organisation, and which tickets count."""

    organisation: UUID
    which: Which


async def load_performance(session: ReadSession, keys: list[tuple[Wanted, datetime]]) -> list[Figures]:
    """Return the figures of each key at an instant, which decides what is overdue."""
    found: dict[Wanted, Figures] = {key: {} for key, _ in keys}
    for which, now in {(key.which, now) for key, now in keys}:
        ids = [key.organisation for key in found if key.which == which]
        for statement in (_of_tickets(ids, which, now), _of_deadlines(ids, which), _of_ratings(ids, which)):
            _take(found, which, await session.rows(statement))
        for statement in (_invited(ids, which), _answered(ids, which)):
            _take(found, which, await session.rows(statement))
    return [found[key] for key, _ in keys]


def _take(found: dict[Wanted, Figures], which: Which, rows: Any) -> None:
    for row in rows:
        figures = {name: int(value or 0) for name, value in row.items() if name != "organisation"}
        found[Wanted(row["organisation"], which)] |= figures


def _among(ids: list[UUID]) -> Any:
    return func.any(literal(ids, ARRAY(Uuid)))


def _named(ids: list[UUID], which: Which) -> list[Any]:
    return [t.ticket.c.responsible == _among(ids), visible(which.seen), *which.conditions()]


def _of_tickets(ids: list[UUID], which: Which, now: datetime) -> Select[Any]:
    c = t.ticket.c
    return (
        select(
            c.responsible.label("organisation"),
            func.count().label("named"),
            func.count().filter(c.ended_at.is_(None)).label("open"),
            func.count().filter(c.ended_at.is_(None), c.due_at <= now).label("overdue"),
            func.count().filter(c.outcome == "done").label("done"),
            func.count().filter(c.round > 0).label("reopened"),
        )
        .where(*_named(ids, which))
        .group_by(c.responsible)
    )


def _of_deadlines(ids: list[UUID], which: Which) -> Select[Any]:
    c, k = t.ticket.c, t.clock.c
    stopped = (k.ticket_id == c.id) & (k.kind == ClockKind.MATTER.value) & k.stopped_at.is_not(None)
    return (
        select(
            c.responsible.label("organisation"),
            func.count().label("ran"),
            func.count().filter(k.kept).label("kept"),
        )
        .join(t.clock, stopped)
        .where(*_named(ids, which))
        .group_by(c.responsible)
    )


def _of_ratings(ids: list[UUID], which: Which) -> Select[Any]:
    c, e = t.ticket.c, t.evaluation.c
    return (
        select(c.responsible.label("organisation"), func.count().label("ratings"), func.sum(e.rating).label("rating"))
        .join(t.evaluation, (e.ticket_id == c.id) & (e.round == c.round))
        .where(*_named(ids, which))
        .group_by(c.responsible)
    )


def _invited(ids: list[UUID], which: Which) -> Select[Any]:
    c, e = t.ticket.c, t.entry.c
    whom = func.unnest(e.invited).label("organisation")
    each = (
        select(whom)
        .join(t.ticket, c.id == e.ticket_id)
        .where(e.kind == Kind.INVITE.value, e.invited.overlap(literal(ids, ARRAY(Uuid))))
        .where(visible(which.seen), *which.conditions())
        .subquery()
    )
    organisation = each.c.organisation
    counted = select(organisation, func.count().label("invited")).where(organisation == _among(ids))
    return counted.group_by(organisation)


def _answered(ids: list[UUID], which: Which) -> Select[Any]:
    c, e = t.ticket.c, t.entry.c
    return (
        select(e.answers_for.label("organisation"), func.count().label("answered"))
        .join(t.ticket, c.id == e.ticket_id)
        .where(e.kind == Kind.ANSWER.value, e.answers_for == _among(ids))
        .where(visible(which.seen), *which.conditions())
        .group_by(e.answers_for)
    )
