"""The outbox: events are written in the transaction of the change that they tell of, or not at all.

Call after the aggregate's row is locked and its version counted up: the order of the rows of one aggregate is then the
order of its versions, whatever else commits meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import insert, text

from chassis.events.envelope import SPECIFICATION, Envelope, encode
from chassis.events.event import Event  # noqa: TC001 (msgspec reads annotations at run time)
from chassis.events.subject import subject_of, tenant_of
from chassis.events.tables import outbox
from chassis.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

_ROWS_AT_ONCE = 5000
_COLUMNS = {
    "event_id": "uuid",
    "entity": "text",
    "aggregate_id": "uuid",
    "aggregate_version": "bigint",
    "tenant": "text",
    "region_code": "text",
    "type": "text",
    "subject": "text",
    "payload": "bytea",
}
_MANY = text(
    f"INSERT INTO outbox ({', '.join(_COLUMNS)}) SELECT * FROM "  # noqa: S608 (names of its columns)
    f"unnest({', '.join(f'CAST(:{name} AS {type_}[])' for name, type_ in _COLUMNS.items())})"
)
"""As arrays, one a column: several times as fast as row by row."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An event before it is written, for `append_many`; the fields are the arguments of `append`."""

    event: Event
    aggregate_id: UUID
    aggregate_version: int
    region_code: str
    occurred_at: datetime
    traceparent: str | None = None
    causation_id: str | None = None


async def append(  # noqa: PLR0913 (what an event is, by name)
    connection: AsyncConnection,
    service: str,
    event: Event,
    *,
    aggregate_id: UUID,
    aggregate_version: int,
    region_code: str,
    occurred_at: datetime,
    traceparent: str | None = None,
    causation_id: str | None = None,
) -> UUID:
    """Write an event into the transaction and return its id.

    `region_code` says where it happened and so which feed it is in; `occurred_at` has an offset; `causation_id` is the
    id of the event that this one follows from. Raises ValueError for a wrong region code, and the database's
    IntegrityError when the aggregate already has an event of that version.
    """
    draft = Draft(
        event=event,
        aggregate_id=aggregate_id,
        aggregate_version=aggregate_version,
        region_code=region_code,
        occurred_at=occurred_at,
        traceparent=traceparent,
        causation_id=causation_id,
    )
    row = _row(service, draft)
    await connection.execute(insert(outbox), row)
    event_id: UUID = row["event_id"]
    return event_id


async def append_many(connection: AsyncConnection, service: str, drafts: Sequence[Draft]) -> list[UUID]:
    """Write many events into the transaction in their order and return their ids; tens of thousands take seconds."""
    ids: list[UUID] = []
    for start in range(0, len(drafts), _ROWS_AT_ONCE):
        rows = [_row(service, draft) for draft in drafts[start : start + _ROWS_AT_ONCE]]
        await connection.execute(_MANY, {name: [row[name] for row in rows] for name in _COLUMNS})
        ids += [row["event_id"] for row in rows]
    return ids


def _row(service: str, draft: Draft) -> dict[str, Any]:
    if draft.occurred_at.tzinfo is None:
        raise ValueError("when an event occurred has an offset")
    kind, event_id = type(draft.event), new_id()
    tenant = tenant_of(draft.region_code)
    envelope = Envelope(
        specversion=SPECIFICATION,
        id=event_id,
        source=f"/linli/{service}",
        type=kind.type_in(service),
        subject=draft.aggregate_id,
        time=draft.occurred_at,
        datacontenttype="application/json",
        tenant=tenant,
        regioncode=draft.region_code,
        aggregateversion=draft.aggregate_version,
        traceparent=draft.traceparent,
        causationid=draft.causation_id,
        data=msgspec.Raw(msgspec.json.encode(draft.event)),
    )
    return {
        "event_id": event_id,
        "entity": kind.entity,
        "aggregate_id": draft.aggregate_id,
        "aggregate_version": draft.aggregate_version,
        "tenant": tenant,
        "region_code": draft.region_code,
        "type": envelope.type,
        "subject": subject_of(draft.region_code, service, kind.entity, kind.fact),
        "payload": encode(envelope),
    }
