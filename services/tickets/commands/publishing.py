"""Append tickets' events to the outbox, in the transaction of the change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.events import outbox
from chassis.http.telemetry import traceparent

if TYPE_CHECKING:
    from datetime import datetime

    from chassis.database import WriteSession
    from services.tickets.domain.events import TicketEvent

SERVICE = "tickets"


async def publish(session: WriteSession, event: TicketEvent, events: int, at: datetime) -> None:
    """Write an event of a ticket whose row is locked; it is the `events`-th of the ticket."""
    await outbox.append(
        session.connection,
        SERVICE,
        event,
        aggregate_id=event.ticket_id,
        aggregate_version=events,
        region_code=event.region_code,
        occurred_at=at,
        traceparent=traceparent(),
    )
