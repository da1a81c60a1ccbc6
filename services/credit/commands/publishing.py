"""Append credit's events to the outbox, in the transaction of the change."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from chassis.events import outbox
from chassis.http.telemetry import traceparent
from services.credit.domain.events import AccountPosted
from services.credit.domain.groups import Nature
from services.credit.domain.ledger import Component
from services.credit.storage.ledger import count_events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from chassis.database import WriteSession
    from services.credit.domain.events import AccountEvent, SelectionConcluded
    from services.credit.domain.ledger import Posting
    from services.credit.storage.ledger import Draft, Said

SERVICE = "credit"


def of_account(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return what every event says of the account that it is about."""
    return {
        "account_id": row["id"],
        "nature": Nature(row["nature"]),
        "group": row["group_code"],
        "region_id": row["region_id"],
        "region_code": row["region_code"],
    }


async def publish(
    session: WriteSession, event: AccountEvent, events: int, at: datetime, causation_id: str | None = None
) -> None:
    """Write an event of an account whose row is locked; it is the account's `events`-th."""
    await outbox.append(
        session.connection,
        SERVICE,
        event,
        aggregate_id=event.account_id,
        aggregate_version=events,
        region_code=event.region_code,
        occurred_at=at,
        traceparent=traceparent(),
        causation_id=causation_id,
    )


async def publish_fact(session: WriteSession, event: SelectionConcluded, id_: UUID, at: datetime) -> None:
    """Write the only event that something ever has."""
    await outbox.append(
        session.connection,
        SERVICE,
        event,
        aggregate_id=id_,
        aggregate_version=1,
        region_code=event.region_code,
        occurred_at=at,
        traceparent=traceparent(),
    )


def posted_event(row: Mapping[Any, Any], posting_id: UUID, posting: Posting, said: Said) -> AccountPosted:
    """Return the event of a posting; `row` is the account before it."""
    moved = dict.fromkeys(Component, 0)
    for entry in posting.entries:
        moved[entry.component] += entry.amount
    return AccountPosted(
        **of_account(row),
        posting_id=posting_id,
        kind=posting.kind,
        item=said.item,
        catalogue_version=said.catalogue_version,
        points=posting.points,
        available=row["available"] + moved[Component.AVAILABLE],
        held=row["held"] + moved[Component.HELD],
        deducted=row["deducted"] + moved[Component.DEDUCTED],
        reverses=posting.reverses,
    )


async def publish_many(
    session: WriteSession,
    accounts: Mapping[UUID, dict[Any, Any]],
    drafts: Sequence[Draft],
    written: Sequence[UUID | None],
) -> None:
    """Write the events of postings that were written; `accounts` are brought up to date: sums and count of events."""
    counts: Counter[UUID] = Counter()
    events: list[outbox.Draft] = []
    for (account, posting, said), id_ in zip(drafts, written, strict=True):
        if id_ is None:
            continue
        row = accounts[account.id]
        event = posted_event(row, id_, posting, said)
        counts[account.id] += 1
        row |= {"available": event.available, "held": event.held, "deducted": event.deducted}
        row["events"] += 1
        draft = outbox.Draft(
            event=event,
            aggregate_id=account.id,
            aggregate_version=row["events"],
            region_code=row["region_code"],
            occurred_at=said.at,
        )
        events.append(draft)
    if events:
        await count_events(session, counts)
        await outbox.append_many(session.connection, SERVICE, events)
