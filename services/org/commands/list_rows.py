"""The rows and events that the four lists of an import become: each item is listed, linked, handled, settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.org.commands.imported import drafts_in_turn
from services.org.domain import list_events as events
from services.org.domain import records as r
from services.org.domain.lists import check_detail, check_title
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from sqlalchemy import Table

    from chassis.events.event import Event
    from chassis.events.outbox import Draft
    from services.org.domain.practice_known import Known


def list_rows(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of items and of their links."""
    records = accepted[r.ListItemRecord]
    yield t.list_item, [_item(record, known) for record in records]
    yield (
        t.list_link,
        [
            {"source_id": record.id, "target_id": target, "region_code": record.region_code}
            for record in records
            for target in _targets(record)
        ],
    )


def list_drafts(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[Draft]:
    """Yield the events of each item, at its versions."""
    return drafts_in_turn(accepted[r.ListItemRecord], lambda record: _events(record, known))


def _events(record: r.ListItemRecord, known: Known) -> Iterator[Event]:
    place: dict[str, Any] = {"region_id": known.region(record.region_code).id, "region_code": record.region_code}
    about: dict[str, Any] = {"item_id": record.id, **place}
    yield events.ItemListed(list=record.list.value, kind=record.kind, valid_from=record.valid_from, **about)
    for target in _targets(record):
        yield events.ItemLinked(target_id=target, **about)
    if record.ticket is not None:
        yield events.ItemHandled(ticket_id=record.ticket, **about)
    if record.settled_on is not None:
        yield events.ItemSettled(list=record.list.value, settled_on=record.settled_on, **about)


def _targets(record: r.ListItemRecord) -> list[UUID]:
    return sorted(set(record.leads_to))


def _item(record: r.ListItemRecord, known: Known) -> dict[str, Any]:
    return {
        "id": record.id,
        "region_id": known.region(record.region_code).id,
        "region_code": record.region_code,
        "valid_from": record.valid_from,
        "valid_to": None,
        "version": len(list(_events(record, known))),
        "list": record.list.value,
        "kind": record.kind,
        "title": check_title(record.title),
        "detail": check_detail(record.detail),
        "organisation_id": record.organisation,
        "ticket_id": record.ticket,
        "result": record.result,
        "settled_on": record.settled_on,
    }
