"""Sound processes of every shape, and what people may try on them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hypothesis import strategies as st
from msgspec.structs import replace

from services.tickets.domain.deadline import Duration
from services.tickets.domain.process import (
    Action,
    Deadline,
    End,
    Escalation,
    Evaluation,
    Holder,
    Input,
    Kind,
    Outcome,
    Process,
    Publicity,
    Raising,
    Reopening,
    Step,
    Withdrawal,
)
from services.tickets.domain.ticket import Actor, Given, Held

if TYPE_CHECKING:
    from services.tickets.domain.process import Who

GRID = "370321002001001"
REGION_ID = UUID(int=1)
TICKET_ID = UUID(int=2)
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

WORKER = Holder(title="worker", level="GRID")
SECRETARY = Holder(title="secretary", level="COMMUNITY")
HEAD = Holder(title="head", level="DISTRICT")

resident = Actor("resident", resident_in=("370321002001",))
neighbour = Actor("neighbour", resident_in=("370321002001001",))
stranger = Actor("stranger", resident_in=("370321002002",))
worker = Actor("worker-1", (Held("worker", GRID),))
worker_elsewhere = Actor("worker-2", (Held("worker", "370321002001002"),))
secretary = Actor("secretary-1", (Held("secretary", GRID[:12]),))
head = Actor("head-1", (Held("head", GRID[:6]),))
ACTORS = (resident, neighbour, stranger, worker, worker_elsewhere, secretary, head)

durations = st.one_of(
    st.integers(1, 20).map(lambda n: Duration(working_days=n)),
    st.integers(1, 40).map(lambda n: Duration(working_hours=n)),
    st.integers(1, 60).map(lambda n: Duration(days=n)),
    st.integers(1, 6).map(lambda n: Duration(months=n)),
    st.integers(1, 200).map(lambda n: Duration(hours=n)),
)
_EARLIEST = datetime(2019, 1, 1, tzinfo=UTC)
instants = st.timedeltas(timedelta(), timedelta(days=9 * 365)).map(lambda after: _EARLIEST + after)
_WHO: tuple[Who, ...] = (WORKER, SECRETARY, HEAD, "requester", "resident")
_rungs = st.sets(st.integers(1, 12), max_size=2).map(sorted)
who = st.lists(st.sampled_from(_WHO), min_size=1, max_size=3, unique=True)
PLAIN = (Kind.ACCEPT, Kind.DELIBERATE, Kind.DECIDE, Kind.CARRY_OUT, Kind.ADVANCE)
TRIED = ("on", "on", "on", "back", "no", "rate", "tell", "note", "withdraw", "reopen", "nonsense")


def _action(code: str, kind: Kind, to: str | None, **more: Any) -> Action:
    return Action(code=code, kind=kind, name_zh=code, name_en=code, to=to, **more)


@st.composite
def deadlines(draw: st.DrawFn, lapse_to: str | None) -> Deadline:
    return Deadline(
        within=draw(durations),
        escalate=(
            *(Escalation(after_working_hours=hours, to=SECRETARY) for hours in draw(_rungs)),
            *(Escalation(after_working_days=days, to=HEAD) for days in draw(_rungs)),
        ),
        lapse_to=lapse_to,
    )


@st.composite
def steps(draw: st.DrawFn, index: int, last: int, pauses: st.SearchStrategy[bool]) -> Step:
    """A step that leads on, and perhaps back, out, around or nowhere."""
    onward = "done" if index == last else f"s{index + 1}"
    kind = draw(st.sampled_from(PLAIN))
    actions = [_action("on", kind, onward, count=draw(st.sampled_from([1, 1, 2])), requires=(Input.OPINION,))]
    if index and draw(st.booleans()):
        back = f"s{draw(st.integers(0, index - 1))}"
        actions.append(_action("back", Kind.RETURN, back, requires=(Input.REASON,)))
    if draw(st.booleans()):
        actions.append(_action("no", Kind.REFUSE, "refused", requires=(Input.REASON,)))
    if draw(st.booleans()):
        actions.append(_action("rate", Kind.EVALUATE, draw(st.sampled_from([None, onward])), requires=(Input.RATING,)))
    if draw(st.booleans()):
        actions.append(_action("tell", Kind.PUBLICISE, draw(st.sampled_from([None, onward])), requires=(Input.NOTICE,)))
    if draw(st.booleans()):
        actions.append(_action("note", Kind.ADVANCE, None, who=tuple(draw(who))))
    timed = draw(st.booleans())
    lapse_to = onward if draw(st.booleans()) else None
    return Step(
        code=f"s{index}",
        name_zh=f"第{index}步",
        name_en=f"step {index}",
        who=tuple(draw(who)),
        actions=tuple(actions),
        deadline=draw(deadlines(lapse_to)) if timed else None,
        untimed=not timed,
        pauses=draw(pauses),
    )


@st.composite
def processes(draw: st.DrawFn) -> Process:
    last = draw(st.integers(0, 4))
    matter = draw(st.none() | deadlines(None))
    # What has no deadline cannot stand still.
    pauses = st.just(False) if matter is None else st.booleans()
    all_steps = [draw(steps(index, last, pauses)) for index in range(last + 1)]
    # A reason is asked for so that the end is reached in every process.
    refuses = _action("never", Kind.REFUSE, "refused", requires=(Input.REASON,))
    first = all_steps[0]
    if not any(action.kind is Kind.REFUSE for step in all_steps for action in step.actions):
        all_steps[0] = replace(first, actions=(*first.actions, refuses))
    codes = [step.code for step in all_steps]
    some = st.lists(st.sampled_from(codes), min_size=1, unique=True).map(tuple)
    return Process(
        code="generated",
        version=1,
        name_zh="生成",
        name_en="generated",
        raising=Raising(name_zh="提", name_en="raise", who=("resident", WORKER), levels=("GRID",), to="s0"),
        steps=tuple(all_steps),
        ends=(
            End(code="done", name_zh="完", name_en="done", outcome=Outcome.DONE),
            End(code="refused", name_zh="拒", name_en="refused", outcome=Outcome.REFUSED),
            End(code="withdrawn", name_zh="撤", name_en="withdrawn", outcome=Outcome.WITHDRAWN),
        ),
        evaluation=Evaluation(),
        first_response=draw(st.none() | deadlines(None)),
        matter=matter,
        withdrawal=Withdrawal(name_zh="撤", name_en="withdraw", out_of=draw(some), to="withdrawn"),
        reopening=draw(
            st.none()
            | st.builds(
                Reopening,
                name_zh=st.just("重"),
                name_en=st.just("reopen"),
                who=st.just(("requester", WORKER)),
                out_of=st.sampled_from([("done",), ("done", "refused")]),
                to=st.sampled_from(codes),
                within=durations,
                times=st.integers(1, 3),
                rating_at_most=st.none() | st.integers(1, 5),
            )
        ),
        publicity=Publicity(once="done"),
    )


@st.composite
def tries(draw: st.DrawFn) -> tuple[Actor, str, Given, timedelta, int]:
    """Somebody tries an action, perhaps a wrong one, some time later, with the version they last saw."""
    given = Given(
        reason=draw(st.sampled_from([None, "理由"])),
        opinion=draw(st.sampled_from([None, "意见"])),
        notice=draw(st.sampled_from([None, "公告"])),
        rating=draw(st.sampled_from([None, 0, 1, 3, 5])),
    )
    return (
        draw(st.sampled_from(ACTORS)),
        draw(
            st.sampled_from(["on", "on", "on", "back", "no", "rate", "tell", "note", "withdraw", "reopen", "nonsense"])
        ),
        given,
        timedelta(minutes=draw(st.integers(0, 60 * 24 * 9))),
        draw(st.sampled_from([0, 0, 0, 0, -1])),
    )
