"""The rows and events that the call-ups of an import become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.org.commands.imported import drafts_in_turn
from services.org.domain import records as r
from services.org.domain import reserve_events as events
from services.org.domain.reserve import CallState
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Table

    from chassis.events.event import Event
    from chassis.events.outbox import Draft
    from services.org.domain.practice_known import Known


def call_up_rows(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of call-ups and of who was called."""
    records = accepted[r.CallUpRecord]
    names = ("id", "region_code", "purpose", "is_drill", "called_at", "ended_at")
    yield (
        t.call_up,
        [
            {
                **{name: getattr(record, name) for name in names},
                "region_id": known.region(record.region_code).id,
                "asked": len(record.people),
                "version": len(list(_events(record, known))),
            }
            for record in records
        ],
    )
    yield (
        t.called_up,
        [
            {
                "call_up_id": record.id,
                "person_id": one.person,
                "region_code": record.region_code,
                "source": one.source,
                "state": one.state.value,
                "post": one.post,
                "answered_at": one.answered_at,
                "excuse": one.excuse,
            }
            for record in records
            for one in record.people
        ],
    )


def call_up_drafts(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[Draft]:
    """Yield the events of each call-up, at its versions."""
    return drafts_in_turn(accepted[r.CallUpRecord], lambda record: _events(record, known))


def _events(record: r.CallUpRecord, known: Known) -> Iterator[Event]:
    place: dict[str, Any] = {"region_id": known.region(record.region_code).id, "region_code": record.region_code}
    about: dict[str, Any] = {"call_up_id": record.id, **place}
    yield events.CallUpBegun(people=tuple(one.person for one in record.people), is_drill=record.is_drill, **about)
    counts = dict.fromkeys(CallState, 0)
    for one in record.people:
        if one.state is not CallState.CALLED:
            counts[one.state] += 1
            arrived, excused = counts[CallState.ARRIVED], counts[CallState.EXCUSED]
            yield events.CallUpAnswered(person_id=one.person, arrived=arrived, excused=excused, **about)
    if record.ended_at is not None:
        yield events.CallUpEnded(called=len(record.people), arrived=counts[CallState.ARRIVED], **about)
