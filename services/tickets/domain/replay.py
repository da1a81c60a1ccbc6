"""Replay a ticket's history by the rules of its process: what the rules refuse cannot be imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from chassis.errors import Forbidden
from chassis.problems import Refused
from services.tickets.domain.charge import charge_of
from services.tickets.domain.clock import ClockKind, RungKind, rungs
from services.tickets.domain.deliberated import was_deliberated
from services.tickets.domain.levels import Level
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process import REQUESTER, RESIDENT, Kind
from services.tickets.domain.replay_family import Children, NoReplay
from services.tickets.domain.ticket import SYSTEM, Actor, Given, Held, Seat
from services.tickets.domain.transition import act, go_by_itself, lapse, raise_ticket

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from services.tickets.domain.calendar import WorkingCalendar
    from services.tickets.domain.dividing import ChildWanted, Link
    from services.tickets.domain.process import Process
    from services.tickets.domain.records import Act, DeliberationRecord, TicketRecord
    from services.tickets.domain.ticket import Ticket, Transition


def replay(
    process: Process,
    record: TicketRecord,
    number: str,
    calendar: WorkingCalendar,
    about: Sequence[DeliberationRecord] = (),
    children: Children | None = None,
    link: Link | None = None,
) -> list[Transition]:
    """Return what was done to a ticket, from its raising on; `about` are the deliberations about it. Raises NoReplay.

    `children` are those that it is divided among, `link` what it begins with as a child itself. `acted_as` is believed:
    who held which duty then is org's history.
    """
    children = children or Children({}, _no_child)
    raised = record.raised
    actor = actor_of(process, raised.by, raised.acted_as, record.region_code)
    try:
        done = [
            raise_ticket(
                process,
                id_=record.id,
                number=number,
                region_id=record.region_id,
                region_code=record.region_code,
                category=record.category,
                channel=record.channel,
                concerns=record.concerns,
                link=link,
                organisation=record.organisation,
                given=Given(attachments=record.attachments),
                actor=actor,
                at=raised.at,
                calendar=calendar,
            )
        ]
    except (Refused, Forbidden) as refusal:
        raise NoReplay("raised", str(refusal)) from refusal
    for index, one in enumerate(record.acts):
        path = f"acts[{index}]"
        try:
            done += _lapsed(process, done[-1].ticket, one.at, calendar)
            if one.action != Kind.LAPSE:
                _check_deliberated(process, done[-1].ticket, one, about, path)
                done.append(_next(process, record, done[-1].ticket, one, children, calendar, path))
            elif done[-1].entry.kind is not Kind.LAPSE:
                raise NoReplay(path, f"the deadline of {done[-1].ticket.step} had not passed")
        except (Refused, Forbidden) as refusal:
            raise NoReplay(path, str(refusal)) from refusal
    children.check_recalls(process, done)
    return done


def _next(
    process: Process,
    record: TicketRecord,
    ticket: Ticket,
    one: Act,
    children: Children,
    calendar: WorkingCalendar,
    path: str,
) -> Transition:
    """Return what an act made of a ticket; it opens its children, or went on by itself because of its family."""
    if one.action == Kind.GATHER:
        to = children.led_to(process, ticket, one.at)
        if to is None:
            raise NoReplay(path, "its children had not ended so that it went on by itself")
        return go_by_itself(process, ticket, Kind.GATHER, to, _not_before(ticket, one.at), calendar)
    if one.action == Kind.RECALL:
        if ticket.parent is None or process.recall is None or ticket.ended_at is not None:
            raise NoReplay(path, "only a child under way is recalled, where its process says so")
        return go_by_itself(process, ticket, Kind.RECALL, process.recall.to, _not_before(ticket, one.at), calendar)
    made = _act(process, ticket, one, children.wanted(record, one, path), children, calendar)
    if made.entry.kind is Kind.DIVIDE:
        regions = (held.region_code for held in actor_of(process, one.by, one.acted_as, record.region_code).duties)
        children.open(process, made, next(code for code in regions if record.region_code.startswith(code)))
    return made


def _not_before(ticket: Ticket, at: datetime) -> datetime:
    """Return an instant that what happened by itself may have. Raises Refused."""
    if at < ticket.changed_at:
        raise Refused(TicketProblem.TIME_REVERSED, "at", at=at, last=ticket.changed_at)
    return at


def _no_child(record: TicketRecord, link: Link) -> list[Transition]:
    raise ValueError(f"nobody replays {record.id}, a child of {link.parent}")


def actor_of(process: Process, by: str, acted_as: str, region_code: str) -> Actor:
    """Return who did something to a ticket, with the duties that they must have held for it."""
    if acted_as == RESIDENT:
        return Actor(by, resident_in=(region_code,))
    if acted_as in {REQUESTER, SYSTEM}:
        return Actor(by)
    regions = {Level[level].of(region_code) for level in process.levels_of.get(acted_as, ())}
    return Actor(by, duties=tuple(Held(acted_as, region) for region in sorted(filter(None, regions))))


def _check_deliberated(
    process: Process, ticket: Ticket, one: Act, about: Sequence[DeliberationRecord], path: str
) -> None:
    """Refuse what the process allows only after a deliberation about the ticket. Raises NoReplay."""
    step = process.step(ticket.step)
    after = next((action.after for action in (step.actions if step else ()) if action.code == one.action), None)
    if after and not was_deliberated(about, ticket.entered_at, one.at, resolved=after == "resolution"):
        raise NoReplay(path, TicketProblem.NOT_DELIBERATED.text("en"))


def _lapsed(process: Process, ticket: Ticket, at: datetime, calendar: WorkingCalendar) -> list[Transition]:
    """Return the lapses that came before `at`."""
    done: list[Transition] = []
    while True:
        clock = next((one for one in ticket.clocks if one.kind is ClockKind.STEP and one.is_overdue(at)), None)
        lapses = clock and any(rung.kind is RungKind.LAPSE for rung in rungs(process, clock, calendar))
        if clock is None or clock.due_at is None or not lapses:
            return done
        done.append(lapse(process, ticket, max(clock.due_at, ticket.changed_at), calendar))
        ticket = done[-1].ticket


def _act(
    process: Process,
    ticket: Ticket,
    one: Act,
    wanted: tuple[ChildWanted, ...],
    children: Children,
    calendar: WorkingCalendar,
) -> Transition:
    given = Given(
        reason=one.reason,
        opinion=one.opinion,
        notice=one.notice,
        rating=one.rating,
        responsible=one.responsible,
        amount=one.amount,
        deliverables=one.deliverables,
        invited=one.invited,
        into=one.into,
        assignee=one.assignee,
        attachments=one.attachments,
        children=wanted,
        grounds=one.grounds,
    )
    actor = actor_of(process, one.by, one.acted_as, ticket.region_code)
    if one.answers_for is not None:
        actor = replace(actor, seats=(Seat(one.acted_as, one.answers_for),))
    return act(
        process,
        ticket,
        given,
        actor,
        code=one.action,
        expected_version=ticket.version,
        at=one.at,
        calendar=calendar,
        standing_in=charge_of(process, ticket.step, ticket.region_code, ()).heads,
        open_children=children.count_open(process, ticket, one.at),
    )
