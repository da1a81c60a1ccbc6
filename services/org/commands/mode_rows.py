"""The rows and events that the switches of modes of an import become."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chassis.events.outbox import Draft
from services.org.domain import events
from services.org.domain import records as r
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from sqlalchemy import Table

    from services.org.domain.practice_known import Known


def mode_rows(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of switches."""
    yield (
        t.community_mode,
        [
            {
                "region_id": region_id,
                "version": version,
                "region_code": record.region_code,
                "mode": record.mode.value,
                "reason": record.reason.strip(),
                "switched_at": record.switched_at,
                "mustered": record.mustered,
            }
            for region_id, version, record in _numbered(accepted, known)
        ],
    )


def mode_drafts(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[Draft]:
    """Yield the event of each switch, at its version."""
    now = datetime.now(UTC)
    for region_id, version, record in _numbered(accepted, known):
        counted = record.mustered or {}
        event = events.ModeSwitched(
            region_id=region_id,
            region_code=record.region_code,
            mode=record.mode.value,
            reason=record.reason.strip(),
            groups=tuple(events.MusterCount(group=code, people=people) for code, people in counted.items()),
        )
        yield Draft(
            event=event,
            aggregate_id=region_id,
            aggregate_version=version,
            region_code=record.region_code,
            occurred_at=now,
        )


def _numbered(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[tuple[UUID, int, r.ModeSwitchRecord]]:
    """Yield each switch with its community's id and its number among that community's switches."""
    for record in accepted[r.ModeSwitchRecord]:
        region_id = known.region(record.region_code).id
        times = [at for at, _ in known.switches[region_id]]
        yield region_id, times.index(record.switched_at) + 1, record
