"""What the demonstration's tickets delivered: so many in all, spread over those that were carried through."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from services.tickets.domain.deliverables import Delivered
from services.tickets.domain.process import Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy.practices.generate.tickets import Made
    from deploy.practices.model_tickets import DemonstrationDeliverable


def shares(total: int, among: int) -> Iterator[int]:
    """Yield how much of a total comes to each, as evenly as whole numbers allow."""
    for number in range(among):
        yield total * (number + 1) // among - total * number // among


def with_deliverables(made: Sequence[Made], wanted: Sequence[DemonstrationDeliverable]) -> list[Made]:
    """Return the tickets with what they delivered, said when they were carried out for the last time.

    Raises ValueError when there is no ticket to deliver something.
    """
    lines: dict[int, list[Delivered]] = {}
    for one in wanted:
        fitting = [number for number, each in enumerate(made) if _delivers(each, one.category)]
        chosen = fitting[: min(one.total, one.tickets or len(fitting))]
        if not chosen:
            raise ValueError(f"no ticket delivers {one.kind}")
        for number, share in zip(chosen, shares(one.total, len(chosen)), strict=True):
            lines.setdefault(number, []).append(Delivered(one.kind, share))
    return [_telling(one, tuple(lines[number])) if number in lines else one for number, one in enumerate(made)]


def _delivers(made: Made, category: str | None) -> bool:
    return made.ticket.outcome is Outcome.DONE and category in {None, made.category}


def _telling(made: Made, delivered: tuple[Delivered, ...]) -> Made:
    last = max(number for number, entry in enumerate(made.entries) if entry.kind is Kind.CARRY_OUT)
    entry = made.entries[last]
    given = msgspec.structs.replace(entry.given, deliverables=delivered)
    entries = [*made.entries[:last], msgspec.structs.replace(entry, given=given), *made.entries[last + 1 :]]
    return replace(made, entries=entries)
