"""The shape of a process: every place is reached from the start, and every step leads to an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.tickets.domain.process import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from services.tickets.domain.process import End, Process, Step


def faults(process: Process) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Check that every place is reached from the start and every step leads to an end; all targets exist."""
    forward = {step.code: _leads_to(step) for step in process.steps}
    withdrawal = process.withdrawal
    withdrawn = {section.to for section in (withdrawal, process.joining) if section and section.out_of}
    withdrawn |= {process.recall.to} if process.recall else set()
    reached = _closure(set(process.beginnings()), forward) | withdrawn
    places: tuple[tuple[str, Sequence[Step | End]], ...] = ("steps", process.steps), ("ends", process.ends)
    for key, listed in places:
        for index, place in enumerate(listed):
            if place.code not in reached:
                yield (key, index), f"{place.code} cannot be reached", f"无法到达 {place.code}"
    # A withdrawal is no way out: those who work on a ticket cannot count on it.
    leave = _closure({end.code for end in process.ends}, _reversed(forward))
    for index, step in enumerate(process.steps):
        if step.code not in leave:
            en = f"there is no way out of {step.code} to an end"
            yield ("steps", index), en, f"{step.code} 没有通向终点的出路"
        for number, action in enumerate(step.actions):
            earlier = action.to and action.to != step.code and step.code in _closure({action.to}, forward)
            if action.kind is Kind.RETURN and not earlier:
                en = "a return leads to an earlier step, from which this one is reached again"
                yield ("steps", index, "actions", number, "to"), en, "退回须指向可再次到达本步骤的先前步骤"


def _leads_to(step: Step) -> set[str]:
    targets = {action.to for action in step.actions if action.to is not None}
    if step.deadline and step.deadline.lapse_to is not None:
        targets.add(step.deadline.lapse_to)
    if step.children:
        targets |= {to for to in (step.children.to, step.children.failed_to) if to is not None}
    return targets


def _reversed(moves: Mapping[str, set[str]]) -> dict[str, set[str]]:
    back: dict[str, set[str]] = {}
    for start, targets in moves.items():
        for target in targets:
            back.setdefault(target, set()).add(start)
    return back


def _closure(start: set[str], moves: Mapping[str, set[str]]) -> set[str]:
    reached, waiting = set(start), list(start)
    while waiting:
        for target in moves.get(waiting.pop(), set()) - reached:
            reached.add(target)
            waiting.append(target)
    return reached
