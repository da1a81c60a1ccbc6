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
    from sqlalchemy.ext.asyncio import AsyncConnection

    from chassis.database import WriteSession
    from chassis.events.envelope import Envelope
    from chassis.events.event import Event

SERVICE = "property"


async def publish(session: WriteSession, event: Event, aggregate_id: UUID, version: int, region_code: str) -> None:
    """Write the `version`-th event of an aggregate whose row is locked."""
    await append(session.connection, event, aggregate_id, version, region_code)


async def append(
    connection: AsyncConnection,
    event: Event,
    aggregate_id: UUID,
    version: int,
    region_code: str,
    *,
    caused_by: Envelope | None = None,
) -> None:
    """Write an event as `publish`; `caused_by` is the event of another service that it follows from."""
    await outbox.append(
        connection,
        SERVICE,
        event,
        aggregate_id=aggregate_id,
        aggregate_version=version,
        region_code=region_code,
        occurred_at=now(),
        traceparent=caused_by.traceparent if caused_by else traceparent(),
        causation_id=str(caused_by.id) if caused_by else None,
    )


async def store(session: WriteSession, table: Table, row: RowMapping, event: Event | None, **values: Any) -> None:
    """Change a locked row that has `version` and `events`, and publish the event of it, if any."""
    events = row["events"] + (event is not None)
    changed = update(table).where(table.c.id == row["id"])
    await session.execute(changed.values(version=row["version"] + 1, events=events, **values))
    if event is not None:
        await publish(session, event, row["id"], events, row["region_code"])
