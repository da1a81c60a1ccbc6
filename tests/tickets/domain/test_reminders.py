"""Reminders in working hours: while so many are left, in business hours, moved by every pause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from services.tickets.domain.calendar import ZONE, CalendarRule, Hours, WorkingCalendar
from services.tickets.domain.clock import Clock, ClockKind, RungKind, pause, resume, rungs, start, stop
from services.tickets.domain.deadline import Duration
from services.tickets.domain.process import Deadline
from services.tickets.domain.validation import read_processes
from tests.tickets.domain.generated import instants
from tests.tickets.domain.test_processes import EXAMPLE

if TYPE_CHECKING:
    from services.tickets.domain.process import Process

MINUTE = timedelta(minutes=1)
CALENDARS = (
    WorkingCalendar(),
    WorkingCalendar(
        CalendarRule(
            business_hours=(Hours(time(9), time(11)), Hours(time(13), time(16, 30))),
            holidays=(date(2026, 3, 4),),
            working_days=(date(2026, 3, 7),),
        )
    ),
)


@dataclass(frozen=True)
class Reminded:
    """A deadline in working hours, started and paused, with a reminder so many hours before."""

    clock: Clock
    calendar: WorkingCalendar
    within: int
    before: int

    def process(self) -> Process:
        process = read_processes(EXAMPLE)[0][0]
        deadline = Deadline(within=Duration(working_hours=self.within), remind_working_hours_before=(self.before,))
        return msgspec.structs.replace(process, first_response=deadline)

    def at(self) -> datetime:
        [at] = [
            rung.at
            for rung in rungs(self.process(), self.clock, self.calendar)
            if rung.kind is RungKind.HOURS_REMINDER and rung.level == self.before
        ]
        return at

    def left(self, at: datetime) -> timedelta:
        """How much of business hours lies between an instant and the deadline, counted minute by minute."""
        assert self.clock.due_at is not None
        minutes = 0
        while at < self.clock.due_at:
            local = at.astimezone(ZONE)
            opened = any(one.opens <= local.time() < one.closes for one in self.calendar.rule.business_hours)
            paused = any(one.since <= at < one.until for one in self.clock.pauses)
            minutes += self.calendar.is_working(local.date()) and opened and not paused
            at += MINUTE
        return timedelta(minutes=minutes)


@st.composite
def reminded(draw: st.DrawFn) -> Reminded:
    within = draw(st.integers(2, 24))
    before = draw(st.integers(1, within - 1))
    calendar = draw(st.sampled_from(CALENDARS))
    began = draw(instants).replace(second=0, microsecond=0)
    clock = start(ClockKind.FIRST_RESPONSE, 1, None, Duration(working_hours=within), began, calendar)
    at = began
    for _ in range(draw(st.integers(0, 2))):
        at += draw(st.integers(1, 600)) * MINUTE
        clock = pause(clock, at)
        at += draw(st.integers(1, 3000)) * MINUTE
        clock = resume(clock, at, calendar)
    return Reminded(clock, calendar, within, before)


@settings(max_examples=60)
@given(reminded())
def test_a_reminder_comes_when_so_many_working_hours_are_left(one: Reminded) -> None:
    at = one.at()
    assert one.clock.due_at is not None
    assert one.clock.started_at < at < one.clock.due_at
    assert one.left(at) == timedelta(hours=one.before)
    local = at.astimezone(ZONE)
    assert one.calendar.is_working(local.date())
    assert any(hours.opens <= local.time() < hours.closes for hours in one.calendar.rule.business_hours)
    assert not any(pause.since <= at < pause.until for pause in one.clock.pauses)


@given(reminded(), st.integers(0, 5000), st.integers(1, 5000))
def test_stopping_and_resuming_the_clock_moves_it_with_the_deadline(one: Reminded, after: int, length: int) -> None:
    before = one.at()
    since = (one.clock.pauses[-1].until if one.clock.pauses else one.clock.started_at) + after * MINUTE
    paused = pause(one.clock, since)
    assert one.clock.due_at is not None
    if since < one.clock.due_at:
        assert not list(rungs(one.process(), paused, one.calendar)), "nothing comes while the clock stands still"
    resumed = Reminded(resume(paused, since + length * MINUTE, one.calendar), one.calendar, one.within, one.before)
    if before < since:
        assert resumed.at() == before, "what came before the pause has come"
    else:
        assert resumed.at() >= before


@given(reminded())
def test_no_reminder_is_left_when_the_clock_has_stopped(one: Reminded) -> None:
    assert not list(rungs(one.process(), stop(one.clock, one.at() - MINUTE), one.calendar))


def test_at_a_close_of_business_people_are_told_when_it_opens_again() -> None:
    # Friday 16:30: one of the four hours runs by the evening, the three that are left are Monday's.
    friday = datetime(2026, 11, 20, 16, 30, tzinfo=ZONE)
    clock = start(ClockKind.FIRST_RESPONSE, 1, None, Duration(working_hours=4), friday, CALENDARS[0])
    assert Reminded(clock, CALENDARS[0], 4, 3).at() == datetime(2026, 11, 23, 8, 30, tzinfo=ZONE)
    assert Reminded(clock, CALENDARS[0], 4, 1).at() == datetime(2026, 11, 23, 10, 30, tzinfo=ZONE)
