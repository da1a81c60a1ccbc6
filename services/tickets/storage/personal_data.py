"""What is stored of a requester: found when its time is over, erased, and told to the person with who looked at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, cast, exists, select, text, update

from chassis.records import audit
from services.tickets.domain.uploads import UploadState
from services.tickets.domain.wording import vector
from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession, WriteSession

_ERASE_WORDS = text("SELECT erase_words(CAST(:ticket_id AS uuid))")
_ERASE_BESIDE = text("SELECT erase_words_beside(CAST(:ticket_id AS uuid), :everybody)")
_FORGET_REFERENCE = text("SELECT forget_reference(CAST(:id AS uuid))")
"""Functions of the owner (migrations 0053, 0102): the serving role cannot rewrite the timeline, nor what lies above."""
REVEALED, OPENED = "requester_revealed", "attachment_opened"
"""Kinds of looks, as the audit record calls them."""


async def over(session: WriteSession, process: str, version: int, before: datetime, most: int) -> Sequence[RowMapping]:
    """Lock some tickets of a process that ended before an instant and still have what is to be erased."""
    c = t.ticket.c
    of_it = (c.process == process) & (c.process_version == version)
    due = select(t.ticket).where(of_it, c.ended_at < before, c.erased_at.is_(None)).order_by(c.ended_at).limit(most)
    return await session.rows(due.with_for_update(skip_locked=True))


async def erase(session: WriteSession, ticket_id: UUID, title: str, at: datetime, *, everybody: bool) -> None:
    """Empty what a ticket, whose row is locked, has of its requester: name, number, words, files and their names.

    Words are also those in objections, at sessions about it and in reports of burdens; with `everybody`, those of all
    residents in objections and at sessions.
    """
    c, w = t.ticket.c, t.wording
    gone = {"requester_name": None, "requester_phone": None, "description": "", "erased_at": at}
    await session.execute(update(t.ticket).where(c.id == ticket_id).values(**gone))
    await session.execute(update(w).where(w.c.ticket_id == ticket_id).values(words=vector(title, "")))
    await session.execute(_ERASE_WORDS, {"ticket_id": ticket_id})
    await session.execute(_ERASE_BESIDE, {"ticket_id": ticket_id, "everybody": everybody})
    await erase_files(session, ticket_id, at)


async def erase_files(session: WriteSession, ticket_id: UUID, at: datetime, line: int | None = None) -> None:
    """Let the files of a ticket go, or those of a line; one that came with other tickets too goes with the last."""
    a, u, erased = t.attachment, t.upload, UploadState.ERASED.value
    here = (a.c.ticket_id == ticket_id) if line is None else (a.c.ticket_id == ticket_id) & (a.c.seq == line)
    mine = select(a.c.upload_id).where(here, a.c.upload_id.is_not(None))
    held = await session.rows(select(u.c.id).where(u.c.id.in_(mine)).order_by(u.c.id).with_for_update())
    await session.execute(update(a).where(here).values(state=erased))
    for row in held:
        kept = exists().where(a.c.upload_id == row["id"], a.c.state != erased)
        gone = update(u).where(u.c.id == row["id"], ~kept).values(state=erased, name="", try_at=at)
        await session.execute(gone)


async def take_erased_uploads(session: ReadSession, most: int) -> Sequence[RowMapping]:
    """Return uploads that were erased and whose bytes are still to be deleted."""
    u = t.upload.c
    return await session.rows(select(u.id).where(u.state == UploadState.ERASED, u.try_at.is_not(None)).limit(most))


async def note_bytes_deleted(session: WriteSession, upload: UUID) -> None:
    """Note that nothing is left of an erased upload."""
    await session.execute(update(t.upload).where(t.upload.c.id == upload).values(try_at=None))


async def take_erased_references(session: ReadSession, most: int) -> Sequence[RowMapping]:
    """Return imported references that were erased and whose files, if there are any, are still to be deleted."""
    a = t.attachment.c
    other = t.attachment.alias("other")
    shared = exists().where(other.c.key == a.key, other.c.upload_id.is_(None), other.c.state != UploadState.ERASED)
    erased = (a.state == UploadState.ERASED) & a.upload_id.is_(None) & (a.key != "")
    return await session.rows(select(a.id, a.key, shared.label("is_shared")).where(erased).limit(most))


async def note_reference_deleted(session: WriteSession, attachment: UUID) -> None:
    """Note that nothing is left of an erased reference."""
    await session.execute(_FORGET_REFERENCE, {"id": attachment})


def own_tickets(subject: str) -> Select[Any]:
    """Return the statement of the tickets that somebody raised, with what is stored of them."""
    return select(t.ticket).where(t.ticket.c.requester == subject)


def looks_at(ticket_id: UUID) -> Select[Any]:
    """Return the statement of who looked at the data of a ticket's requester or opened one of its files."""
    a, files = audit.c, t.attachment.c
    requester = select(a.at, a.id, a.actor, a.kind, a.fields).where(a.kind == REVEALED, a.object_id == str(ticket_id))
    of_it = select(cast(files.id, a.object_id.type)).where(files.ticket_id == ticket_id)
    file = select(a.at, a.id, a.actor, a.kind, a.fields).where(a.kind == OPENED, a.object_id.in_(of_it))
    return select(requester.union_all(file).subquery("look"))
