"""Random walks over random sound processes: no path loses or duplicates a step, and no clock is left behind."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.errors import Forbidden
from chassis.problems import Refused
from services.tickets.domain.actions import offered
from services.tickets.domain.calendar import WorkingCalendar
from services.tickets.domain.clock import ClockKind, RungKind, rungs
from services.tickets.domain.process import Kind
from services.tickets.domain.ticket import Actor, Given, Ticket, Transition
from services.tickets.domain.transition import act, lapse, raise_ticket
from services.tickets.domain.validation import validate
from tests.tickets.domain import generated as g

if TYPE_CHECKING:
    from services.tickets.domain.clock import Clock
    from services.tickets.domain.process import Process

Attempt = tuple[Actor, str, Given, timedelta, int]

CALENDAR = WorkingCalendar()


def begin(process: Process) -> Transition:
    return raise_ticket(
        process,
        id_=g.TICKET_ID,
        number="1",
        region_id=g.REGION_ID,
        region_code=g.GRID,
        category=None,
        given=Given(),
        actor=g.resident,
        at=g.START,
        calendar=CALENDAR,
    )


@given(g.processes())
def test_generated_processes_are_sound(process: Process) -> None:
    assert validate(process, {"worker": "GRID", "secretary": "COMMUNITY", "head": None}) == ()


@settings(max_examples=200, deadline=None)
@given(g.processes(), st.lists(g.tries(), max_size=25))
def test_no_walk_loses_or_duplicates_a_step(process: Process, attempts: list[Attempt]) -> None:
    done = [begin(process)]
    stopped: list[Clock] = []
    at = g.START
    for actor, code, given_, later, stale in attempts:
        ticket = done[-1].ticket
        at += later
        lapsing = next((c for c in ticket.clocks if c.kind is ClockKind.STEP and c.is_overdue(at)), None)
        if lapsing and any(rung.kind is RungKind.LAPSE for rung in rungs(process, lapsing, CALENDAR)):
            done.append(lapse(process, ticket, at, CALENDAR))
        else:
            try:
                made = act(
                    process,
                    ticket,
                    given_,
                    actor,
                    code=code,
                    expected_version=ticket.version + stale,
                    at=at,
                    calendar=CALENDAR,
                )
            except (Refused, Forbidden):
                continue
            assert stale == 0
            assert code in {one.action.code for one in offered(process, ticket.step)}
            done.append(made)
        stopped += done[-1].stopped
        check_clocks(process, done[-1].ticket, stopped)
    check_chain(process, done)


def check_chain(process: Process, done: list[Transition]) -> None:
    first = done[0].entry
    assert (first.from_step, first.to_step) == (None, process.raising.to)
    assert [one.entry.seq for one in done] == list(range(1, len(done) + 1))
    assert [one.ticket.version for one in done] == [one.entry.seq for one in done]
    for before, after in pairwise(done):
        assert after.entry.from_step == before.entry.to_step == before.ticket.step
        assert after.entry.at >= before.entry.at
        moved = after.ticket.visits - before.ticket.visits
        assert moved in {0, 1}
        assert moved or after.entry.to_step == after.entry.from_step
    for one in done:
        assert one.event.step == one.ticket.step == one.entry.to_step
        assert (one.event.ticket_version, one.event.from_step) == (one.entry.seq, one.entry.from_step)
        assert type(one.event).fact.startswith(one.entry.kind.value[:4])
        assert (one.ticket.ended_at is not None) == (process.end(one.ticket.step) is not None)
    reopened = sum(one.entry.kind is Kind.REOPEN for one in done)
    assert done[-1].ticket.round == reopened <= (process.reopening.times if process.reopening else 0)
    ratings = [one.entry for one in done if one.entry.kind is Kind.EVALUATE]
    assert len({(one.by, one.round) for one in ratings}) == len(ratings) == len(done[-1].ticket.evaluations)


def check_clocks(process: Process, ticket: Ticket, stopped: list[Clock]) -> None:
    kinds = [clock.kind for clock in ticket.clocks]
    assert len(kinds) == len(set(kinds))
    assert all(clock.stopped_at is None for clock in ticket.clocks)
    step = process.step(ticket.step)
    if step is None:
        assert not ticket.clocks
        return
    assert (ClockKind.STEP in kinds) == (step.deadline is not None)
    assert (ClockKind.MATTER in kinds) == (process.matter is not None)
    for clock in ticket.clocks:
        paused = clock.kind is ClockKind.MATTER and step.pauses and not clock.is_overdue(ticket.entered_at)
        assert (clock.due_at is None) == paused
    every = [*stopped, *ticket.clocks]
    assert len({(clock.kind, clock.number) for clock in every}) == len(every)


@settings(max_examples=60, deadline=None)
@given(g.processes(), st.lists(g.tries(), max_size=12))
def test_the_same_attempts_give_the_same_ticket(process: Process, attempts: list[Attempt]) -> None:
    def walk() -> Ticket:
        ticket, at = begin(process).ticket, g.START
        for actor, code, given_, later, _ in attempts:
            at += later
            try:
                version = ticket.version
                ticket = act(
                    process, ticket, given_, actor, code=code, expected_version=version, at=at, calendar=CALENDAR
                ).ticket
            except (Refused, Forbidden):
                continue
        return ticket

    assert walk() == walk()
