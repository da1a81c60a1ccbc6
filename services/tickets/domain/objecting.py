"""A public notice with a period in which residents may object (公示): each is answered before anything goes on.

The period is the deadline of the step; at its end the ticket lapses to what follows, as soon as nothing is unanswered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.errors import NotFound
from chassis.problems import Refused
from services.tickets.domain.clock import ClockKind
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from services.tickets.domain.process import Process, Step
    from services.tickets.domain.ticket import Ticket

_AWAY = frozenset({Kind.RETURN, Kind.REFUSE})
"""What may end a notice before its time: taking it back."""


def takes_objections(process: Process, ticket: Ticket) -> bool:
    """Tell whether the ticket is at a notice that can be objected to."""
    step = process.step(ticket.step)
    return step is not None and step.objections


def check_objecting(process: Process, ticket: Ticket, at: datetime) -> None:
    """Refuse to object where nothing is before the public (NotFound), or when the period is over (Refused)."""
    if not takes_objections(process, ticket) or ticket.public_since is None:
        raise NotFound(what="ticket")
    until = next((clock.due_at for clock in ticket.clocks if clock.kind is ClockKind.STEP), None)
    if until is None or at >= until:
        raise Refused(TicketProblem.OBJECTIONS_OVER, until=until)


def faults(process: Process) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield what is wrong with a process's notices: as path, English, Chinese."""
    for index, step in enumerate(process.steps):
        if step.objections:
            yield from _faults(process, step, index)


def _faults(process: Process, step: Step, index: int) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    if step.deadline is None or step.deadline.lapse_to is None:
        en = "a notice has a period after which the ticket goes on: a deadline with lapse_to"
        yield ("steps", index, "deadline"), en, "公示步骤须设置带 lapse_to 的期限 deadline"
    if process.publicity is None or process.publicity.once != step.code or "notice" not in process.publicity.shows:
        en = "who is to object must read it: publicity shows the notice once the ticket is here"
        yield ("steps", index, "objections"), en, "公示步骤须为 publicity 的 once，且 shows 含 notice"
    for number, action in enumerate(step.actions):
        if action.to is not None and action.kind not in _AWAY:
            en = "nothing but its period and taking it back (return, refuse) ends a notice"
            yield ("steps", index, "actions", number, "to"), en, "公示期内仅可退回或不予受理"
