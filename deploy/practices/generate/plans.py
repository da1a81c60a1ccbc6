"""What becomes of the demonstration's tickets: how many go the ordinary way, and which are drawn for another."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from deploy.practices.generate.journeys import Plan, ordinary_action
from services.tickets.domain.process import REQUESTER, Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from deploy.practices.model_tickets import DemonstrationTickets
    from services.tickets.domain.process import Process


def ordinary_way(process: Process) -> Iterator[str]:
    """Yield the steps that a ticket goes through when nothing sends it elsewhere, as far as none comes twice."""
    step, seen = process.step(process.raising.to), set[str]()
    while step is not None and step.code not in seen:
        seen.add(step.code)
        yield step.code
        chosen = ordinary_action(step.actions)
        lapses_to = step.deadline.lapse_to if step.deadline else None
        step = process.step((chosen.to if chosen else lapses_to) or "")


def is_carried_through(process: Process) -> bool:
    """Tell whether the ordinary way comes to an end that means done."""
    *_, last = ordinary_way(process)
    step = process.step(last)
    chosen = ordinary_action(step.actions) if step else None
    to = chosen.to if chosen else step and step.deadline and step.deadline.lapse_to
    return any(end.code == to and end.outcome is Outcome.DONE for end in process.ends)


def needs_requester(process: Process) -> bool:
    """Tell whether a step of the ordinary way is left by nobody but who raised the ticket."""
    steps = [process.step(code) for code in ordinary_way(process)]
    chosen = [(step, ordinary_action(step.actions)) for step in steps if step]
    return any(set(action.who or step.who) == {REQUESTER} for step, action in chosen if action)


def plans_of(wanted: DemonstrationTickets, process: Process, random: Random) -> Iterator[Plan]:
    """Yield what becomes of the tickets that end: which are returned, late or reopened is drawn by lot."""
    numbers = range(wanted.carried_through)
    returned, late, reopened = (
        set(random.sample(numbers, count)) for count in (wanted.returned, wanted.late, wanted.reopened)
    )
    done = next(end.code for end in process.ends if end.outcome is Outcome.DONE)
    returning, leaving = cycle(steps_with(process, Kind.RETURN)), cycle(_timed(process))
    categories = [code for code, count in wanted.categories.items() for _ in range(count)]
    for number in numbers:
        yield Plan(
            done,
            category=categories[number] if number < len(categories) else "",
            returned_at=next(returning) if number in returned else "",
            late_at=next(leaving) if number in late else "",
            reopened=number in reopened,
        )
    for at, _ in zip(cycle(steps_with(process, Kind.REFUSE)), range(wanted.refused), strict=False):
        yield Plan(_refused_from(process, at), Kind.REFUSE, at)
    withdrawal = process.withdrawal
    if withdrawal:
        on_the_way = [step for step in ordinary_way(process) if step in withdrawal.out_of]
        for at, _ in zip(cycle(on_the_way), range(wanted.withdrawn), strict=False):
            yield Plan(withdrawal.to, Kind.WITHDRAW, at)


def steps_with(process: Process, kind: Kind) -> list[str]:
    """Return the steps of the ordinary way that have an action of a kind."""
    steps = [process.step(code) for code in ordinary_way(process)]
    return [step.code for step in steps if step and any(action.kind is kind for action in step.actions)]


def _timed(process: Process) -> list[str]:
    """Return the steps that can be late: those with a deadline after which they do not end by themselves."""
    steps = [process.step(code) for code in ordinary_way(process)]
    return [step.code for step in steps if step and step.deadline and step.deadline.lapse_to is None]


def _refused_from(process: Process, code: str) -> str:
    step = process.step(code)
    return next(one.to or "" for one in (step.actions if step else ()) if one.kind is Kind.REFUSE)
