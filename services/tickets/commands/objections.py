"""Object to a public notice, and answer an objection (公示异议)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec
from sqlalchemy import insert, select, update

from chassis.errors import Forbidden, NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import demanded
from services.tickets.commands.actors import actor_of, now, sees_in, stand_ins
from services.tickets.commands.publishing import publish_about
from services.tickets.commands.telling import tell
from services.tickets.domain.content import LONGEST_WORD
from services.tickets.domain.notification_rules import Occasion
from services.tickets.domain.objecting import check_objecting
from services.tickets.domain.objection_events import ObjectionAnswered, ObjectionRaised
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process import RESIDENT, Holder
from services.tickets.domain.telling import Happening
from services.tickets.storage import tables as t
from services.tickets.storage.objections import is_anything_unanswered, let_lapse_again
from services.tickets.storage.tickets import load_locked, state_of

if TYPE_CHECKING:
    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.tickets.storage.processes import Processes


class ObjectToTicket(msgspec.Struct, frozen=True):
    """What is asked: a resident has something against what is before the public."""

    id: UUID
    reason: str


class AnswerObjection(msgspec.Struct, frozen=True):
    """What is asked: an objection is answered, as right or not."""

    id: UUID
    answer: str
    upheld: bool


async def object_to_ticket(session: WriteSession, permit: Permit, processes: Processes, asked: ObjectToTicket) -> UUID:
    """Object, once a notice, and return the objection's id; for residents of where the ticket is."""
    row = await load_locked(session, asked.id)
    if row is None:
        raise NotFound(what="ticket")
    ticket = await state_of(session, row)
    process = await processes.get(session, ticket.process, ticket.process_version)
    at = now()
    actor = await actor_of(session, permit.caller, ticket.region_code)
    if actor.standing([RESIDENT], ticket.region_code, None) is None:
        raise Forbidden(operation=permit.operation)
    check_objecting(process, ticket, at)
    permit.decided()
    o = t.objection
    mine = (o.c.ticket_id == ticket.id) & (o.c.visit == ticket.visits) & (o.c.by == actor.subject)
    if await session.scalar(select(o.c.id).where(mine)) is not None:
        raise Refused(TicketProblem.ALREADY_DONE)
    id_ = new_id()
    values = {
        "id": id_,
        "ticket_id": ticket.id,
        "visit": ticket.visits,
        "step": ticket.step,
        "region_code": ticket.region_code,
        "by": actor.subject,
        "reason": demanded(asked.reason, "reason", LONGEST_WORD),
        "raised_at": at,
    }
    await session.execute(insert(o), values)
    session.changed("objection", id_, ticket.region_code, reason=None)
    event = ObjectionRaised(objection_id=id_, ticket_id=ticket.id, step=ticket.step, region_code=ticket.region_code)
    await publish_about(session, event, id_, 1, ticket.region_code, at)
    what = Happening(action=Occasion.OBJECTION_RAISED, by=actor.subject, from_step=ticket.step)
    await tell(session, process, ticket, what, at)
    return id_


async def answer_objection(session: WriteSession, permit: Permit, processes: Processes, asked: AnswerObjection) -> UUID:
    """Answer an objection, once, and return its id; for who handles the step, or stands in for them."""
    o = t.objection
    of_ticket: UUID | None = await session.scalar(select(o.c.ticket_id).where(o.c.id == asked.id))
    row = None if of_ticket is None else await load_locked(session, of_ticket)
    found = await session.row(select(o).where(o.c.id == asked.id))
    if row is None or found is None:
        raise NotFound(what="objection")
    ticket = await state_of(session, row)
    process = await processes.get(session, ticket.process, ticket.process_version)
    actor = await actor_of(session, permit.caller, ticket.region_code)
    step = process.step(found["step"])
    who = [one for one in (step.who if step else ()) if isinstance(one, Holder)]
    if found["visit"] == ticket.visits:
        who += [*ticket.escalated, *await stand_ins(session, process, ticket)]
    acted_as = actor.standing(who, ticket.region_code, None)
    if acted_as is None:
        seen = await sees_in(session, permit.caller, processes)
        if not seen.sees(ticket.process, ticket.region_code, ticket.requester):
            raise NotFound(what="objection")
        raise Forbidden(operation=permit.operation)
    permit.decided()
    if found["answered_at"] is not None:
        raise Refused(TicketProblem.ALREADY_DONE)
    at = now()
    values = {
        "answer": demanded(asked.answer, "answer", LONGEST_WORD),
        "upheld": asked.upheld,
        "answered_by": actor.subject,
        "answered_as": acted_as,
        "answered_at": at,
    }
    await session.execute(update(o).where(o.c.id == asked.id).values(**values))
    session.changed("objection", asked.id, ticket.region_code, answer=None, upheld=asked.upheld, acted_as=acted_as)
    event = ObjectionAnswered(
        objection_id=asked.id,
        ticket_id=ticket.id,
        step=found["step"],
        region_code=ticket.region_code,
        is_upheld=asked.upheld,
    )
    await publish_about(session, event, asked.id, 2, ticket.region_code, at)
    what = Happening(action=Occasion.OBJECTION_ANSWERED, by=actor.subject, objector=found["by"])
    await tell(session, process, ticket, what, at)
    if found["visit"] == ticket.visits and not await is_anything_unanswered(session, ticket.id, ticket.visits):
        await let_lapse_again(session, ticket.id, ticket.visits, at)
    return asked.id
