"""Do something with a ticket: whatever its process offers in its step."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec
from msgspec.structs import replace

from chassis.errors import Forbidden, NotFound
from chassis.problems import Refused
from chassis.texts import demanded
from services.tickets.commands.actors import actor_of, now, sees_in, turn_of
from services.tickets.commands.attaching import claim_uploads
from services.tickets.commands.bodies import check_bodies
from services.tickets.commands.families import after_move, count_open, open_children
from services.tickets.commands.hand_downs import note_hand_down, refuse_by_item
from services.tickets.commands.publishing import publish
from services.tickets.commands.telling import tell_of_transition
from services.tickets.domain.assignment import OF_TURNS
from services.tickets.domain.joining import check_joining
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process import REQUESTER, Holder, Kind
from services.tickets.domain.ticket import Given  # noqa: TC001
from services.tickets.domain.transition import act
from services.tickets.storage.deliberations import was_deliberated
from services.tickets.storage.joining import asked_too, leads_others
from services.tickets.storage.tickets import load_locked, state_of, store

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.tickets.domain.process import Process, Who
    from services.tickets.domain.ticket import Ticket, Transition
    from services.tickets.storage.processes import Processes

_LONGEST_PURPOSE = 200


class ActOnTicket(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: an action, by its kind, its code or both, on a ticket as the caller knows it."""

    id: UUID
    expected_version: int
    kind: Kind | None = None
    action: str | None = None
    given: Given
    uploads: tuple[UUID, ...] = ()
    batch: str | None = None
    """Of an act on several tickets, which may all take the same uploads."""


async def act_on_ticket(session: WriteSession, permit: Permit, processes: Processes, asked: ActOnTicket) -> UUID:
    """Do it and return the ticket's id."""
    row, lead = await _locked(session, asked)
    before = await state_of(session, row)
    process = await processes.get(session, before.process, before.process_version)
    before, people, standing_in = await turn_of(session, process, before)
    calendar = await processes.calendar(session)
    actor = await actor_of(session, permit.caller, before.region_code)
    if asked.kind in {None, Kind.EVALUATE}:
        actor = replace(actor, asked_too=await asked_too(session, before.id, actor.subject))
    claim = await claim_uploads(
        session,
        permit,
        asked.uploads,
        process=process.code,
        region_code=before.region_code,
        ticket=before.id,
        batch=asked.batch,
    )
    try:
        made = act(
            process,
            before,
            replace(asked.given, attachments=claim.attachments),
            actor,
            kind=asked.kind,
            code=asked.action,
            expected_version=asked.expected_version,
            # Another instance's clock may be a little ahead of this one's.
            at=max(now(), before.changed_at),
            calendar=calendar,
            standing_in=standing_in,
            open_children=await count_open(session, process, before),
        )
    except Forbidden:
        await _check_visible(session, permit, processes, row)
        raise Forbidden(operation=permit.operation) from None
    permit.decided()
    await check_bodies(session, before.region_code, asked.given)
    await _check_deliberated(session, process, before, made)
    await _check_turn(session, before, made, people)
    if made.entry.kind is Kind.JOIN:
        await _check_lead(session, permit, processes, before, lead)
    events = row["events"] + 1
    await store(session, process, before, made, calendar, events)
    await claim.settle(session, before.id)
    session.changed(
        "ticket", before.id, before.region_code,
        action=made.entry.action, acted_as=made.entry.acted_as, step=made.ticket.step, version=made.ticket.version,
    )  # fmt: skip
    await publish(session, made.event, events, made.entry.at)
    if made.entry.kind is Kind.DIVIDE:
        await open_children(session, permit, processes, process, made, actor)
    await after_move(session, process, before, made)
    await refuse_by_item(session, made)
    await note_hand_down(session, process, made, actor, (row["title"], row["description"], asked.given.opinion or ""))
    await tell_of_transition(session, process, before, made)
    return before.id


async def _check_turn(session: WriteSession, before: Ticket, made: Transition, people: frozenset[UUID]) -> None:
    """Refuse to give it to somebody who is not in turn, or to take back what others wait for. Raises Refused."""
    if made.entry.kind in OF_TURNS and made.ticket.assignee is not None and made.ticket.assignee not in people:
        raise Refused(TicketProblem.NOT_A_HOLDER, "assignee")
    if made.entry.kind is Kind.WITHDRAW and await leads_others(session, before.id):
        raise Refused(TicketProblem.OTHERS_WAIT)


async def _locked(session: WriteSession, asked: ActOnTicket) -> tuple[RowMapping, RowMapping | None]:
    """Lock the ticket, and the one it is to be joined to: always in the same order, so that nobody waits in a ring."""
    into = asked.given.into
    rows = {id_: await load_locked(session, id_) for id_ in sorted({asked.id, into or asked.id})}
    row = rows[asked.id]
    if row is None:
        raise NotFound(what="ticket")
    return row, rows[into] if into else None


async def _check_lead(
    session: WriteSession, permit: Permit, processes: Processes, ticket: Ticket, lead: RowMapping | None
) -> None:
    """Refuse a ticket that another cannot be joined to, or to join one that leads others. Raises Refused, NotFound."""
    if lead is None:
        raise NotFound(what="ticket")
    await _check_visible(session, permit, processes, lead)
    check_joining(ticket, lead["id"], lead["number"], lead["region_code"], lead["ended_at"])
    if await leads_others(session, ticket.id):
        raise Refused(TicketProblem.LEADS_OTHERS, "into")


async def _check_deliberated(session: WriteSession, process: Process, before: Ticket, made: Transition) -> None:
    """Refuse what the process allows only after a deliberation about the ticket. Raises Refused."""
    step = process.step(before.step)
    after = next((one.after for one in (step.actions if step else ()) if one.code == made.entry.action), None)
    if after is None:
        return
    if not await was_deliberated(session, before.id, before.entered_at, resolved=after == "resolution"):
        raise Refused(TicketProblem.NOT_DELIBERATED)


async def _check_visible(session: WriteSession, permit: Permit, processes: Processes, row: RowMapping) -> None:
    """Raise NotFound for a ticket that the caller does not even see."""
    seen = await sees_in(session, permit.caller, processes)
    if not seen.sees(row["process"], row["region_code"], row["requester"]):
        raise NotFound(what="ticket")


def handlers_of(process: Process, *, in_turn: bool = False) -> list[Who]:
    """Return who handles tickets of a process by duty: evaluating is not handling.

    Who checked in handles only what is their turn (`in_turn`): they are many, and the others have no need.
    """
    return [
        one
        for step in process.steps
        for action in step.actions
        if action.kind is not Kind.EVALUATE
        for one in step.who_may(action)
        if isinstance(one, Holder) and (in_turn or one.checked_in is None)
    ]


class RevealRequester(msgspec.Struct, frozen=True):
    """What is asked: the requester's data unmasked, for a purpose that is recorded."""

    id: UUID
    purpose: str


async def reveal_requester(session: WriteSession, permit: Permit, processes: Processes, asked: RevealRequester) -> UUID:
    """Record who looks at a requester's data, and why; what is shown is read after this has committed.

    Open to the requester, and to who handles tickets of this process here by duty: evaluating is not handling. Who
    checked in is shown it while it is their turn.
    """
    row = await load_locked(session, asked.id)
    if row is None:
        raise NotFound(what="ticket")
    process = await processes.get(session, row["process"], row["process_version"])
    actor = await actor_of(session, permit.caller, row["region_code"])
    in_turn = row["assignee"] is not None and actor.is_or_acts_for(row["assignee"])
    who: list[Who] = [REQUESTER, *handlers_of(process, in_turn=in_turn)]
    if actor.standing(who, row["region_code"], row["requester"]) is None:
        await _check_visible(session, permit, processes, row)
        raise Forbidden(operation=permit.operation)
    permit.decided()
    purpose = demanded(asked.purpose, "purpose", _LONGEST_PURPOSE)
    session.changed("requester_revealed", asked.id, row["region_code"], purpose=purpose)
    return asked.id
