"""The children of one ticket while its history is replayed: opened when it was divided, waited for, recalled.

A parent is replayed with its children inside: a child begins with what the parent was when it was divided, and the
parent goes on by how the children had ended by then.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from services.tickets.domain.dividing import ChildWanted, Link, check_children, led_to, section_of
from services.tickets.domain.process import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from services.tickets.domain.process import Outcome, Process
    from services.tickets.domain.records import Act, TicketRecord
    from services.tickets.domain.ticket import Ticket, Transition

    Begin = Callable[[TicketRecord, Link], Sequence[Transition]]


_AT_LAST = datetime.max.replace(tzinfo=UTC)


class NoReplay(Exception):
    """A history that the process does not allow; `path` says where in the record, `record` in which, once known."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.record: UUID | None = None


class Children:
    """The children of a ticket that is being replayed.

    `known` are the tickets of the file that have a parent, by id; `begin` replays one of them with its link.
    """

    def __init__(self, known: Mapping[UUID, TicketRecord], begin: Begin) -> None:
        self._known = known
        self._begin = begin
        self._opened: dict[int, list[Sequence[Transition]]] = {}

    def wanted(self, parent: TicketRecord, act: Act, path: str) -> tuple[ChildWanted, ...]:
        """Return what an act asks for by the ids of its children. Raises NoReplay for one that is not this ticket's."""
        found: list[ChildWanted] = []
        for index, id_ in enumerate(act.children):
            child = self._known.get(id_)
            where = f"{path}.children[{index}]"
            if child is None or child.parent != parent.id:
                raise NoReplay(where, f"there is no new ticket {id_} in the file whose parent is {parent.id}")
            if id_ in act.children[:index]:
                raise NoReplay(where, f"{id_} is there twice")
            found.append(
                ChildWanted(
                    id=id_,
                    process=child.process,
                    region_code=child.region_code,
                    title=child.title,
                    category=child.category,
                    organisation=child.organisation,
                )
            )
        return tuple(found)

    def open(self, process: Process, made: Transition, where: str) -> None:
        """Replay the children that an act opened; `where` is the region in which its actor was in charge.

        Raises Refused, or NoReplay with the record of the child that is wrong.
        """
        parent, entry = made.ticket, made.entry
        there = self._opened.setdefault(parent.visits, [])
        check_children(section_of(process, parent), parent.depth, len(there), entry.given.children, where)
        link = Link(parent.id, parent.visits, parent.depth + 1, entry.acted_as)
        for one in entry.given.children:
            child = self._known[one.id]
            raised = child.raised
            if (raised.at, raised.by, raised.acted_as) != (entry.at, entry.by, entry.acted_as):
                wrong = NoReplay("raised", f"a child is raised when its parent is divided, {entry.at}, by the same")
                wrong.record = child.id
                raise wrong
            there.append(self._begin(child, link))

    def ends(self, visit: int, at: datetime) -> list[Outcome | None]:
        """Return how the children of a visit had ended by then; None for those under way."""
        return [_as_it_was(one, at).outcome for one in self._opened.get(visit, ())]

    def count_open(self, process: Process, ticket: Ticket, at: datetime) -> int:
        """Return how many children of a ticket's present visit were under way then."""
        return 0 if section_of(process, ticket) is None else self.ends(ticket.visits, at).count(None)

    def led_to(self, process: Process, ticket: Ticket, at: datetime) -> str | None:
        """Return where the ends of its children led a ticket then; None when it had to wait."""
        section = section_of(process, ticket)
        return led_to(section, self.ends(ticket.visits, at)) if section else None

    def check_recalls(self, process: Process, done: Sequence[Transition]) -> None:
        """Refuse a child that was recalled before its parent went on without it. Raises NoReplay."""
        left = {visit: at for visit, at, recalls in left_visits(process, done) if recalls}
        for visit, opened in self._opened.items():
            for child in opened:
                recalled = next((one.entry for one in child if one.entry.kind is Kind.RECALL), None)
                if recalled and (visit not in left or recalled.at < left[visit]):
                    wrong = NoReplay("acts", "it was recalled, but its parent had not gone on without it")
                    wrong.record = child[0].ticket.id
                    raise wrong

    def open_at_last(self) -> set[int]:
        """Return the visits of which children are under way at the end of the file."""
        return {visit for visit in self._opened if None in self.ends(visit, _AT_LAST)}


def left_visits(process: Process, done: Sequence[Transition]) -> list[tuple[int, datetime, bool]]:
    """Return the visits to divided steps that a ticket left: number, when, whether that recalls open children."""
    found: list[tuple[int, datetime, bool]] = []
    for before, after in pairwise(done):
        step = process.step(before.ticket.step)
        if step is not None and step.children is not None and after.ticket.visits != before.ticket.visits:
            found.append((before.ticket.visits, after.entry.at, step.children.leaving == "recall"))
    return found


def _as_it_was(done: Sequence[Transition], at: datetime) -> Ticket:
    return next((one.ticket for one in reversed(done) if one.entry.at <= at), done[0].ticket)
