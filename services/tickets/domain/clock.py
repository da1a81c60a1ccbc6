"""Clocks: absolute instants that are computed when a clock starts, never derived from a last change.

A ticket has up to three kinds: until the first response, until a step is left, until the whole matter ends. A clock
keeps the duration and the calendar it was counted with; when it has stopped, it stays as it is whatever changes later.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from services.tickets.domain.calendar import local_day
from services.tickets.domain.deadline import Duration, Pause, due, moment_after, moment_left
from services.tickets.domain.process import ISSUER, Holder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.tickets.domain.calendar import WorkingCalendar
    from services.tickets.domain.process import Deadline, Process

_INSTANT = timedelta(microseconds=1)


class ClockKind(StrEnum):
    """What a clock measures."""

    FIRST_RESPONSE = "first_response"
    STEP = "step"
    MATTER = "matter"


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """One clock of a ticket; `number` tells the clocks of its kind on this ticket apart, the later the higher."""

    kind: ClockKind
    number: int
    step: str | None
    """The step that it measures; None for the other kinds."""
    within: Duration
    started_at: datetime
    due_at: datetime | None
    """None while it pauses."""
    provisional: bool
    """Whether it was counted over days whose holidays were not published."""
    calendar: str
    """Label of the calendar it was counted with."""
    pauses: tuple[Pause, ...] = ()
    paused_since: datetime | None = None
    stopped_at: datetime | None = None

    @property
    def was_kept(self) -> bool | None:
        """Whether it stopped in time; None while it runs."""
        if self.stopped_at is None:
            return None
        return self.due_at is None or self.stopped_at < self.due_at

    def is_overdue(self, at: datetime) -> bool:
        """Tell whether the deadline has passed while it runs."""
        return self.stopped_at is None and self.due_at is not None and self.due_at <= at


class RungKind(StrEnum):
    """What happens at a rung."""

    REMINDER = "reminder"
    """So many working days before."""
    HOURS_REMINDER = "hours_reminder"
    """So many working hours before."""
    OVERDUE = "overdue"
    ESCALATION = "escalation"
    LAPSE = "lapse"
    GATHER = "gather"
    """Its children may have ended."""
    RECALL = "recall"
    """It went on without its children."""


class Rung(msgspec.Struct, frozen=True):
    """Something that happens by itself at an instant of a clock; once for each kind and level."""

    kind: RungKind
    level: int
    at: datetime


def start(
    kind: ClockKind, number: int, step: str | None, within: Duration, at: datetime, calendar: WorkingCalendar
) -> Clock:
    """Start a clock."""
    ends = due(within, at, calendar)
    return Clock(
        kind=kind,
        number=number,
        step=step,
        within=within,
        started_at=at,
        due_at=ends.at,
        provisional=ends.provisional,
        calendar=calendar.label,
    )


def stop(clock: Clock, at: datetime) -> Clock:
    """Stop a clock for good."""
    return msgspec.structs.replace(clock, stopped_at=at)


def pause(clock: Clock, at: datetime) -> Clock:
    """Let a clock stand still; one that is overdue already stays overdue."""
    if clock.paused_since is not None or clock.is_overdue(at):
        return clock
    return msgspec.structs.replace(clock, paused_since=at, due_at=None)


def resume(clock: Clock, at: datetime, calendar: WorkingCalendar) -> Clock:
    """Let a clock that stands still run again."""
    if clock.paused_since is None:
        return clock
    pauses = (*clock.pauses, Pause(clock.paused_since, at))
    return recount(msgspec.structs.replace(clock, pauses=pauses, paused_since=None), calendar)


def recount(clock: Clock, calendar: WorkingCalendar) -> Clock:
    """Count an open clock again from its history, by the calendar as it is now; a stopped one stays as it is."""
    if clock.stopped_at is not None:
        return clock
    ends = due(clock.within, clock.started_at, calendar, clock.pauses)
    due_at = None if clock.paused_since is not None else ends.at
    return msgspec.structs.replace(clock, due_at=due_at, provisional=ends.provisional, calendar=calendar.label)


def deadline_of(process: Process, clock: Clock) -> Deadline | None:
    """Return the rule that a clock runs under."""
    if clock.kind is ClockKind.STEP:
        step = process.step(clock.step or "")
        return step.deadline if step else None
    return process.matter if clock.kind is ClockKind.MATTER else process.first_response


def rungs(process: Process, clock: Clock, calendar: WorkingCalendar) -> Iterator[Rung]:
    """Yield what happens by itself as long as the clock runs, in no particular order.

    A reminder comes at the opening of a working day before the last day, if the clock runs by then, or when so many
    working hours are left; an escalation at the opening of a working day after it, or so many working hours after it.
    """
    deadline = deadline_of(process, clock)
    if deadline is None or clock.due_at is None or clock.stopped_at is not None:
        return
    last_day = local_day(clock.due_at - _INSTANT)
    for before in deadline.remind_working_days_before:
        at = calendar.opens(calendar.working_day_before(last_day, before))
        if clock.started_at < at < clock.due_at:
            yield Rung(RungKind.REMINDER, before, at)
    if hours := clock.within.working_hours:
        for left in deadline.remind_working_hours_before:
            at = moment_left(left, hours, clock.started_at, calendar, clock.pauses)
            yield Rung(RungKind.HOURS_REMINDER, left, at)
    if deadline.lapse_to is not None:
        yield Rung(RungKind.LAPSE, 0, clock.due_at)
        return
    yield Rung(RungKind.OVERDUE, 0, clock.due_at)
    reached = clock.due_at
    for level, rung in enumerate(deadline.escalate, start=1):
        if rung.after_working_hours is not None:
            at = moment_after(rung.after_working_hours, clock.due_at, calendar)
        else:
            at = calendar.opens(calendar.working_day_after(last_day, rung.after_working_days or 1))
        # Never before the rung below it, whatever the hours of business are.
        reached = max(at, reached)
        yield Rung(RungKind.ESCALATION, level, reached)


def brought_before(process: Process, clock: Clock, level: int, issuer: Holder | None) -> Holder | None:
    """Return before whom a rung of the escalation brings a ticket whose issuer this is; None when there is nobody."""
    deadline = deadline_of(process, clock)
    to = deadline.escalate[level - 1].to if deadline else None
    return issuer if to == ISSUER else to


def faults(process: Process) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield what is wrong with where the matter's clock stands still or starts anew: as path, English, Chinese."""
    for index, step in enumerate(process.steps):
        if step.pauses and process.matter is None:
            en = "the matter has no deadline that could stand still"
            yield ("steps", index, "pauses"), en, "未定义 matter 期限，无从中止计时"
        if not step.restarts:
            continue
        path = ("steps", index, "restarts")
        if process.matter is None:
            yield path, "the matter has no deadline that could start anew", "未定义 matter 期限，无从重新起算"
        if step.pauses:
            yield path, "the matter's clock pauses here, or starts anew, not both", "pauses 与 restarts 不能并用"
        if step.code in process.beginnings():
            yield path, "the matter's clock has only just started here", "提单后首个步骤无须重新起算"
        if any(action.to == step.code for action in step.actions):
            en = "an action leads from here to here: the matter could be put off for ever"
            yield path, en, "本步骤有指向自身的动作，期限可能被无限顺延"
