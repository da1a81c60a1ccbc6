"""The first response is reminded of and escalated as every other deadline is, within hours where a process says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from services.tickets.domain.calendar import ZONE
from services.tickets.domain.clock import ClockKind, Rung, RungKind, rungs, start
from services.tickets.domain.deadline import Duration
from services.tickets.domain.process import Deadline, Escalation, Holder
from services.tickets.domain.validation import read_processes
from tests.tickets.domain.generated import deadlines, instants
from tests.tickets.domain.test_processes import EXAMPLE
from tests.tickets.domain.test_reminders import CALENDARS

if TYPE_CHECKING:
    from services.tickets.domain.calendar import WorkingCalendar

MINUTE = timedelta(minutes=1)
[PROCESS] = read_processes(EXAMPLE)[0]
HEAD = Holder(title="head", level="DISTRICT")
calendars = st.sampled_from(CALENDARS)


def of(kind: ClockKind, deadline: Deadline, began: datetime, calendar: WorkingCalendar) -> list[Rung]:
    """What happens by itself when a clock of a kind runs under a deadline."""
    process = replace(PROCESS, first_response=None, matter=None)
    process = replace(process, **{kind.value: deadline})
    return list(rungs(process, start(kind, 1, None, deadline.within, began, calendar), calendar))


@given(deadlines(None), st.sets(st.integers(1, 5)), instants, calendars)
def test_it_is_reminded_of_and_escalated_as_the_whole_matter_is(
    deadline: Deadline, before: set[int], began: datetime, calendar: WorkingCalendar
) -> None:
    deadline = replace(deadline, remind_working_days_before=tuple(sorted(before)))
    found = of(ClockKind.FIRST_RESPONSE, deadline, began, calendar)
    assert found == of(ClockKind.MATTER, deadline, began, calendar)
    up = [one for one in found if one.kind is RungKind.ESCALATION]
    [overdue] = [one.at for one in found if one.kind is RungKind.OVERDUE]
    assert [one.level for one in up] == list(range(1, len(deadline.escalate) + 1)), "each rung, in its order"
    assert all(lower.at <= higher.at for lower, higher in pairwise(up))
    assert all(overdue <= one.at for one in up)


@settings(max_examples=60)
@given(st.integers(1, 24), st.integers(1, 12), instants, calendars)
def test_a_rung_in_hours_comes_after_so_many_hours_of_business(
    within: int, after: int, began: datetime, calendar: WorkingCalendar
) -> None:
    began = began.replace(second=0, microsecond=0)
    rung = Escalation(after_working_hours=after, to=HEAD)
    deadline = Deadline(within=Duration(working_hours=within), escalate=(rung,))
    found = {one.kind: one.at for one in of(ClockKind.FIRST_RESPONSE, deadline, began, calendar)}
    at, reached = found[RungKind.OVERDUE], found[RungKind.ESCALATION]
    minutes = 0
    while at < reached:
        minutes += _is_open(at, calendar)
        at += MINUTE
    assert minutes == after * 60
    assert _is_open(reached, calendar), "nobody is called at night"


def _is_open(at: datetime, calendar: WorkingCalendar) -> bool:
    local = at.astimezone(ZONE)
    hours = calendar.rule.business_hours
    return calendar.is_working(local.date()) and any(one.opens <= local.time() < one.closes for one in hours)
