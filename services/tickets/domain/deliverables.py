"""What was delivered (成果): whole numbers of the kinds that a process names, such as charging sheds or trees.

Who carries a ticket out says what has been delivered in all so far, so that saying it again, after the work was sent
back or the ticket reopened, counts nothing twice: the last word stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from chassis.problems import Refused
from chassis.texts import clean
from services.tickets.domain.content import LONGEST_TITLE
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process import Input, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from services.tickets.domain.process import Deliverable, Process

MOST_LINES = 20
MOST_OF_A_KIND = 1_000_000


class Delivered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many of a kind were delivered, and where, if that is said."""

    kind: str
    quantity: int
    place: str | None = None


def checked_deliverables(given: Sequence[Delivered], known: Sequence[Deliverable]) -> tuple[Delivered, ...]:
    """Return what was delivered, cleaned.

    Raises Refused for kinds that the process lacks, quantities out of range, the same kind twice at one place, and
    more than 20 lines.
    """
    if len(given) > MOST_LINES:
        raise Refused(TicketProblem.TOO_MANY_DELIVERABLES, "deliverables", most=MOST_LINES)
    kinds = {one.code for one in known}
    checked: list[Delivered] = []
    for index, one in enumerate(given):
        at = ("deliverables", str(index))
        if one.kind not in kinds:
            raise Refused(TicketProblem.UNKNOWN_DELIVERABLE, *at, "kind", kind=one.kind[:50])
        if not 1 <= one.quantity <= MOST_OF_A_KIND:
            raise Refused(TicketProblem.WRONG_QUANTITY, *at, "quantity", most=f"{MOST_OF_A_KIND:,}")
        place = clean(one.place, "place", LONGEST_TITLE)
        if any((one.kind, place) == (other.kind, other.place) for other in checked):
            raise Refused(TicketProblem.DELIVERABLE_TWICE, *at, "kind", kind=one.kind)
        checked.append(Delivered(one.kind, one.quantity, place))
    return tuple(checked)


def faults(process: Process) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield what is wrong with what a process delivers: as path, English, Chinese."""
    recorded = False
    for index, step in enumerate(process.steps):
        for number, action in enumerate(step.actions):
            if not action.takes(Input.DELIVERABLES):
                continue
            recorded = True
            path = ("steps", index, "actions", number, "requires")
            if action.kind is not Kind.CARRY_OUT:
                en = "deliverables belong to actions of kind carry_out"
                yield path, en, "deliverables 仅用于 carry_out 类动作"
            if not process.deliverables:
                en = "the process names no kinds of deliverables"
                yield path, en, "流程未定义成果种类 deliverables"
    if process.deliverables and not recorded:
        yield ("deliverables",), "no action records what was delivered", "没有动作登记成果"
