"""Files of tickets: ask for a link to upload one, look at what arrived, open one (附件)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec
from msgspec.structs import replace

from chassis.errors import BadRequest, Forbidden, NotFound
from chassis.ids import new_id
from chassis.objects.sniff import HEAD, is_text, types_of
from chassis.objects.store import Declared, ObjectGone
from chassis.problems import Refused
from chassis.records import write_audit
from services.tickets.commands.actors import actor_of, now, sees_in, turn_of
from services.tickets.commands.raise_ticket import region_in_force
from services.tickets.domain.actions import offered
from services.tickets.domain.content import MOST_ATTACHMENTS
from services.tickets.domain.countersigning import open_seats
from services.tickets.domain.levels import level_of
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process import Input
from services.tickets.domain.uploads import (
    DeclaredFile,
    UploadState,
    check_allowance,
    check_declared,
    is_of_type,
    key_of_upload,
)
from services.tickets.storage import uploads as stored
from services.tickets.storage.joining import asked_too
from services.tickets.storage.state import IMPORTED
from services.tickets.storage.tickets import load_locked, state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import RowMapping

    from chassis.database import Database, WriteSession
    from chassis.graphql.mutate import Permit
    from services.tickets.access import Visibility
    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Ticket
    from services.tickets.files import Files
    from services.tickets.storage.processes import Processes

_DAY = timedelta(days=1)


class RequestUpload(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: a link for a file, to come with an act on a ticket, or with one to be raised in a region."""

    ticket: UUID | None = None
    process: str | None = None
    region_code: str | None = None
    file: DeclaredFile


async def request_upload(session: WriteSession, permit: Permit, processes: Processes, asked: RequestUpload) -> UUID:
    """Note what will be uploaded, for whoever may attach it there, and return the upload's id. Raises Refused."""
    if asked.ticket is not None and asked.process is None and asked.region_code is None:
        place = await _for_ticket(session, permit, processes, asked.ticket)
    elif asked.ticket is None and asked.process is not None and asked.region_code is not None:
        place = await _for_raising(session, permit, processes, asked.process, asked.region_code.strip())
    else:
        raise BadRequest(reason="Name either the ticket, or the process and the region of one that is to be raised.")
    permit.decided()
    file, subject, at = check_declared(asked.file), str(permit.caller.subject), now()
    check_allowance(*await stored.waiting_of(session, subject, at - _DAY), file.size)
    id_ = new_id()
    values = {"id": id_, "by": subject, "state": UploadState.AWAITED.value, "requested_at": at}
    await stored.add_upload(session, values | place | msgspec.structs.asdict(file))
    session.changed("upload", id_, str(place["region_code"]), name=None, media_type=file.media_type, size=file.size)
    return id_


async def _for_ticket(
    session: WriteSession, permit: Permit, processes: Processes, ticket_id: UUID
) -> dict[str, UUID | str]:
    """Return where an upload for a ticket belongs. Raises NotFound, or Forbidden for who can attach nothing now."""
    # Locked, so that a recoding of its region finds the upload or is found by it.
    row = await load_locked(session, ticket_id)
    if row is None:
        raise NotFound(what="ticket")
    ticket = await state_of(session, row)
    process = await processes.get(session, ticket.process, ticket.process_version)
    if not await _may_attach(session, permit, process, ticket):
        seen = await sees_in(session, permit.caller, processes)
        if not seen.sees(ticket.process, ticket.region_code, ticket.requester):
            raise NotFound(what="ticket")
        raise Forbidden(operation=permit.operation)
    here: dict[str, UUID | str] = {"region_id": ticket.region_id, "region_code": ticket.region_code}
    return here | {"process": process.code, "ticket_id": ticket.id}


async def _may_attach(session: WriteSession, permit: Permit, process: Process, ticket: Ticket) -> bool:
    """Tell whether the caller can do something with a ticket now that takes files."""
    actor = await actor_of(session, permit.caller, ticket.region_code)
    actor = replace(actor, asked_too=await asked_too(session, ticket.id, actor.subject))
    more = (*ticket.escalated, *(await turn_of(session, process, ticket)).standing_in)
    seats = open_seats(process, ticket)
    for one in offered(process, ticket.step):
        if Input.ATTACHMENTS in (*one.action.requires, *one.action.may):
            who = (*one.who, *more) if one.is_for_duties else one.who
            if actor.standing(who, ticket.region_code, ticket.requester, seats) is not None:
                return True
    return False


async def _for_raising(
    session: WriteSession, permit: Permit, processes: Processes, code: str, region_code: str
) -> dict[str, UUID | str]:
    """Return where an upload for a ticket to be raised belongs. Raises Refused, NotFound, or Forbidden."""
    region = await region_in_force(session, permit, region_code)
    process = await processes.latest(session, code) if code.isidentifier() else None
    if process is None:
        raise Refused(TicketProblem.UNKNOWN_PROCESS, "process", process=code[:50])
    level = level_of(region["code"])
    if level is None or level.name not in process.raising.levels:
        raise Refused(
            TicketProblem.WRONG_LEVEL,
            "regionCode",
            levels=", ".join(process.raising.levels),
            code=region["code"],
            found=level.name if level else "?",
        )
    actor = await actor_of(session, permit.caller, region["code"])
    if actor.standing(process.raising.who, region["code"], None) is None:
        raise Forbidden(operation=permit.operation)
    return {"region_id": region["id"], "region_code": region["code"], "process": process.code}


async def inspect_uploads(
    database: Database, scope: Sequence[str], files: Files, subject: str, ids: Sequence[UUID]
) -> None:
    """Look at what arrived for uploads that are about to be attached, before anything of the ticket is held.

    Raises Refused for the first that is not what was declared; it is deleted, and has to be asked for anew. One that
    has not arrived is left as it is: attaching it is refused then.
    """
    if len(ids) > MOST_ATTACHMENTS:
        return
    async with database.read(scope) as session:
        rows = [row for row in await stored.load_own(session, subject, ids) if row["state"] == UploadState.AWAITED]
    fits = await asyncio.gather(*(_is_as_declared(files, row) for row in rows))
    wrong = [row for row, is_right in zip(rows, fits, strict=True) if is_right is False]
    for row in wrong:
        await files.store.delete(key_of_upload(row["id"]))
    if not rows:
        return
    async with database.write(scope) as session:
        for row, is_right in zip(rows, fits, strict=True):
            if is_right:
                await stored.note_verified(session, row["id"])
            elif is_right is False and await stored.forget_unattached(session, row["id"]):
                session.changed("upload", row["id"], row["region_code"], deleted="not as declared")
        await write_audit(session, "system:files", "inspectUploads")
    for row in wrong:
        path = ("attachments", str(list(ids).index(row["id"])))
        raise Refused(TicketProblem.UPLOAD_DIFFERS, *path, type=row["media_type"], size=row["size"])


def declared(row: RowMapping) -> Declared:
    """Return what an upload was declared to be, as the store binds it."""
    return Declared(row["size"], row["media_type"], row["sha256"])


async def _is_as_declared(files: Files, row: RowMapping) -> bool | None:
    """Tell whether what arrived has the size, type and (where the store counts it) digest; None when nothing did."""
    key = key_of_upload(row["id"])
    found = await files.store.stat(key)
    if found is None:
        return None
    if found.size != row["size"] or found.sha256 not in {None, row["sha256"]}:
        return False
    try:
        head = b"".join([chunk async for chunk in files.store.read(key, HEAD)])
    except ObjectGone:
        return None
    return is_of_type(row["media_type"], types_of(head), reads_as_text=is_text(head))


class OpenAttachment(msgspec.Struct, frozen=True):
    """What is asked: to fetch a file; `is_here` tells whether an imported reference has one in the store."""

    id: UUID
    is_here: bool


async def open_attachment(session: WriteSession, permit: Permit, seen: Visibility, asked: OpenAttachment) -> UUID:
    """Record who fetches a file of a ticket that they see; the link is made after this has committed.

    Raises NotFound, or Refused for a file that cannot be read.
    """
    row = await stored.load_attachment(session, asked.id)
    if row is None or not seen.sees(row["process"], row["region_code"], row["requester"]):
        raise NotFound(what="attachment")
    permit.decided()
    if row["state"] == UploadState.QUARANTINED:
        raise Refused(TicketProblem.FILE_QUARANTINED, "id")
    if row["state"] == UploadState.REFUSED:
        raise Refused(TicketProblem.FILE_REFUSED, "id")
    if row["state"] == UploadState.ERASED or (row["state"] == IMPORTED and not asked.is_here):
        raise Refused(TicketProblem.FILE_NOT_HERE, "id")
    session.changed("attachment_opened", asked.id, row["region_code"], ticket=str(row["ticket_id"]))
    return asked.id
