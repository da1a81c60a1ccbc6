"""Append org's events to the outbox, in the transaction of the change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chassis.events import outbox

if TYPE_CHECKING:
    from uuid import UUID

    from chassis.database import WriteSession
    from chassis.events.event import Event

SERVICE = "org"


async def publish(
    session: WriteSession, event: Event, aggregate_id: UUID, aggregate_version: int, region_code: str
) -> None:
    """Write an event of the aggregate at its new version; its row must be locked."""
    await outbox.append(
        session.connection,
        SERVICE,
        event,
        aggregate_id=aggregate_id,
        aggregate_version=aggregate_version,
        region_code=region_code,
        occurred_at=datetime.now(UTC),
    )
