"""Append property's events to the outbox, in the transaction of the change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, update

from chassis.events import outbox
from chassis.http.telemetry import traceparent
from services.property.domain.content import now

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.events.event import Event

SERVICE = "property"


async def publish(session: WriteSession, event: Event, aggregate_id: UUID, version: int, region_code: str) -> None:
    """Write the `version`-th event of an aggregate whose row is locked."""
    await outbox.append(
        session.connection,
        SERVICE,
        event,
        aggregate_id=aggregate_id,
        aggregate_version=version,
        region_code=region_code,
        occurred_at=now(),
        traceparent=traceparent(),
    )


async def store(session: WriteSession, table: Table, row: RowMapping, event: Event | None, **values: Any) -> None:
    """Change a locked row that has `version` and `events`, and publish the event of it, if any."""
    events = row["events"] + (event is not None)
    changed = update(table).where(table.c.id == row["id"])
    await session.execute(changed.values(version=row["version"] + 1, events=events, **values))
    if event is not None:
        await publish(session, event, row["id"], events, row["region_code"])
