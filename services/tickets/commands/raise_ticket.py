"""Raise a ticket (提单)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec
from sqlalchemy import or_, select

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.problems import CommonProblem, Refused
from chassis.texts import clean, demanded
from services.tickets.commands.actors import actor_of, now
from services.tickets.commands.attaching import claim_uploads
from services.tickets.commands.concerns import check_concern
from services.tickets.commands.hand_downs import note_hand_down
from services.tickets.commands.publishing import publish
from services.tickets.commands.telling import tell_of_transition
from services.tickets.domain.calendar import local_day
from services.tickets.domain.content import LONGEST_DESCRIPTION, LONGEST_TITLE, checked_name, checked_phone
from services.tickets.domain.levels import level_of
from services.tickets.domain.numbers import number_of
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process import RESIDENT
from services.tickets.domain.ticket import Given
from services.tickets.domain.transition import raise_ticket as begin
from services.tickets.storage import tables as t
from services.tickets.storage.joining import number_by_reference
from services.tickets.storage.tickets import store_new

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Ticket
    from services.tickets.storage.processes import Processes


class RaiseTicket(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: a ticket of a process in a region; `on_behalf` of somebody who is not the caller."""

    process: str
    region_code: str
    title: str
    description: str = ""
    category: str | None = None
    channel: str | None = None
    channel_reference: str | None = None
    concerns: UUID | None = None
    on_behalf: bool = False
    requester_name: str | None = None
    requester_phone: str | None = None
    uploads: tuple[UUID, ...] = ()

    def bound(self, cipher: DataCipher) -> dict[str, Any]:
        """Return what the idempotency key is bound to: without personal data that could be guessed from a digest."""
        asked: dict[str, Any] = msgspec.to_builtins(self)
        for name in ("requester_name", "requester_phone"):
            asked[name] = cipher.blind_index(asked[name]) if asked[name] else None
        return asked


async def raise_ticket(session: WriteSession, permit: Permit, processes: Processes, asked: RaiseTicket) -> UUID:
    """Begin a ticket and return its id."""
    region = await region_in_force(session, permit, asked.region_code.strip())
    process = await processes.latest(session, asked.process) if asked.process.isidentifier() else None
    if process is None:
        raise Refused(TicketProblem.UNKNOWN_PROCESS, "process", process=asked.process[:50])
    words = _words(permit.context.cipher, asked)
    actor = await actor_of(session, permit.caller, region["code"])
    if asked.on_behalf:
        actor = msgspec.structs.replace(actor, resident_in=())
    claim = await claim_uploads(session, permit, asked.uploads, process=process.code, region_code=region["code"])
    at, ticket_id = now(), new_id()
    calendar = await processes.calendar(session)
    made = begin(
        process,
        id_=ticket_id,
        number=number_of(at, await session.scalar(t.ticket_number.next_value().select())),
        region_id=region["id"],
        region_code=region["code"],
        category=asked.category,
        channel=asked.channel,
        concerns=asked.concerns,
        given=Given(attachments=claim.attachments),
        actor=actor,
        at=at,
        calendar=calendar,
    )
    permit.decided()
    if asked.concerns is not None:
        await check_concern(session, permit, processes, process, asked.concerns, region["code"])
    words["channel_reference"] = await _reference(session, process, made.ticket, asked, made.entry.acted_as)
    await store_new(session, process, made, calendar, words)
    await claim.settle(session, ticket_id)
    session.changed(
        "ticket", ticket_id, region["code"],
        number=made.ticket.number, process=process.code, step=made.ticket.step, title=None, description=None,
        requester_name=None, requester_phone=None,
    )  # fmt: skip
    await publish(session, made.event, 1, at)
    await note_hand_down(session, process, made, actor, (words["title"], words["description"]))
    await tell_of_transition(session, process, None, made)
    return ticket_id


async def _reference(
    session: WriteSession, process: Process, ticket: Ticket, asked: RaiseTicket, acted_as: str
) -> str | None:
    """Return what the ticket is called where it came from. Raises Refused for what was raised here already."""
    reference = clean(asked.channel_reference, "channelReference", LONGEST_TITLE)
    if reference is None:
        return None
    # Whoever brings in what a hotline or app took down is in duty: a resident has no such number of their own.
    if ticket.channel is None or acted_as == RESIDENT:
        raise Refused(TicketProblem.NOT_TAKEN, "channelReference", field="channelReference")
    number = await number_by_reference(session, process.code, ticket.channel, reference, ticket.region_id)
    if number is not None:
        raise Refused(TicketProblem.ALREADY_RAISED, "channelReference", reference=reference, number=number)
    return reference


async def region_in_force(session: WriteSession, permit: Permit, code: str) -> RowMapping:
    """Return the id and code of a region that the caller sees, held until the transaction ends.

    Raises Refused for no region in force, NotFound for one out of sight.
    """
    if level_of(code) is None:
        raise Refused(CommonProblem.INVALID_REGION_CODE, "regionCode", code=code[:40])
    if not permit.caller.sees(code):
        raise NotFound(what="region")
    r, today = t.region, local_day(now())
    in_force = or_(r.c.closed_on.is_(None), r.c.closed_on > today)
    # Held until the ticket is stored, so that a recoding of the region finds the ticket or is found by it.
    held = select(r.c.id, r.c.code).where(r.c.code == code, in_force).with_for_update(read=True)
    region = await session.row(held)
    if region is None:
        raise Refused(CommonProblem.UNKNOWN_REGION, "regionCode", code=code[:40])
    return region


def _words(cipher: DataCipher, asked: RaiseTicket) -> dict[str, Any]:
    name, phone = checked_name(asked.requester_name), checked_phone(asked.requester_phone)
    return {
        "title": demanded(asked.title, "title", LONGEST_TITLE),
        "description": clean(asked.description, "description", LONGEST_DESCRIPTION) or "",
        "requester_name": cipher.encrypt(name) if name else None,
        "requester_phone": cipher.encrypt(phone) if phone else None,
    }
