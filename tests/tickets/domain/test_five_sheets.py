"""五单一公开 as Huantai runs it, by the process file that the practice loads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
import yaml

from chassis.errors import Forbidden
from chassis.problems import CommonProblem, Refused
from services.tickets.domain.calendar import ZONE, WorkingCalendar
from services.tickets.domain.clock import ClockKind, RungKind, brought_before, rungs
from services.tickets.domain.events import TicketDecided, TicketEvaluated, TicketPublicised, TicketRaised
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process import Kind, Outcome
from services.tickets.domain.ticket import Actor, Given, Held, Ticket, Transition
from services.tickets.domain.transition import act, lapse, raise_ticket
from services.tickets.domain.validation import read_processes

FILE = Path(__file__).parents[3] / "deploy/practices/processes/five_sheets.yaml"
(PROCESS,), FAULTS = read_processes(yaml.safe_load(FILE.read_text(encoding="utf-8")))
CALENDAR = WorkingCalendar()
GRID = "370321002001001"
START = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
LI = Actor("li", resident_in=(GRID[:12],))
NEIGHBOUR = Actor("neighbour", resident_in=(GRID[:12],))
WORKER = Actor("worker", (Held("grid_worker", GRID),))
BRANCH = Actor("branch", (Held("grid_branch_secretary", GRID),))
COMMITTEE = Actor("committee", (Held("community_secretary", GRID[:12]),))
STREET = Actor("street", (Held("subdistrict_secretary", GRID[:9]),))
ORGANISATION = UUID(int=9)


class Sheet:
    """A ticket under way."""

    def __init__(self, raised_by: Actor = LI) -> None:
        self.at = START
        self.last = raise_ticket(
            PROCESS,
            id_=UUID(int=1),
            number="1",
            region_id=UUID(int=2),
            region_code=GRID,
            category="parking",
            given=Given(),
            actor=raised_by,
            at=START,
            calendar=CALENDAR,
        )
        self.done: list[Transition] = [self.last]

    @property
    def ticket(self) -> Ticket:
        return self.last.ticket

    def do(self, kind: Kind, actor: Actor, *, after: timedelta = timedelta(hours=1), **given: Any) -> Transition:
        self.at += after
        self.last = act(
            PROCESS,
            self.ticket,
            Given(**given),
            actor,
            kind=kind,
            expected_version=self.ticket.version,
            at=self.at,
            calendar=CALENDAR,
        )
        self.done.append(self.last)
        return self.last

    def to_evaluation(self) -> Sheet:
        self.do(Kind.ACCEPT, WORKER)
        self.do(Kind.DELIBERATE, BRANCH, opinion="议定加装充电棚")
        self.do(Kind.DECIDE, COMMITTEE, opinion="同意", responsible=ORGANISATION)
        self.do(Kind.CARRY_OUT, COMMITTEE, opinion="已建成")
        return self


def refused(problem: object, *args: Any, **kwargs: Any) -> Refused:
    sheet, *rest = args
    with pytest.raises(Refused) as caught:
        sheet.do(*rest, **kwargs)
    assert caught.value.problem is problem
    return caught.value


def test_the_process_is_sound() -> None:
    assert FAULTS == ()


def test_the_six_sheets_are_carried_through() -> None:
    sheet = Sheet().to_evaluation()
    sheet.do(Kind.EVALUATE, LI, rating=5)
    sheet.do(Kind.PUBLICISE, COMMITTEE, notice="充电棚已建成，欢迎使用")
    assert [one.entry.to_step for one in sheet.done] == [
        "accept", "deliberate", "decide", "carry_out", "evaluate", "publicise", "published",
    ]  # fmt: skip
    ticket = sheet.ticket
    assert (ticket.outcome, ticket.ended_at, ticket.public_since) == (Outcome.DONE, sheet.at, sheet.at)
    assert ticket.responsible == ORGANISATION
    assert ticket.clocks == ()
    events = [one.event for one in sheet.done]
    assert isinstance(events[0], TicketRaised)
    assert isinstance(events[3], TicketDecided)
    assert events[3].responsible_id == ORGANISATION
    assert isinstance(events[5], TicketEvaluated)
    assert (events[5].rating, events[5].acted_as) == (5, "requester")
    assert isinstance(events[6], TicketPublicised)
    assert events[6].notice == "充电棚已建成，欢迎使用"


def test_events_say_nothing_that_people_wrote_in_private_and_no_person() -> None:
    sheet = Sheet().to_evaluation()
    sheet.do(Kind.EVALUATE, LI, rating=1, opinion="隔壁老王占道")
    for one in sheet.done:
        said = msgspec.json.encode(one.event).decode()
        for private in ("li", "worker", "branch", "committee", "隔壁老王占道", "议定", "同意", "已建成"):
            assert f'"{private}"' not in said


def test_each_sheet_waits_for_its_own_duty_in_its_own_region() -> None:
    sheet = Sheet()
    elsewhere = Actor("other", (Held("grid_worker", "370321002001002"),))
    too_high = Actor("high", (Held("grid_worker", GRID[:12]),))
    for wrong in (LI, BRANCH, COMMITTEE, STREET, elsewhere, too_high, Actor("nobody")):
        with pytest.raises(Forbidden):
            sheet.do(Kind.ACCEPT, wrong)
    assert sheet.do(Kind.ACCEPT, WORKER).entry.acted_as == "grid_worker"


def test_out_of_turn_and_stale_and_unreasoned_are_told_apart() -> None:
    sheet = Sheet()
    refused(TicketProblem.OUT_OF_TURN, sheet, Kind.DELIBERATE, BRANCH, opinion="早了")
    refused(CommonProblem.REQUIRED, sheet, Kind.REFUSE, WORKER)
    refused(CommonProblem.REQUIRED, sheet, Kind.REFUSE, WORKER, reason="   ")
    refused(CommonProblem.TOO_LONG, sheet, Kind.REFUSE, WORKER, reason="长" * 2001)
    refused(TicketProblem.NOT_TAKEN, sheet, Kind.ACCEPT, WORKER, rating=3)
    refused(CommonProblem.INVALID_TEXT, sheet, Kind.REFUSE, WORKER, reason="a\x00b")
    with pytest.raises(Refused) as caught:
        act(PROCESS, sheet.ticket, Given(), WORKER, kind=Kind.ACCEPT, expected_version=0, at=START, calendar=CALENDAR)
    assert caught.value.problem is CommonProblem.STALE_VERSION
    with pytest.raises(Refused) as caught:
        act(PROCESS, sheet.ticket, Given(), WORKER, code="dance", expected_version=1, at=START, calendar=CALENDAR)
    assert caught.value.problem is TicketProblem.UNKNOWN_ACTION


def test_a_sheet_goes_back_with_a_reason_and_comes_again() -> None:
    sheet = Sheet()
    sheet.do(Kind.ACCEPT, WORKER)
    sheet.do(Kind.RETURN, BRANCH, reason="现场情况不清")
    assert sheet.ticket.step == "accept"
    sheet.do(Kind.ACCEPT, WORKER)
    step_clocks = [clock.number for one in sheet.done for clock in one.stopped if clock.kind is ClockKind.STEP]
    assert step_clocks == [1, 2, 3]
    assert sheet.ticket.step == "deliberate"


def test_the_requester_and_nobody_else_withdraws_and_not_after_the_decision() -> None:
    for other in (NEIGHBOUR, WORKER):
        with pytest.raises(Forbidden):
            Sheet().do(Kind.WITHDRAW, other)
    sheet = Sheet()
    sheet.do(Kind.WITHDRAW, LI)
    assert (sheet.ticket.outcome, sheet.ticket.step) == (Outcome.WITHDRAWN, "withdrawn")
    refused(TicketProblem.OUT_OF_TURN, sheet, Kind.ACCEPT, WORKER)
    refused(TicketProblem.OUT_OF_TURN, Sheet().to_evaluation(), Kind.WITHDRAW, LI)
    on_behalf = Sheet(raised_by=WORKER)
    assert on_behalf.ticket.requester is None
    with pytest.raises(Forbidden):
        on_behalf.do(Kind.WITHDRAW, WORKER)


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_keeps_to_the_scale(rating: int) -> None:
    refused(TicketProblem.RATING_OUT_OF_RANGE, Sheet().to_evaluation(), Kind.EVALUATE, LI, rating=rating)


def test_everybody_evaluates_once_a_round() -> None:
    sheet = Sheet().to_evaluation()
    sheet.do(Kind.EVALUATE, LI, rating=4)
    sheet.do(Kind.EVALUATE, NEIGHBOUR, rating=2)
    assert sheet.ticket.step == "publicise"
    assert sheet.ticket.ratings() == (4, 2)
    refused(TicketProblem.ALREADY_DONE, sheet, Kind.EVALUATE, LI, rating=1)


def test_a_bad_evaluation_reopens_within_the_window_and_not_too_often() -> None:
    sheet = Sheet()
    for times in (1, 2):
        if times == 1:
            sheet.to_evaluation()
        else:
            sheet.do(Kind.DELIBERATE, BRANCH, opinion="再议")
            sheet.do(Kind.DECIDE, COMMITTEE, opinion="再定")
            sheet.do(Kind.CARRY_OUT, COMMITTEE, opinion="再办")
        sheet.do(Kind.EVALUATE, LI, rating=2)
        sheet.do(Kind.PUBLICISE, COMMITTEE, notice="公开")
        refused(CommonProblem.REQUIRED, sheet, Kind.REOPEN, LI)
        with pytest.raises(Forbidden):
            sheet.do(Kind.REOPEN, NEIGHBOUR, reason="我也不满意")
        sheet.do(Kind.REOPEN, LI, reason="没有修好")
        assert (sheet.ticket.round, sheet.ticket.step, sheet.ticket.outcome) == (times, "deliberate", None)
        assert sheet.ticket.ratings() == ()
        assert {clock.kind for clock in sheet.ticket.clocks} == {ClockKind.STEP, ClockKind.MATTER}
    sheet.do(Kind.DELIBERATE, BRANCH, opinion="三议")
    sheet.do(Kind.DECIDE, COMMITTEE, opinion="三定")
    sheet.do(Kind.CARRY_OUT, COMMITTEE, opinion="三办")
    sheet.do(Kind.EVALUATE, LI, rating=1)
    assert refused(TicketProblem.REOPENED_TOO_OFTEN, sheet, Kind.REOPEN, LI, reason="又坏了").values == {"times": 2}


def test_a_good_evaluation_bars_reopening_and_so_does_time() -> None:
    good = Sheet().to_evaluation()
    good.do(Kind.EVALUATE, LI, rating=3)
    refused(TicketProblem.REOPENING_NOT_WARRANTED, good, Kind.REOPEN, LI, reason="改主意了")
    late = Sheet().to_evaluation()
    late.do(Kind.EVALUATE, LI, rating=1)
    late.do(Kind.PUBLICISE, COMMITTEE, notice="公开")
    refused(TicketProblem.REOPENING_OVER, late, Kind.REOPEN, LI, after=timedelta(days=16), reason="晚了")
    others = Sheet().to_evaluation()
    others.do(Kind.EVALUATE, NEIGHBOUR, rating=5)
    refused(TicketProblem.REOPENING_NOT_WARRANTED, others, Kind.REOPEN, LI, reason="别人满意我不满意")


def test_nobody_evaluates_and_the_result_is_made_public_all_the_same() -> None:
    sheet = Sheet().to_evaluation()
    (clock,) = (clock for clock in sheet.ticket.clocks if clock.kind is ClockKind.STEP)
    assert [rung.kind for rung in rungs(PROCESS, clock, CALENDAR)] == [RungKind.LAPSE]
    assert clock.due_at is not None
    after = lapse(PROCESS, sheet.ticket, clock.due_at, CALENDAR)
    assert (after.ticket.step, after.entry.by, after.entry.acted_as) == ("publicise", "system", "system")
    reopened = act(
        PROCESS, after.ticket, Given(reason="没有人问过我"), LI,
        kind=Kind.REOPEN, expected_version=after.ticket.version, at=clock.due_at, calendar=CALENDAR,
    )  # fmt: skip
    assert reopened.ticket.step == "deliberate"


def test_clocks_start_at_once_and_remind_and_escalate() -> None:
    sheet = Sheet()
    clocks = {clock.kind: clock for clock in sheet.ticket.clocks}
    assert clocks[ClockKind.FIRST_RESPONSE].due_at == datetime(2026, 3, 3, 9, 30, tzinfo=ZONE)
    assert clocks[ClockKind.STEP].due_at == datetime(2026, 3, 4, 0, 0, tzinfo=ZONE)
    # 30 working days from Monday 2 March 2026, over 清明节 (Monday 6 April).
    assert clocks[ClockKind.MATTER].due_at == datetime(2026, 4, 15, 0, 0, tzinfo=ZONE)
    ladder = sorted(rungs(PROCESS, clocks[ClockKind.STEP], CALENDAR), key=lambda rung: rung.at)
    assert [(rung.kind, rung.level, rung.at.astimezone(ZONE).strftime("%m-%d %H:%M")) for rung in ladder] == [
        (RungKind.OVERDUE, 0, "03-04 00:00"),
        (RungKind.ESCALATION, 1, "03-04 08:30"),
        (RungKind.ESCALATION, 2, "03-05 08:30"),
    ]
    to = brought_before(PROCESS, clocks[ClockKind.STEP], 2, None)
    assert to is not None
    assert to.title == "community_secretary"
    sheet.do(Kind.ACCEPT, WORKER)
    first = next(clock for clock in sheet.last.stopped if clock.kind is ClockKind.FIRST_RESPONSE)
    assert first.was_kept
    assert sheet.ticket.due_at() == datetime(2026, 3, 10, 0, 0, tzinfo=ZONE)


def test_whoever_a_step_is_escalated_to_or_who_stands_in_may_act() -> None:
    sheet = Sheet()
    deadline = PROCESS.steps[0].deadline
    assert deadline is not None
    _, to = deadline.heads()
    escalated = msgspec.structs.replace(sheet.ticket, escalated=(to,))
    for ticket, standing_in in ((escalated, ()), (sheet.ticket, (to,))):
        made = act(
            PROCESS, ticket, Given(), COMMITTEE, kind=Kind.ACCEPT, expected_version=1, at=START, calendar=CALENDAR,
            standing_in=standing_in,
        )  # fmt: skip
        assert made.entry.acted_as == "community_secretary"
        assert made.ticket.escalated == ()


def test_a_ticket_is_raised_where_and_for_what_the_process_says() -> None:
    def attempt(region: str, category: str | None, actor: Actor = LI) -> object:
        with pytest.raises((Refused, Forbidden)) as caught:
            raise_ticket(
                PROCESS, id_=UUID(int=1), number="1", region_id=UUID(int=2), region_code=region, category=category,
                given=Given(), actor=actor, at=datetime.now(UTC), calendar=CALENDAR,
            )  # fmt: skip
        return caught.value.problem if isinstance(caught.value, Refused) else Forbidden

    assert attempt("370321002001", "parking") is TicketProblem.WRONG_LEVEL
    assert attempt("37032100200100", "parking") is TicketProblem.WRONG_LEVEL
    assert attempt(GRID, "dragons") is TicketProblem.UNKNOWN_CATEGORY
    assert attempt(GRID, None) is CommonProblem.REQUIRED
    assert attempt("370321002002001", "parking") is Forbidden
    assert attempt(GRID, "parking", BRANCH) is Forbidden
