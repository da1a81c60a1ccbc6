"""The rows and events that the contacts and visits of an import become."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chassis.events.outbox import Draft
from services.org.domain import contact_events as events
from services.org.domain import records as r
from services.org.domain.contacts import check_finding, check_household, visited_household
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Table

    from chassis.events.event import Event
    from services.org.domain.practice_known import Known


def contact_rows(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of contacts and of visits."""
    names = ("id", "kind", "valid_from", "valid_to")
    yield (
        t.contact,
        [
            {
                **{name: getattr(one, name) for name in names},
                **_place(one.region_code, known),
                "person_id": one.person,
                "household": check_household(one.household),
                "pairing_id": one.pairing,
            }
            for one in accepted[r.ContactRecord]
        ],
    )
    yield t.visit, [_visit(one, known) for one in accepted[r.VisitRecord]]


def contact_drafts(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[Draft]:
    """Yield the event of each contact and visit."""
    now = datetime.now(UTC)
    for one in accepted[r.ContactRecord]:
        begun = events.ContactBegun(
            contact_id=one.id,
            kind=one.kind,
            person_id=one.person,
            pairing_id=one.pairing,
            **_place(one.region_code, known),
            valid_from=one.valid_from,
            valid_to=one.valid_to,
        )
        yield _draft(begun, one.id, one.region_code, now)
    for one in accepted[r.VisitRecord]:
        contact = known.contacts[one.contact]
        logged = events.VisitLogged(
            visit_id=one.id,
            contact_id=one.contact,
            person_id=contact.person_id,
            on=one.on,
            has_finding=check_finding(one.finding) is not None,
            **_place(contact.region_code, known),
        )
        yield _draft(logged, one.id, contact.region_code, now)
        if one.ticket is not None:
            handled = events.VisitHandled(visit_id=one.id, ticket_id=one.ticket, **_place(contact.region_code, known))
            yield _draft(handled, one.id, contact.region_code, now, version=2)


def _draft(event: Event, id_: Any, region_code: str, now: datetime, *, version: int = 1) -> Draft:
    return Draft(event=event, aggregate_id=id_, aggregate_version=version, region_code=region_code, occurred_at=now)


def _visit(record: r.VisitRecord, known: Known) -> dict[str, Any]:
    contact = known.contacts[record.contact]
    return {
        "id": record.id,
        **_place(contact.region_code, known),
        "contact_id": record.contact,
        "visited_on": record.on,
        "household": visited_household(contact.household, record.household),
        "finding": check_finding(record.finding),
        "ticket_id": record.ticket,
        "version": 1 if record.ticket is None else 2,
    }


def _place(code: str, known: Known) -> dict[str, Any]:
    return {"region_id": known.region(code).id, "region_code": code}
