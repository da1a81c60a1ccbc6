"""What deadlines of tickets bring about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.tickets.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    ClockDueAt,
    ClockMeasured,
    EscalationRung,
    SupervisorTitle,
    TitleRegionCode,
    WorkingDaysBefore,
    WorkingHoursBefore,
)
from services.tickets.domain.ticket_event import TicketEvent, common

if TYPE_CHECKING:
    from services.tickets.domain.clock import Clock
    from services.tickets.domain.process import Holder
    from services.tickets.domain.ticket import Ticket


class TicketReminded(TicketEvent, entity="ticket", fact="reminded"):
    """催办提醒: a deadline comes near.

    When: a deadline is as many working days or working hours away as the process says.

    For: systems that remind people by other means.
    """

    clock: ClockMeasured
    clock_due_at: ClockDueAt
    working_days_before: WorkingDaysBefore
    working_hours_before: WorkingHoursBefore = None


class TicketOverdue(TicketEvent, entity="ticket", fact="overdue"):
    """逾期: a deadline passed.

    When: the deadline's moment has passed, within a minute.

    For: whoever supervises deadlines (督办).
    """

    clock: ClockMeasured
    clock_due_at: ClockDueAt


class TicketEscalated(TicketEvent, entity="ticket", fact="escalated"):
    """逐级上报: an overdue ticket was brought before somebody higher, by duty title and region.

    When: a rung of the escalation ladder is reached; once for each rung.

    For: supervisors, by duty title and region.
    """

    clock: ClockMeasured
    clock_due_at: ClockDueAt
    level: EscalationRung
    title: SupervisorTitle
    title_region_code: TitleRegionCode


DEADLINE_EVENTS: tuple[type[TicketEvent], ...] = (TicketReminded, TicketOverdue, TicketEscalated)
"""Every event of deadlines."""


def reminded(ticket: Ticket, clock: Clock, *, days: int = 0, hours: int | None = None) -> TicketReminded:
    """Return the event of a reminder, so many working days or hours before."""
    return TicketReminded(**common(ticket), **_of_clock(clock), working_days_before=days, working_hours_before=hours)


def overdue(ticket: Ticket, clock: Clock) -> TicketOverdue:
    """Return the event of a deadline that passed."""
    return TicketOverdue(**common(ticket), **_of_clock(clock))


def escalated(ticket: Ticket, clock: Clock, level: int, to: Holder) -> TicketEscalated:
    """Return the event of an escalation to somebody."""
    region = to.region_of(ticket.region_code) or ticket.region_code
    return TicketEscalated(
        **common(ticket), **_of_clock(clock), level=level, title=to.post_title, title_region_code=region
    )


def _of_clock(clock: Clock) -> dict[str, Any]:
    if clock.due_at is None:
        raise ValueError("a clock that pauses brings nothing about")
    return {"clock": clock.kind, "clock_due_at": clock.due_at}
