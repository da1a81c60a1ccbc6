"""Attach uploads to what is done with a ticket, in its transaction (附件)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from chassis.ids import new_id
from chassis.problems import Refused
from services.tickets.commands.actors import now
from services.tickets.domain.content import MOST_ATTACHMENTS, UploadedFile
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.uploads import UploadState, key_of_file
from services.tickets.storage import uploads as stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class Claim(msgspec.Struct, frozen=True):
    """Uploads that an act takes, locked: what they are as attachments, and whether one is new to it."""

    attachments: tuple[UploadedFile, ...] = ()
    act: str = ""

    async def settle(self, session: WriteSession, ticket_id: UUID) -> None:
        """Note that the act was done with them on a ticket."""
        if self.attachments:
            await stored.note_attached(session, [one.upload for one in self.attachments], ticket_id, self.act, now())


async def claim_uploads(
    session: WriteSession,
    permit: Permit,
    ids: Sequence[UUID],
    *,
    process: str,
    region_code: str,
    ticket: UUID | None = None,
    batch: str | None = None,
) -> Claim:
    """Take uploads of the caller for one act: on a ticket, on several in a `batch`, or with one to be raised.

    Raises Refused for what is not theirs, was asked for something else, has not arrived, or came with another act.
    """
    if not ids:
        return Claim()
    if len(ids) > MOST_ATTACHMENTS:
        raise Refused(TicketProblem.TOO_MANY_ATTACHMENTS, "attachments", most=MOST_ATTACHMENTS)
    if len(set(ids)) < len(ids):
        raise Refused(TicketProblem.ALREADY_ATTACHED, "attachments")
    act = f"batch {permit.caller.subject} {batch}" if batch is not None else f"act {new_id()}"
    rows = {row["id"]: row for row in await stored.load_own(session, str(permit.caller.subject), ids, lock=True)}
    for index, id_ in enumerate(ids):
        path, row = ("attachments", str(index)), rows.get(id_)
        if row is None or row["process"] != process:
            raise Refused(TicketProblem.UNKNOWN_UPLOAD, *path)
        if row["attached_at"] is not None and row["attached_with"] != act:
            raise Refused(TicketProblem.ALREADY_ATTACHED, *path)
        if batch is None and (row["ticket_id"] != ticket or row["region_code"] != region_code):
            raise Refused(TicketProblem.UNKNOWN_UPLOAD, *path)
        if row["state"] == UploadState.AWAITED:
            raise Refused(TicketProblem.NOT_UPLOADED, *path)
    return Claim(tuple(_attached(rows[id_]) for id_ in ids), act)


def _attached(row: RowMapping) -> UploadedFile:
    is_new = row["state"] == UploadState.VERIFIED
    return UploadedFile(
        name=row["name"],
        media_type=row["media_type"],
        size=row["size"],
        sha256=row["sha256"],
        key=key_of_file(row["id"]),
        upload=row["id"],
        state=UploadState.QUARANTINED.value if is_new else row["state"],
        finding=row["finding"],
        is_scanned=row["is_scanned"],
    )
