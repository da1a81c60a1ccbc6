"""Rows of deliberations: how far one is, what belongs to it, counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select

from services.tickets.domain.deliberation import Party, Standing
from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Column, RowMapping, Table

    from chassis.database import ReadSession
    from services.tickets.storage.hand_downs import Period


async def standing_of(session: ReadSession, row: RowMapping) -> Standing:
    """Return how far a deliberation is, from its row."""
    s, o = t.deliberation_session, t.deliberation_opinion
    mine = s.c.deliberation_id == row["id"]
    held = await session.scalar(select(func.count()).select_from(s).where(mine, s.c.held_at.is_not(None)))
    heard = await session.rows(select(o.c.party).join(s, s.c.id == o.c.session_id).where(mine).distinct())
    return Standing(
        parties=tuple(Party(one) for one in row["parties"]),
        heard=frozenset(Party(one["party"]) for one in heard),
        held=held or 0,
        is_resolved=row["resolved_at"] is not None,
        is_followed_up=row["followed_up_at"] is not None,
    )


async def was_deliberated(session: ReadSession, ticket_id: UUID, since: datetime, *, resolved: bool) -> bool:
    """Tell whether a session about a ticket was held since an instant, or the deliberation resolved since."""
    d, s = t.deliberation, t.deliberation_session
    if resolved:
        found = exists().where(d.c.ticket_id == ticket_id, d.c.resolved_at >= since)
    else:
        held = (s.c.deliberation_id == d.c.id) & (s.c.held_at >= since)
        found = exists().where(d.c.ticket_id == ticket_id, held)
    return bool(await session.scalar(select(found)))


async def load_deliberations(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return deliberations in the order of their ids."""
    d = t.deliberation
    found = {row["id"]: row for row in await session.rows(select(d).where(d.c.id.in_(ids)))}
    return [found.get(id_) for id_ in ids]


async def load_attendees(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return who was invited to sessions and came to them."""
    return await _grouped(session, t.deliberation_attendee, "session_id", "person_id", ids)


async def load_opinions(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return what the parties said at sessions, in their order."""
    return await _grouped(session, t.deliberation_opinion, "session_id", "position", ids)


async def _grouped(session: ReadSession, table: Table, key: str, order: str, ids: list[UUID]) -> list[list[RowMapping]]:
    found: dict[UUID, list[RowMapping]] = {id_: [] for id_ in ids}
    for row in await session.rows(select(table).where(table.c[key].in_(ids)).order_by(table.c[order])):
        found[row[key]].append(row)
    return [found[id_] for id_ in ids]


async def count_deliberations(session: ReadSession, period: Period) -> RowMapping | None:
    """Return how many deliberations were begun, and how many of them resolved, agreed and followed up."""
    d = t.deliberation
    return await session.row(
        select(
            func.count().label("begun"),
            func.count(d.c.resolved_at).label("resolved"),
            func.count().filter(d.c.agreed).label("agreed"),
            func.count(d.c.followed_up_at).label("followed_up"),
        ).where(*period.conditions(d, d.c.begun_at))
    )


async def count_sessions_of_kinds(session: ReadSession, period: Period) -> Sequence[RowMapping]:
    """Return by kind how many sessions were held, and how many attendances there were; only of those of a kind."""
    return await _count_sessions(session, period, t.deliberation_session.c.kind)


async def count_sessions(session: ReadSession, period: Period) -> Sequence[RowMapping]:
    """Return by form how many sessions were held, and how many attendances there were."""
    return await _count_sessions(session, period, t.deliberation_session.c.form)


async def _count_sessions(session: ReadSession, period: Period, by: Column[str]) -> Sequence[RowMapping]:
    s, a = t.deliberation_session, t.deliberation_attendee
    came = select(func.count()).where(a.c.session_id == s.c.id, a.c.came).correlate(s).scalar_subquery()
    return await session.rows(
        select(by, func.count().label("sessions"), func.sum(came).label("attendances"))
        .where(*period.conditions(s, s.c.starts_at), s.c.held_at.is_not(None), by.is_not(None))
        .group_by(by)
        .order_by(by)
    )
