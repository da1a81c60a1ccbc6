"""What import rows share: the events of a record whose thing has gone through several steps."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chassis.events.outbox import Draft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from chassis.events.event import Event


def drafts_in_turn(records: Iterable[Any], events_of: Callable[[Any], Iterable[Event]]) -> Iterator[Draft]:
    """Yield the events of each record, the first at its thing's version 1, the next at 2, and so on."""
    now = datetime.now(UTC)
    for record in records:
        for version, event in enumerate(events_of(record), 1):
            yield Draft(
                event=event,
                aggregate_id=record.id,
                aggregate_version=version,
                region_code=record.region_code,
                occurred_at=now,
            )
