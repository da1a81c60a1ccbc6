"""Note what is handed down to a community and which items of entry control speak of it; refuse by an item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from chassis.ids import new_id
from chassis.problems import Refused
from services.tickets.commands.publishing import publish_about
from services.tickets.domain.admission import AdmissionList, Cause
from services.tickets.domain.admission_events import AdmissionFlagRaised, AdmissionFlagUpheld
from services.tickets.domain.calendar import local_day
from services.tickets.domain.hand_down import hand_down_of, spoken_of
from services.tickets.domain.problems import TicketProblem
from services.tickets.storage import tables as t
from services.tickets.storage.admission import in_force, item_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Actor, Transition


async def note_hand_down(
    session: WriteSession, process: Process, made: Transition, actor: Actor, words: Sequence[str]
) -> None:
    """Note that a ticket was pushed down, if it was, and flag it by the items that speak of it or of `words`."""
    ticket, entry = made.ticket, made.entry
    pushed = hand_down_of(process, entry, actor, ticket.region_code)
    if pushed is None:
        return
    row = {
        "ticket_id": ticket.id,
        "seq": entry.seq,
        "region_code": ticket.region_code,
        "at": entry.at,
        "organisation_id": pushed.organisation,
    }
    more = {"title": pushed.title, "from_region_code": pushed.from_region_code}
    await session.execute(insert(t.hand_down), row | more)
    there = await session.rows(select(t.admission_item).where(in_force(ticket.region_code, local_day(entry.at))))
    items = [(one["id"], item_of(one)) for one in there]
    for item_id, found in spoken_of(items, ticket.category, words):
        await _flag(session, row, item_id, found.cause, word=found.word)


async def refuse_by_item(session: WriteSession, made: Transition) -> None:
    """Keep that a ticket was refused by an item. Raises Refused for a wrong item, or a ticket not handed down."""
    ticket, entry, item_id = made.ticket, made.entry, made.entry.given.grounds
    if item_id is None:
        return
    h, f = t.hand_down, t.admission_flag
    last = await session.row(select(h).where(h.c.ticket_id == ticket.id).order_by(h.c.seq.desc()).limit(1))
    if last is None:
        raise Refused(TicketProblem.NOT_HANDED_DOWN, "grounds")
    day = local_day(last["at"])
    i = t.admission_item.c
    listed = (i.id == item_id) & (i.list != AdmissionList.HOTLINES.value) & in_force(ticket.region_code, day)
    if await session.scalar(select(i.id).where(listed)) is None:
        raise Refused(TicketProblem.ITEM_NOT_IN_FORCE, "grounds", day=day)
    mine = (f.c.ticket_id == ticket.id) & (f.c.seq == last["seq"]) & (f.c.item_id == item_id)
    flag_id: UUID | None = await session.scalar(select(f.c.id).where(mine))
    if flag_id is None:
        flag_id = await _flag(session, last, item_id, Cause.CLAIMED)
    refused = {"refused_seq": entry.seq, "refused_at": entry.at}
    await session.execute(update(f).where(f.c.id == flag_id).values(**refused))
    session.changed("admission_flag", flag_id, ticket.region_code, item=str(item_id), refused=True)
    event = AdmissionFlagUpheld(
        flag_id=flag_id,
        ticket_id=ticket.id,
        item_id=item_id,
        pushed_by_id=last["organisation_id"],
        region_code=ticket.region_code,
    )
    await publish_about(session, event, flag_id, 2, ticket.region_code, entry.at)


async def _flag(
    session: WriteSession, pushed: RowMapping | dict[str, Any], item_id: UUID, cause: Cause, word: str | None = None
) -> UUID:
    """Store that an item speaks of a hand-down, and tell of it."""
    id_ = new_id()
    row = {name: pushed[name] for name in ("ticket_id", "seq", "region_code", "at", "organisation_id")}
    await session.execute(
        insert(t.admission_flag), row | {"id": id_, "item_id": item_id, "cause": cause.value, "word": word}
    )
    session.changed("admission_flag", id_, pushed["region_code"], item=str(item_id), cause=cause.value)
    event = AdmissionFlagRaised(
        flag_id=id_,
        ticket_id=pushed["ticket_id"],
        item_id=item_id,
        cause=cause,
        pushed_by_id=pushed["organisation_id"],
        region_code=pushed["region_code"],
    )
    await publish_about(session, event, id_, 1, pushed["region_code"], pushed["at"])
    return id_
