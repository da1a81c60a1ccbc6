"""Reads and writes of uploads and of the files of tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Uuid, delete, func, insert, literal, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY

from services.tickets.domain.uploads import UploadState
from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, RowMapping

    from chassis.database import ReadSession, WriteSession

_ALLOWANCE = text("SELECT pg_advisory_xact_lock(hashtextextended('upload ' || :subject, 0))")
_UNATTACHED = (UploadState.AWAITED.value, UploadState.VERIFIED.value)


def _among(column: ColumnElement[Any], ids: Iterable[UUID]) -> ColumnElement[bool]:
    return column == func.any(literal(sorted(ids), ARRAY(Uuid)))


async def waiting_of(session: WriteSession, subject: str, since: datetime) -> tuple[int, int]:
    """Return how many uploads somebody asked for since and did not attach, and their bytes; one asks at a time."""
    await session.execute(_ALLOWANCE, {"subject": subject})
    u = t.upload.c
    mine = (u.by == subject) & u.attached_at.is_(None) & (u.requested_at >= since)
    row = await session.row(select(func.count().label("n"), func.coalesce(func.sum(u.size), 0).label("b")).where(mine))
    return (int(row["n"]), int(row["b"])) if row else (0, 0)


async def add_upload(session: WriteSession, values: Mapping[str, Any]) -> None:
    """Store an upload that was asked for."""
    await session.execute(insert(t.upload), values)


async def load_own(session: ReadSession, subject: str, ids: Sequence[UUID], *, lock: bool = False) -> list[RowMapping]:
    """Return those of the uploads that somebody asked for themselves, locked in one order when they are to change."""
    u = t.upload
    statement = select(u).where(_among(u.c.id, ids), u.c.by == subject).order_by(u.c.id)
    return list(await session.rows(statement.with_for_update() if lock else statement))


async def note_verified(session: WriteSession, id_: UUID) -> None:
    """Note that what was declared lies there; not for one that went on meanwhile."""
    awaited = (t.upload.c.id == id_) & (t.upload.c.state == UploadState.AWAITED)
    await session.execute(update(t.upload).where(awaited).values(state=UploadState.VERIFIED.value))


async def forget_unattached(session: WriteSession, id_: UUID) -> bool:
    """Delete an upload that nobody attached; tell whether it was there and not attached."""
    gone = delete(t.upload).where(t.upload.c.id == id_, t.upload.c.state.in_(_UNATTACHED))
    return bool((await session.execute(gone)).rowcount)


async def note_attached(session: WriteSession, ids: Sequence[UUID], ticket_id: UUID, act: str, at: datetime) -> None:
    """Note with which act uploads came, and put those that are verified into quarantine."""
    mine = _among(t.upload.c.id, ids) & (t.upload.c.state == UploadState.VERIFIED)
    values = {"state": UploadState.QUARANTINED.value, "attached_at": at, "attached_with": act, "try_at": at}
    await session.execute(update(t.upload).where(mine).values(ticket_id=ticket_id, **values))


async def lease_quarantined(session: WriteSession, at: datetime, until: datetime) -> RowMapping | None:
    """Take the file that has waited longest to be looked into; no other instance takes it before `until`."""
    u = t.upload
    due = (
        select(u.c.id)
        .where(u.c.state == UploadState.QUARANTINED, u.c.try_at <= at)
        .order_by(u.c.try_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return (await session.execute(update(u).where(u.c.id == due).values(try_at=until).returning(u))).mappings().first()


async def postpone(session: WriteSession, id_: UUID, until: datetime) -> None:
    """Look into a file later."""
    await session.execute(update(t.upload).where(t.upload.c.id == id_).values(try_at=until))


async def settle(session: WriteSession, id_: UUID, values: Mapping[str, Any]) -> Sequence[RowMapping]:
    """Note what a file in quarantine turned out to be; return the attachments that it is, none if it was settled."""
    held = select(t.upload.c.state).where(t.upload.c.id == id_).with_for_update()
    if await session.scalar(held) != UploadState.QUARANTINED:
        return ()
    await session.execute(update(t.upload).where(t.upload.c.id == id_).values(try_at=None, **values))
    a = t.attachment
    told = update(a).where(a.c.upload_id == id_).values(**values).returning(a.c.id, a.c.ticket_id, a.c.region_code)
    return (await session.execute(told)).mappings().all()


async def forget_older(session: WriteSession, before: datetime, most: int) -> Sequence[RowMapping]:
    """Delete uploads that were asked for before an instant and never attached; return them."""
    u = t.upload
    old = (
        select(u.c.id)
        .where(u.c.attached_at.is_(None), u.c.requested_at < before)
        .order_by(u.c.requested_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    gone = delete(u).where(u.c.id.in_(old)).returning(u.c.id, u.c.region_code)
    return (await session.execute(gone)).mappings().all()


async def still_arriving(session: ReadSession, ids: Sequence[UUID]) -> set[UUID]:
    """Return those of the uploads whose bytes may lie where they arrived: they were not looked into yet."""
    u = t.upload.c
    open_ = u.state.in_((*_UNATTACHED, UploadState.QUARANTINED.value))
    return {row["id"] for row in await session.rows(select(u.id).where(_among(u.id, ids), open_))}


async def oldest_quarantined(session: ReadSession) -> datetime | None:
    """Return since when the file waits that has waited longest to be looked into."""
    u = t.upload.c
    waits: datetime | None = await session.scalar(
        select(func.min(u.attached_at)).where(u.state == UploadState.QUARANTINED)
    )
    return waits


async def load_attachment(session: ReadSession, id_: UUID) -> RowMapping | None:
    """Return an attachment with what decides who sees it: process, region and requester of its ticket."""
    a, c = t.attachment, t.ticket.c
    statement = select(a, c.process, c.requester).join(t.ticket, c.id == a.c.ticket_id).where(a.c.id == id_)
    return await session.row(statement)
