"""Turns move nothing but turns: properties of any sequence of taking on, naming and putting back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Forbidden
from chassis.problems import Refused
from services.tickets.domain.calendar import WorkingCalendar
from services.tickets.domain.process import Kind
from services.tickets.domain.ticket import Actor, Given, Held
from services.tickets.domain.transition import act, raise_ticket
from services.tickets.domain.validation import read_processes
from tests.tickets.conftest import FIVE_SHEETS

if TYPE_CHECKING:
    from services.tickets.domain.ticket import Ticket, Transition

GRID = "370321002001001"
HEAD: dict[str, Any] = {"title": "community_secretary", "level": "COMMUNITY"}
SECTION = {"name_zh": "改派", "name_en": "reassign", "steps": ["accept"], "who": [HEAD]}
PROCESS = read_processes([{**FIVE_SHEETS[0], "assignment": SECTION}])[0][0]
CALENDAR = WorkingCalendar()
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
PEOPLE = [UUID(int=number) for number in range(3)]
WORKERS = [Actor(str(person), (Held("grid_worker", GRID),)) for person in PEOPLE]
SECRETARY = Actor("secretary", (Held("community_secretary", GRID[:12]),))
TURNS = st.tuples(
    st.sampled_from([*WORKERS, SECRETARY]),
    st.sampled_from([Kind.ASSIGN, Kind.CLAIM_TURN, Kind.RELEASE_TURN]),
    st.sampled_from(PEOPLE),
)


def raised() -> Ticket:
    return raise_ticket(
        PROCESS, id_=UUID(int=9), number="1", region_id=UUID(int=8), region_code=GRID, category="lighting",
        given=Given(), actor=Actor("li", resident_in=(GRID,)), at=AT, calendar=CALENDAR,
    ).ticket  # fmt: skip


def tried(ticket: Ticket, actor: Actor, kind: Kind, assignee: UUID | None, at: datetime) -> Transition | None:
    asked = Given(assignee=assignee if kind is Kind.ASSIGN else None)
    try:
        return act(PROCESS, ticket, asked, actor, kind=kind, expected_version=ticket.version, at=at, calendar=CALENDAR)
    except (Refused, Forbidden):
        return None


@given(st.lists(TURNS, max_size=12))
def test_turns_change_neither_step_nor_clocks_and_only_who_is_named_goes_on(
    asked: list[tuple[Actor, Kind, UUID]],
) -> None:
    first = ticket = raised()
    for number, (actor, kind, person) in enumerate(asked):
        made = tried(ticket, actor, kind, person, AT + timedelta(minutes=number))
        if made is None:
            continue
        own = ticket.assignee is None or str(ticket.assignee) == actor.subject or actor is SECRETARY
        assert own, "whose turn it is not takes nothing from who has it"
        assert made.entry.seq == ticket.version + 1
        ticket = made.ticket
        assert (ticket.step, ticket.visits, ticket.clocks) == (first.step, first.visits, first.clocks)
        assert ticket.responded_at is None
    later = AT + timedelta(hours=1)
    for worker in WORKERS:
        may = ticket.assignee is None or str(ticket.assignee) == worker.subject
        made = tried(ticket, worker, Kind.ACCEPT, None, later)
        assert (made is not None) == may
        assert made is None or made.ticket.assignee is None
