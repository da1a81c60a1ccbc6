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
from services.tickets.domain.ticket import SYSTEM, Actor, Given, Held, Seat
from services.tickets.domain.transition import act, lapse, raise_ticket

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from services.tickets.domain.calendar import WorkingCalendar
    from services.tickets.domain.process import Process
    from services.tickets.domain.records import Act, DeliberationRecord, TicketRecord
    from services.tickets.domain.ticket import Ticket, Transition


class NoReplay(Exception):
    """A history that the process does not allow; `path` says where in the record."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")


def replay(
    process: Process,
    record: TicketRecord,
    number: str,
    calendar: WorkingCalendar,
    about: Sequence[DeliberationRecord] = (),
) -> list[Transition]:
    """Return what was done to a ticket, from its raising on; `about` are the deliberations about it. Raises NoReplay.

    `acted_as` is believed: who held which duty then is org's history.
    """
    raised = record.raised
    actor = _actor(process, raised.by, raised.acted_as, record.region_code)
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
                given=Given(attachments=record.attachments),
                actor=actor,
                at=raised.at,
                calendar=calendar,
            )
        ]
    except (Refused, Forbidden) as refusal:
        raise NoReplay("raised", str(refusal)) from refusal
    for index, one in enumerate(record.acts):
        try:
            done += _lapsed(process, done[-1].ticket, one.at, calendar)
            if one.action != Kind.LAPSE:
                _check_deliberated(process, done[-1].ticket, one, about, f"acts[{index}]")
                done.append(_act(process, done[-1].ticket, one, calendar))
            elif done[-1].entry.kind is not Kind.LAPSE:
                raise NoReplay(f"acts[{index}]", f"the deadline of {done[-1].ticket.step} had not passed")
        except (Refused, Forbidden) as refusal:
            raise NoReplay(f"acts[{index}]", str(refusal)) from refusal
    return done


def _actor(process: Process, by: str, acted_as: str, region_code: str) -> Actor:
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


def _act(process: Process, ticket: Ticket, one: Act, calendar: WorkingCalendar) -> Transition:
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
    )
    actor = _actor(process, one.by, one.acted_as, ticket.region_code)
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
    )
