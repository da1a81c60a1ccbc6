"""Child tickets and their parents: open children, ask for a parent to be looked at, go on, recall."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from chassis.problems import Refused
from chassis.texts import clean, demanded
from services.tickets.commands.bodies import check_bodies
from services.tickets.commands.hand_downs import note_hand_down
from services.tickets.commands.publishing import publish
from services.tickets.commands.raise_ticket import region_in_force
from services.tickets.commands.telling import tell_of_transition
from services.tickets.domain.clock import RungKind
from services.tickets.domain.content import LONGEST_DESCRIPTION, LONGEST_TITLE
from services.tickets.domain.dividing import Link, check_children, led_to, section_of
from services.tickets.domain.numbers import number_of
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process import Kind
from services.tickets.domain.ticket import Given
from services.tickets.domain.transition import go_by_itself, raise_ticket
from services.tickets.storage import children as rows
from services.tickets.storage import tables as t
from services.tickets.storage.tickets import state_of, store, store_new

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.tickets.domain.calendar import WorkingCalendar
    from services.tickets.domain.dividing import ChildWanted
    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Actor, Ticket, Transition
    from services.tickets.storage.processes import Processes

_AT_ONCE = 50
_SOON = timedelta(seconds=5)
"""After which a child is recalled that somebody was just acting on."""


async def open_children(
    session: WriteSession, permit: Permit, processes: Processes, process: Process, made: Transition, actor: Actor
) -> None:
    """Open the child tickets of an action of kind divide, in its transaction.

    `made` is what the action made of the parent. Raises Refused for the first child that is wrong.
    """
    parent, wanted, acted_as = made.ticket, made.entry.given.children, made.entry.acted_as
    section = section_of(process, parent)
    there = len(await rows.ends_of(session, parent.id, parent.visits))
    held = (one.region_code for one in actor.duties if one.title == acted_as)
    where = next(code for code in held if parent.region_code.startswith(code))
    check_children(section, parent.depth, there, wanted, where)
    link = Link(parent.id, parent.visits, parent.depth + 1, acted_as)
    calendar = await processes.calendar(session)
    for index, one in enumerate(wanted):
        try:
            await _open(session, permit, processes, one, link, actor, made.entry.at, calendar)
        except Refused as refused:
            raise Refused(refused.problem, "children", str(index), *refused.path, **refused.values) from None
    if section is not None and section.rule != "none":
        await rows.watch(session, parent, RungKind.GATHER, parent.visits, made.entry.at, rows.NEVER)


async def _open(
    session: WriteSession,
    permit: Permit,
    processes: Processes,
    wanted: ChildWanted,
    link: Link,
    actor: Actor,
    at: datetime,
    calendar: WorkingCalendar,
) -> None:
    region = await region_in_force(session, permit, wanted.region_code.strip())
    process = await processes.latest(session, wanted.process)
    if process is None:
        raise Refused(TicketProblem.UNKNOWN_PROCESS, "process", process=wanted.process[:50])
    words = {
        "title": demanded(wanted.title, "title", LONGEST_TITLE),
        "description": clean(wanted.description, "description", LONGEST_DESCRIPTION) or "",
    }
    made = raise_ticket(
        process,
        id_=wanted.id,
        number=number_of(at, await session.scalar(t.ticket_number.next_value().select())),
        region_id=region["id"],
        region_code=region["code"],
        category=wanted.category,
        link=link,
        organisation=wanted.organisation,
        given=Given(),
        actor=actor,
        at=at,
        calendar=calendar,
    )
    if wanted.organisation is not None:
        await check_bodies(session, region["code"], Given(invited=(wanted.organisation,)))
    await store_new(session, process, made, calendar, words)
    session.changed("ticket", wanted.id, region["code"], number=made.ticket.number, parent=str(link.parent))
    await publish(session, made.event, 1, at)
    await note_hand_down(session, process, made, actor, (words["title"], words["description"]))
    await tell_of_transition(session, process, None, made)


async def count_open(session: WriteSession, process: Process, ticket: Ticket) -> int:
    """Return how many children of a ticket's present visit are under way, wherever they lie."""
    if section_of(process, ticket) is None:
        return 0
    return sum(end is None for end in await rows.ends_of(session, ticket.id, ticket.visits))


async def after_move(session: WriteSession, process: Process, before: Ticket, made: Transition) -> None:
    """See to a ticket's family when it has moved: its children if it left their step, its parent if it ended."""
    after, at = made.ticket, made.entry.at
    step = process.step(before.step)
    if step is not None and step.children is not None and after.visits != before.visits:
        await rows.unwatch(session, before.id)
        if step.children.leaving == "recall":
            await rows.watch(session, after, RungKind.RECALL, before.visits, at, at)
    if after.parent is not None and after.ended_at is not None and before.ended_at is None:
        await rows.look_again(session, after.parent, at)


async def go_on_without_waiting(
    session: WriteSession, process: Process, ticket: Ticket, events: int, at: datetime, calendar: WorkingCalendar
) -> Transition | None:
    """Let a parent go on whose children's ends decide it; it is left to wait for more when they do not."""
    section = section_of(process, ticket)
    to = led_to(section, await rows.ends_of(session, ticket.id, ticket.visits)) if section else None
    if to is None:
        await rows.watch(session, ticket, RungKind.GATHER, ticket.visits, at, rows.NEVER)
        return None
    made = go_by_itself(process, ticket, Kind.GATHER, to, max(at, ticket.changed_at), calendar)
    await store(session, process, ticket, made, calendar, events)
    await publish(session, made.event, events, made.entry.at)
    await after_move(session, process, ticket, made)
    await tell_of_transition(session, process, ticket, made)
    return made


async def recall_children(
    session: WriteSession,
    processes: Processes,
    ticket: Ticket,
    row: RowMapping,
    at: datetime,
    calendar: WorkingCalendar,
) -> None:
    """End the children of a visit that their parent went on without; those that somebody holds, soon."""
    for child in await rows.open_of(session, ticket.id, row["number"], _AT_ONCE):
        process = await processes.get(session, child["process"], child["process_version"])
        if process.recall is None:
            continue
        before = await state_of(session, child)
        made = go_by_itself(process, before, Kind.RECALL, process.recall.to, max(at, before.changed_at), calendar)
        await store(session, process, before, made, calendar, child["events"] + 1)
        session.changed("ticket", before.id, before.region_code, action=Kind.RECALL.value, step=made.ticket.step)
        await publish(session, made.event, child["events"] + 1, made.entry.at)
        await after_move(session, process, before, made)
        await tell_of_transition(session, process, before, made)
    if await _are_left(session, processes, ticket, row["number"]):
        await rows.watch(session, ticket, RungKind.RECALL, row["number"], at, at + _SOON)


async def _are_left(session: WriteSession, processes: Processes, ticket: Ticket, visit: int) -> bool:
    """Tell whether children are under way that can be recalled."""
    c = t.ticket.c
    left = await session.rows(
        select(c.process, c.process_version).where(c.parent == ticket.id, c.parent_visit == visit, c.ended_at.is_(None))
    )
    found = [await processes.get(session, row["process"], row["process_version"]) for row in left]
    return any(process.recall is not None for process in found)
