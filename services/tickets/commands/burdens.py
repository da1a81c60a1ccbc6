"""Report a burden on a community (减负举报), and answer the report."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec
from sqlalchemy import insert, select, update

from chassis.errors import Forbidden, NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import demanded
from services.tickets.commands.actors import actor_of, now, sees_in
from services.tickets.commands.publishing import publish_about
from services.tickets.commands.raise_ticket import region_in_force
from services.tickets.domain.admission import AdmissionList
from services.tickets.domain.admission_events import BurdenAnswered, BurdenReported
from services.tickets.domain.calendar import local_day
from services.tickets.domain.content import LONGEST_WORD
from services.tickets.domain.levels import Level
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process_words import is_duty
from services.tickets.storage import tables as t
from services.tickets.storage.admission import in_force

if TYPE_CHECKING:
    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.tickets.storage.processes import Processes


class ReportBurden(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: what burdens a community, by which ticket it came, which item speaks of it, by which hotline."""

    region_code: str
    description: str
    ticket_id: UUID | None = None
    item_id: UUID | None = None
    hotline_id: UUID | None = None


class AnswerBurden(msgspec.Struct, frozen=True):
    """What is asked: a report gets its answer."""

    id: UUID
    answer: str


async def report_burden(session: WriteSession, permit: Permit, processes: Processes, asked: ReportBurden) -> UUID:
    """Report a burden and return the report's id; for who holds a duty in that community or grid, or below it."""
    region = await region_in_force(session, permit, asked.region_code.strip())
    code: str = region["code"]
    if len(code) < Level.COMMUNITY.value:
        raise Refused(TicketProblem.NOT_A_COMMUNITY, "regionCode", code=code)
    actor = await actor_of(session, permit.caller, code)
    if not any(duty.region_code.startswith(code) and is_duty(duty.title) for duty in actor.duties):
        raise Forbidden(operation=permit.operation)
    permit.decided()
    at = now()
    row = {
        "id": new_id(),
        "region_id": region["id"],
        "region_code": code,
        "ticket_id": asked.ticket_id,
        "item_id": asked.item_id,
        "hotline_id": asked.hotline_id,
        "organisation_id": await _pusher(session, permit, processes, asked.ticket_id, code),
        "description": demanded(asked.description, "description", LONGEST_WORD),
        "reported_by": actor.subject,
        "reported_at": at,
    }
    await _check_item(session, code, asked.item_id, "itemId", hotline=False)
    await _check_item(session, code, asked.hotline_id, "hotlineId", hotline=True)
    await session.execute(insert(t.burden), row)
    session.changed("burden", row["id"], code, description=None, item=str(asked.item_id or ""))
    event = BurdenReported(
        burden_id=row["id"],
        ticket_id=asked.ticket_id,
        item_id=asked.item_id,
        pushed_by_id=row["organisation_id"],
        region_id=region["id"],
        region_code=code,
    )
    await publish_about(session, event, row["id"], 1, code, at)
    id_: UUID = row["id"]
    return id_


async def answer_burden(session: WriteSession, permit: Permit, asked: AnswerBurden) -> UUID:
    """Answer a report, once."""
    b = t.burden
    row = await session.row(select(b).where(b.c.id == asked.id).with_for_update())
    if row is None:
        raise NotFound(what="burden")
    permit.require(row["region_code"], what="burden")
    if row["answered_at"] is not None:
        raise Refused(TicketProblem.BURDEN_ANSWERED, day=local_day(row["answered_at"]))
    at, answer = now(), demanded(asked.answer, "answer", LONGEST_WORD)
    values = {"answer": answer, "answered_by": str(permit.caller.subject), "answered_at": at}
    await session.execute(update(b).where(b.c.id == asked.id).values(**values))
    session.changed("burden", asked.id, row["region_code"], answer=None)
    event = BurdenAnswered(burden_id=asked.id, region_id=row["region_id"], region_code=row["region_code"])
    await publish_about(session, event, asked.id, 2, row["region_code"], at)
    return asked.id


async def _pusher(
    session: WriteSession, permit: Permit, processes: Processes, ticket_id: UUID | None, code: str
) -> UUID | None:
    """Return which organisation handed a ticket down. Raises NotFound for one that the caller does not see there."""
    if ticket_id is None:
        return None
    k = t.ticket.c
    row = await session.row(select(k.process, k.region_code, k.requester).where(k.id == ticket_id))
    seen = await sees_in(session, permit.caller, processes)
    there = row is not None and row["region_code"].startswith(code)
    if row is None or not there or not seen.sees(row["process"], row["region_code"], row["requester"]):
        raise NotFound(what="ticket")
    h = t.hand_down.c
    last = select(h.organisation_id).where(h.ticket_id == ticket_id).order_by(h.seq.desc()).limit(1)
    found: UUID | None = await session.scalar(last)
    return found


async def _check_item(session: WriteSession, code: str, id_: UUID | None, field: str, *, hotline: bool) -> None:
    if id_ is None:
        return
    i, day = t.admission_item.c, local_day(now())
    fits = (i.list == AdmissionList.HOTLINES.value) if hotline else (i.list != AdmissionList.HOTLINES.value)
    if await session.scalar(select(i.id).where(i.id == id_, fits, in_force(code, day))) is None:
        raise Refused(TicketProblem.ITEM_NOT_IN_FORCE, field, day=day)
