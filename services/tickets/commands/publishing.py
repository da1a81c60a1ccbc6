"""Append tickets' events to the outbox, in the transaction of the change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.events import outbox
from chassis.http.telemetry import traceparent

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from services.tickets.domain.ticket_event import TicketEvent

SERVICE = "tickets"


async def publish(session: WriteSession, event: TicketEvent, events: int, at: datetime) -> None:
    """Write an event of a ticket whose row is locked; it is the `events`-th of the ticket."""
    await publish_about(session, event, event.ticket_id, events, event.region_code, at)


async def publish_about(
    session: WriteSession, event: Event, id_: UUID, version: int, region_code: str, at: datetime
) -> None:
    """Write an event of something else that is kept here; it is the `version`-th of that thing."""
    await outbox.append(
        session.connection,
        SERVICE,
        event,
        aggregate_id=id_,
        aggregate_version=version,
        region_code=region_code,
        occurred_at=at,
        traceparent=traceparent(),
    )
