"""How a ticket moves: pure functions from a ticket and what somebody does to what it becomes, or a refusal.

No path loses or duplicates a step: each transition adds exactly one entry, whose `from_step` is where the ticket was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from chassis.errors import Forbidden
from chassis.problems import CommonProblem, Refused
from services.tickets.domain import clock as clocks
from services.tickets.domain.actions import Offered, find, offered
from services.tickets.domain.assignment import OF_TURNS, turned, who_in_turn
from services.tickets.domain.clock import Clock, ClockKind
from services.tickets.domain.countersigning import answer, invite, open_seats
from services.tickets.domain.dividing import check_leaving
from services.tickets.domain.events import event_of_action
from services.tickets.domain.inputs import check_given
from services.tickets.domain.levels import level_of
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process import PARENT, REQUESTER, RESIDENT, Input, Kind
from services.tickets.domain.reopening import check_reopening
from services.tickets.domain.ticket import SYSTEM, Actor, Entry, Evaluation, Given, Mark, Ticket, Transition

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from services.tickets.domain.calendar import WorkingCalendar
    from services.tickets.domain.deadline import Duration
    from services.tickets.domain.dividing import Link
    from services.tickets.domain.process import Holder, Process, Step

_NO_DUTY = frozenset({REQUESTER, RESIDENT, SYSTEM})


def check_place(process: Process, region_code: str, category: str | None, channel: str | None = None) -> None:
    """Refuse to raise a ticket in a region, category or by a channel that the process does not have. Raises Refused."""
    level = level_of(region_code)
    if level is None or level.name not in process.raising.levels:
        found = level.name if level else "?"
        levels = ", ".join(process.raising.levels)
        raise Refused(TicketProblem.WRONG_LEVEL, "regionCode", levels=levels, code=region_code, found=found)
    known = {category.code for category in process.categories}
    if known and category is None:
        raise Refused(CommonProblem.REQUIRED, "category", field="category")
    if category is not None and category not in known:
        raise Refused(TicketProblem.UNKNOWN_CATEGORY, "category", category=category)
    if channel is not None and channel not in {one.code for one in process.channels}:
        raise Refused(TicketProblem.UNKNOWN_CHANNEL, "channel", channel=channel[:50])


def raise_ticket(  # noqa: PLR0913 (what a ticket begins with, by name)
    process: Process,
    *,
    id_: UUID,
    number: str,
    region_id: UUID,
    region_code: str,
    category: str | None,
    channel: str | None = None,
    concerns: UUID | None = None,
    link: Link | None = None,
    organisation: UUID | None = None,
    given: Given,
    actor: Actor,
    at: datetime,
    calendar: WorkingCalendar,
) -> Transition:
    """Begin a ticket. Raises Refused, or Forbidden for who may not raise one there."""
    check_place(process, region_code, category, channel)
    if channel is None and process.channels:
        channel = process.channels[0].code
    acted_as = actor.standing(process.raising.who, region_code, None)
    duty = actor.duty_among(process.raising.who, region_code)
    issuer = duty if duty is not None and duty.post_title == acted_as else None
    if link is not None:
        acted_as = link.acted_as if PARENT in process.raising.who else None
    if acted_as is None:
        raise Forbidden(operation=Kind.RAISE.value)
    given = check_given(given, process.raising.requires, may=(Input.ATTACHMENTS,))
    ticket = Ticket(
        id=id_,
        number=number,
        process=process.code,
        process_version=process.version,
        region_id=region_id,
        region_code=region_code,
        category=category,
        channel=channel,
        concerns=concerns,
        parent=link.parent if link else None,
        parent_visit=link.visit if link else None,
        depth=link.depth if link else 0,
        requester=actor.subject if acted_as == RESIDENT else None,
        issuer=issuer,
        step=process.begins_in(category),
        entered_at=at,
        raised_at=at,
        changed_at=at,
        visits=0,
        version=0,
    )
    if process.first_response:
        ticket = _with(ticket, ClockKind.FIRST_RESPONSE, None, process.first_response.within, at, calendar)
    if process.matter:
        ticket = _with(ticket, ClockKind.MATTER, None, process.matter.within, at, calendar)
    entry = _entry(ticket, Kind.RAISE.value, Kind.RAISE, ticket.step, actor.subject, acted_as, given, at)
    entry = replace(entry, from_step=None, acted_for=actor.acts_for(acted_as, region_code))
    ticket, stopped = _come_to(process, ticket, ticket.step, at, calendar)
    ticket = _for(process, replace(ticket, version=1), organisation)
    return _transition(ticket, entry, stopped)


def _for(process: Process, ticket: Ticket, organisation: UUID | None) -> Ticket:
    """Name the organisation that a child is for: it is invited to answer, where the process begins so."""
    step = process.step(ticket.step)
    if step is not None and step.countersign is not None:
        if organisation is None:
            raise Refused(CommonProblem.REQUIRED, "organisation", field="organisation")
        return invite(process, ticket, (organisation,))
    return replace(ticket, responsible=organisation)


def act(  # noqa: PLR0913 (who does what to which ticket, when)
    process: Process,
    ticket: Ticket,
    given: Given,
    actor: Actor,
    *,
    kind: Kind | None = None,
    code: str | None = None,
    expected_version: int,
    at: datetime,
    calendar: WorkingCalendar,
    standing_in: Sequence[Holder] = (),
    open_children: int = 0,
) -> Transition:
    """Do an action, named by its code or by its kind; `standing_in` are those in charge of a step that nobody holds.

    Raises Forbidden for who may do it at no step, then Refused (STALE_VERSION, OUT_OF_TURN, ...) or Forbidden.
    """
    chosen, acted_as = _choose(process, ticket, actor, kind, code, expected_version, standing_in)
    action = chosen.action
    if at < ticket.changed_at:
        raise Refused(TicketProblem.TIME_REVERSED, "at", at=at, last=ticket.changed_at)
    given = check_given(given, action.requires, may=action.may, scale=process.evaluation, kinds=process.deliverables)
    if action.kind is Kind.REOPEN and process.reopening:
        check_reopening(process.reopening, ticket, actor.subject, at, calendar)
    seat = None
    if action.kind is Kind.ANSWER:
        ticket, seat, is_enough = answer(process, ticket, actor)
    else:
        ticket, is_enough = _count(ticket, chosen, actor, acted_as, given, at)
    to = action.to if action.to is not None and is_enough else ticket.step
    check_leaving(process.step(ticket.step), to, open_children)
    entry = _entry(ticket, action.code, action.kind, to, actor.subject, acted_as, given, at)
    acted_for = actor.acts_for(acted_as, ticket.region_code)
    entry = replace(entry, answers_for=seat.body if seat else None, acted_for=acted_for)
    invitations = ticket.invitations
    stopped: tuple[Clock, ...] = ()
    ticket = turned(ticket, entry) if action.kind in OF_TURNS else _note(ticket, action.kind, given)
    if acted_as not in _NO_DUTY and action.kind not in OF_TURNS and ticket.responded_at is None:
        ticket, stopped = _stop(replace(ticket, responded_at=at), {ClockKind.FIRST_RESPONSE}, at)
    ticket = replace(ticket, version=ticket.version + 1, changed_at=at)
    if action.to is not None and is_enough:
        if action.kind is Kind.REOPEN:
            ticket = _reopen(process, ticket, at, calendar)
        ticket, more = _come_to(process, ticket, to, at, calendar)
        stopped = (*stopped, *more)
    if action.kind is Kind.INVITE:
        ticket = invite(process, ticket, given.invited)
        invitations = ticket.invitations
    event = event_of_action(ticket, entry, invitations)
    return Transition(ticket=ticket, entry=entry, event=event, stopped=stopped)


def lapse(process: Process, ticket: Ticket, at: datetime, calendar: WorkingCalendar) -> Transition:
    """Let a ticket go on by itself because the deadline of its step has passed. Raises ValueError when it has none."""
    step = process.step(ticket.step)
    if step is None or step.deadline is None or step.deadline.lapse_to is None:
        raise ValueError(f"{ticket.step} does not lapse")
    return go_by_itself(process, ticket, Kind.LAPSE, step.deadline.lapse_to, at, calendar)


def go_by_itself(
    process: Process, ticket: Ticket, kind: Kind, to: str, at: datetime, calendar: WorkingCalendar
) -> Transition:
    """Let a ticket go on by a rule: a deadline lapsed, its children have ended, or its parent went on without it."""
    entry = _entry(ticket, kind.value, kind, to, SYSTEM, SYSTEM, Given(), at)
    ticket = replace(ticket, version=ticket.version + 1, changed_at=at)
    ticket, stopped = _come_to(process, ticket, to, at, calendar)
    return _transition(ticket, entry, stopped)


def _choose(
    process: Process,
    ticket: Ticket,
    actor: Actor,
    kind: Kind | None,
    code: str | None,
    expected_version: int,
    standing_in: Sequence[Holder],
) -> tuple[Offered, str]:
    """Return the action that is meant and as what the actor may do it."""
    seats = open_seats(process, ticket)

    def stands(one: Offered) -> str | None:
        here = one.place == ticket.step and one.is_for_duties
        mine = who_in_turn(process, ticket, one, actor)
        who = (*mine, *ticket.escalated, *standing_in) if here else mine
        # Who raised the same matter in a ticket that was joined to this one evaluates what became of it.
        asked = actor.asked_too and one.action.kind is Kind.EVALUATE
        return actor.standing(who, ticket.region_code, actor.subject if asked else ticket.requester, seats)

    name = (code or (kind.value if kind else ""))[:50]
    meant = find(process, kind, code)
    if not meant:
        raise Refused(TicketProblem.UNKNOWN_ACTION, "action", action=name)
    if not any(stands(one) for one in meant):
        raise Forbidden(operation=name)
    if expected_version != ticket.version:
        raise Refused(CommonProblem.STALE_VERSION, "expectedVersion", current=ticket.version, expected=expected_version)
    here = [one for one in offered(process, ticket.step) if one in meant]
    if not here:
        place = process.place(ticket.step)
        raise Refused(TicketProblem.OUT_OF_TURN, action=name, step_en=place.name_en, step_zh=place.name_zh)
    if len(here) > 1:
        raise Refused(TicketProblem.AMBIGUOUS_ACTION, "action", actions=", ".join(one.action.code for one in here))
    acted_as = stands(here[0])
    if acted_as is None:
        raise Forbidden(operation=name)
    return here[0], acted_as


def _count(
    ticket: Ticket, chosen: Offered, actor: Actor, acted_as: str, given: Given, at: datetime
) -> tuple[Ticket, bool]:
    """Count who has done it; tell whether enough have for the ticket to move."""
    action = chosen.action
    if action.kind is Kind.EVALUATE and given.rating is not None:
        if any(one.by == actor.subject and one.round == ticket.round for one in ticket.evaluations):
            raise Refused(TicketProblem.ALREADY_DONE)
        evaluation = Evaluation(by=actor.subject, acted_as=acted_as, rating=given.rating, round=ticket.round, at=at)
        ticket = replace(ticket, evaluations=(*ticket.evaluations, evaluation))
    if action.count == 1:
        return ticket, True
    mark = Mark(action.code, actor.subject)
    if mark in ticket.marks:
        raise Refused(TicketProblem.ALREADY_DONE)
    ticket = replace(ticket, marks=(*ticket.marks, mark))
    return ticket, sum(one.action == action.code for one in ticket.marks) >= action.count


def _note(ticket: Ticket, kind: Kind, given: Given) -> Ticket:
    """Keep what later steps and the public ask about."""
    if given.responsible is not None:
        ticket = replace(ticket, responsible=given.responsible)
    if kind is Kind.JOIN:
        ticket = replace(ticket, joined_into=given.into)
    if kind is Kind.PUBLICISE:
        ticket = replace(ticket, notice=given.notice)
    return ticket


def _reopen(process: Process, ticket: Ticket, at: datetime, calendar: WorkingCalendar) -> Ticket:
    ticket = replace(ticket, round=ticket.round + 1, ended_at=None, outcome=None, joined_into=None)
    running = any(clock.kind is ClockKind.MATTER for clock in ticket.clocks)
    if process.matter and not running:
        ticket = _with(ticket, ClockKind.MATTER, None, process.matter.within, at, calendar)
    return ticket


def _come_to(
    process: Process, ticket: Ticket, place: str, at: datetime, calendar: WorkingCalendar
) -> tuple[Ticket, tuple[Clock, ...]]:
    """Bring a ticket to a step or end: its step's clock stops, the next starts; the matter's goes by its rule."""
    ticket, stopped = _stop(ticket, {ClockKind.STEP}, at)
    ticket = replace(
        ticket,
        step=place,
        entered_at=at,
        visits=ticket.visits + 1,
        assignee=None,
        escalated=(),
        marks=(),
        invitations=(),
    )
    if process.publicity and process.publicity.once == place and ticket.public_since is None:
        ticket = replace(ticket, public_since=at)
    end, step = process.end(place), process.step(place)
    if end is not None:
        ticket, more = _stop(ticket, set(ClockKind), at)
        return replace(ticket, ended_at=at, outcome=end.outcome), (*stopped, *more)
    if step is not None and step.deadline is not None:
        ticket = _with(ticket, ClockKind.STEP, place, step.deadline.within, at, calendar)
    if step is not None and step.restarts and process.matter:
        ticket, more = _stop(ticket, {ClockKind.MATTER}, at)
        stopped = (*stopped, *more)
        ticket = _with(ticket, ClockKind.MATTER, None, process.matter.within, at, calendar)
    return _pause_or_run(ticket, step, at, calendar), stopped


def _pause_or_run(ticket: Ticket, step: Step | None, at: datetime, calendar: WorkingCalendar) -> Ticket:
    def turned(clock: Clock) -> Clock:
        if clock.kind is not ClockKind.MATTER or step is None:
            return clock
        return clocks.pause(clock, at) if step.pauses else clocks.resume(clock, at, calendar)

    return replace(ticket, clocks=tuple(turned(clock) for clock in ticket.clocks))


def _with(
    ticket: Ticket, kind: ClockKind, step: str | None, within: Duration, at: datetime, calendar: WorkingCalendar
) -> Ticket:
    """Start a clock on a ticket."""
    # The matter's starts at most once between two visits, and never before the first of them.
    number = {ClockKind.STEP: ticket.visits, ClockKind.MATTER: ticket.visits + 1}.get(kind, ticket.round + 1)
    clock = clocks.start(kind, number, step, within, at, calendar)
    return replace(ticket, clocks=(*ticket.clocks, clock))


def _stop(ticket: Ticket, kinds: set[ClockKind], at: datetime) -> tuple[Ticket, tuple[Clock, ...]]:
    stopped = tuple(clocks.stop(clock, at) for clock in ticket.clocks if clock.kind in kinds)
    return replace(ticket, clocks=tuple(clock for clock in ticket.clocks if clock.kind not in kinds)), stopped


def _entry(
    ticket: Ticket, action: str, kind: Kind, to: str, by: str, acted_as: str, given: Given, at: datetime
) -> Entry:
    return Entry(
        seq=ticket.version + 1,
        action=action,
        kind=kind,
        from_step=ticket.step,
        to_step=to,
        at=at,
        by=by,
        acted_as=acted_as,
        round=ticket.round,
        given=given,
    )


def _transition(ticket: Ticket, entry: Entry, stopped: Sequence[Clock]) -> Transition:
    return Transition(ticket=ticket, entry=entry, event=event_of_action(ticket, entry), stopped=tuple(stopped))
