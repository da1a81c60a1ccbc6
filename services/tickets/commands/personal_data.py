"""Erase what tickets have of their requesters: when its time is over, or when the person asks (个人信息保护法 47)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec

from chassis.database import EVERYWHERE
from chassis.errors import Forbidden, NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.records import write_audit
from services.tickets.commands.act_on_ticket import handlers_of
from services.tickets.commands.actors import actor_of, now, sees_in
from services.tickets.commands.own_words import erase_words_over
from services.tickets.commands.publishing import publish_about
from services.tickets.domain.calendar import local_day
from services.tickets.domain.personal_data import end_of_latest_over
from services.tickets.domain.personal_data_events import PersonalDataErased, WhyErased
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process import REQUESTER
from services.tickets.domain.uploads import key_of_file, key_of_reference
from services.tickets.storage import personal_data as stored
from services.tickets.storage.processes import Processes
from services.tickets.storage.tickets import load_locked

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import RowMapping

    from chassis.database import Database, WriteSession
    from chassis.graphql.mutate import Permit
    from chassis.service import Runtime
    from services.tickets.files import Files

_SWEEP_SECONDS = 3600.0
_AT_ONCE = 200


class ErasePersonalData(msgspec.Struct, frozen=True):
    """What is asked: to erase what a ticket has of its requester."""

    id: UUID


async def erase_personal_data(
    session: WriteSession, permit: Permit, processes: Processes, asked: ErasePersonalData
) -> UUID:
    """Erase it at the person's request, once the matter has ended.

    Open to the requester; for one who has no account, to who handles tickets of the process there by duty.
    """
    row = await load_locked(session, asked.id)
    if row is None:
        raise NotFound(what="ticket")
    process = await processes.get(session, row["process"], row["process_version"])
    actor = await actor_of(session, permit.caller, row["region_code"])
    who = [REQUESTER] if row["requester"] is not None else handlers_of(process)
    if actor.standing(who, row["region_code"], row["requester"]) is None:
        seen = await sees_in(session, permit.caller, processes)
        if not seen.sees(row["process"], row["region_code"], row["requester"]):
            raise NotFound(what="ticket")
        raise Forbidden(operation=permit.operation)
    permit.decided()
    if row["erased_at"] is not None:
        raise Refused(TicketProblem.ALREADY_ERASED, "id", day=local_day(row["erased_at"]))
    if row["ended_at"] is None:
        raise Refused(TicketProblem.STILL_NEEDED, "id")
    await _erase(session, row, WhyErased.REQUEST, now())
    return asked.id


async def keep_retention(runtime: Runtime) -> None:
    """Erase what is kept no longer, until cancelled; safe in several instances."""
    processes = Processes()
    while True:
        while await erase_over(runtime.database, processes, now()):
            pass
        while await erase_words_over(runtime.database, now()):
            pass
        await asyncio.sleep(_SWEEP_SECONDS)


async def erase_over(database: Database, processes: Processes, at: datetime) -> int:
    """Erase what some tickets have of their requesters and is kept no longer at `at`; return of how many."""
    done = 0
    async with database.write(EVERYWHERE) as session:
        for process in await processes.every(session):
            before = end_of_latest_over(process.personal_data, local_day(at))
            rows = await stored.over(session, process.code, process.version, before, _AT_ONCE)
            for row in rows:
                await _erase(session, row, WhyErased.RETENTION, at)
            done += len(rows)
        await write_audit(session, "system:retention", "erasePersonalData")
    return done


async def _erase(session: WriteSession, row: RowMapping, why: WhyErased, at: datetime) -> None:
    await stored.erase(session, row["id"], row["title"], at, everybody=why is WhyErased.RETENTION)
    session.changed(
        "ticket", row["id"], row["region_code"],
        requester_name=None, requester_phone=None, description=None, attachments=None, erased=why.value,
    )  # fmt: skip
    event = PersonalDataErased(ticket_id=row["id"], region_code=row["region_code"], why=why)
    await publish_about(session, event, new_id(), 1, row["region_code"], at)


async def delete_erased(database: Database, files: Files) -> int:
    """Delete the bytes of files that were erased; return of how many. Raises StoreAway."""
    async with database.read(EVERYWHERE) as session:
        uploads = await stored.take_erased_uploads(session, _AT_ONCE)
        references = await stored.take_erased_references(session, _AT_ONCE)
    for row in uploads:
        await files.store.delete(key_of_file(row["id"]))
        async with database.write(EVERYWHERE) as session:
            await stored.note_bytes_deleted(session, row["id"])
    for row in references:
        if not row["is_shared"]:
            await files.store.delete(key_of_reference(row["key"]))
        async with database.write(EVERYWHERE) as session:
            await stored.note_reference_deleted(session, row["id"])
    return len(uploads) + len(references)
