"""Whose turn it is (改派、认领) among those who hold a step's duty.

One of them takes a ticket on, or is named, and is then alone in turn, until they put it back, it is passed on, or it
leaves the step. Clocks go on: who of a level does the work is no matter of the requester's. Whoever the step is brought
before may act beside them, and an assignment lapses with the duty: who no longer holds it, or is away without a deputy,
holds up nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from msgspec.structs import replace

from chassis.problems import Refused
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process import Action, Holder, Input, Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from services.tickets.domain.actions import Offered
    from services.tickets.domain.process import Process, Who
    from services.tickets.domain.ticket import Actor, Entry, Ticket

OF_TURNS = frozenset({Kind.ASSIGN, Kind.CLAIM_TURN, Kind.RELEASE_TURN})
"""Kinds that say whose turn it is, and nothing about the matter: none of them is a response to the requester."""
_BY_OTHERS = frozenset({Kind.ASSIGN, Kind.RELEASE_TURN})
_NAMES = {Kind.CLAIM_TURN: ("认领", "take it on"), Kind.RELEASE_TURN: ("放回", "put it back")}


def actions_at(process: Process, place: str) -> Iterator[tuple[Action, tuple[Who, ...]]]:
    """Yield what can be done about turns in a step, each with who may."""
    step, section = process.step(place), process.assignment
    if step is None or section is None or place not in section.steps:
        return
    own = tuple(one for one in step.who if isinstance(one, Holder))
    both = (*own, *section.who)
    naming = (Input.ASSIGNEE, *section.requires)
    yield _action(Kind.ASSIGN, section.name_zh, section.name_en, naming), both
    yield _action(Kind.CLAIM_TURN, *_NAMES[Kind.CLAIM_TURN]), own
    yield _action(Kind.RELEASE_TURN, *_NAMES[Kind.RELEASE_TURN]), both


def _action(kind: Kind, name_zh: str, name_en: str, requires: tuple[Input, ...] = ()) -> Action:
    return Action(code=kind.value, kind=kind, name_zh=name_zh, name_en=name_en, requires=requires, may=(Input.REASON,))


def name_of(process: Process, kind: Kind) -> tuple[str, str]:
    """Return the name of something about turns, in Chinese and in English."""
    section = process.assignment
    if kind is Kind.ASSIGN and section is not None:
        return section.name_zh, section.name_en
    return _NAMES.get(kind, ("改派", "assign"))


def who_in_turn(process: Process, ticket: Ticket, one: Offered, actor: Actor) -> tuple[Who, ...]:
    """Return who may do something: without the others who hold the step's duty, while it is somebody's turn."""
    step = process.step(ticket.step)
    everybody = one.place != ticket.step or one.action.kind is Kind.CLAIM_TURN
    if ticket.assignee is None or step is None or everybody or actor.is_or_acts_for(ticket.assignee):
        return one.who
    above = process.assignment.who if process.assignment and one.action.kind in _BY_OTHERS else ()
    return (*(who for who in one.who if not (isinstance(who, Holder) and who in step.who)), *above)


def is_open(kind: Kind, ticket: Ticket) -> bool:
    """Tell whether a ticket can be taken on or put back."""
    return (ticket.assignee is None) if kind is Kind.CLAIM_TURN else (ticket.assignee is not None)


def turned(ticket: Ticket, entry: Entry) -> Ticket:
    """Return the ticket with whose turn it is after an entry about turns. Raises Refused."""
    if entry.kind is Kind.ASSIGN:
        if entry.given.assignee == ticket.assignee:
            raise Refused(TicketProblem.ALREADY_DONE)
        return replace(ticket, assignee=entry.given.assignee)
    if not is_open(entry.kind, ticket):
        taken = entry.kind is Kind.CLAIM_TURN
        raise Refused(TicketProblem.ALREADY_ASSIGNED if taken else TicketProblem.NOT_ASSIGNED)
    return replace(ticket, assignee=_person(entry) if entry.kind is Kind.CLAIM_TURN else None)


def _person(entry: Entry) -> UUID:
    if entry.acted_for is not None:
        return entry.acted_for
    try:
        return UUID(entry.by)
    except ValueError as error:
        raise Refused(TicketProblem.NOT_A_HOLDER) from error


def in_force(ticket: Ticket, people: Collection[UUID]) -> Ticket:
    """Return the ticket with its assignment only if it is to one of `people`, who fill the step's posts today."""
    return ticket if ticket.assignee is None or ticket.assignee in people else replace(ticket, assignee=None)


def faults(process: Process) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield what is wrong with how a process assigns tickets: as path, English, Chinese."""
    section = process.assignment
    if section is None:
        return
    if not section.steps:
        yield ("assignment", "steps"), "name the steps in which it is done", "未列明可改派的步骤"
    for index, code in enumerate(section.steps):
        step = process.step(code)
        if step is None:
            yield ("assignment", "steps", index), f"there is no step {code!r}", f"不存在步骤 {code!r}"
        elif not any(isinstance(one, Holder) for one in step.who):
            en = f"nobody in duty acts in {code}, so it can be nobody's turn"
            yield ("assignment", "steps", index), en, f"{code} 无任职人员办理，无法改派"
    for index, step in enumerate(process.steps):
        for number, action in enumerate(step.actions):
            if action.takes(Input.ASSIGNEE):
                en = "assignee belongs to the section assignment, not to actions of a step"
                yield ("steps", index, "actions", number, "requires"), en, "assignee 仅用于 assignment 章节"
