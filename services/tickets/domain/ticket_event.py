"""What every event of a ticket says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chassis.events.event import Event
from services.tickets.domain import process
from services.tickets.domain.event_fields import (
    Category,
    DueAt,
    HowEnded,
    Number,
    Outcome,
    ProcessCode,
    ProcessVersion,
    RegionCode,
    RegionId,
    StepCode,
    TicketId,
)

if TYPE_CHECKING:
    from services.tickets.domain.ticket import Ticket


class TicketEvent(Event):
    """Base: which ticket, of which process, where it is about and where it stands after the event."""

    ticket_id: TicketId
    number: Number
    process: ProcessCode
    process_version: ProcessVersion
    category: Category
    region_id: RegionId
    region_code: RegionCode
    step: StepCode
    due_at: DueAt
    outcome: HowEnded


def common(ticket: Ticket) -> dict[str, Any]:
    """Return what every event says of a ticket as it has become."""
    # Readers of released versions know three outcomes; of a joined ticket nothing more comes, as of a withdrawn one.
    is_joined = ticket.outcome is process.Outcome.JOINED
    outcome = Outcome.WITHDRAWN if is_joined else Outcome(ticket.outcome) if ticket.outcome else None
    return {
        "ticket_id": ticket.id,
        "number": ticket.number,
        "process": ticket.process,
        "process_version": ticket.process_version,
        "category": ticket.category,
        "region_id": ticket.region_id,
        "region_code": ticket.region_code,
        "step": ticket.step,
        "due_at": ticket.due_at(),
        "outcome": outcome,
    }
