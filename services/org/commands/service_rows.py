"""The rows and events that items of service and authorised matters of an import become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.org.commands.imported import drafts_in_turn
from services.org.commands.services import columns_of, ways_of
from services.org.domain import service_events as events
from services.org.domain.activities import check_optional, check_text
from services.org.domain.service_records import AuthorisedMatterRecord, ServiceItemRecord
from services.org.domain.services import Handling, check_handling
from services.org.storage.place_tables import authorised_matter, matter_review, service_item

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Table

    from chassis.events.event import Event
    from chassis.events.outbox import Draft
    from services.org.domain.practice_known import Known


def service_rows(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of items, matters and reviews."""
    yield service_item, [_item(record, known) for record in accepted[ServiceItemRecord]]
    matters: list[AuthorisedMatterRecord] = accepted[AuthorisedMatterRecord]
    yield authorised_matter, [_matter(record, known) for record in matters]
    yield (
        matter_review,
        [
            {
                "matter_id": record.id,
                "seq": seq,
                "region_code": record.region_code,
                "on_day": review.on,
                "verdict": review.verdict.value,
                "remark": check_optional(review.remark, "remark"),
            }
            for record in matters
            for seq, review in enumerate(record.reviews, 1)
        ],
    )


def item_told(record: ServiceItemRecord, known: Known) -> Event:
    """Return what tells of an item."""
    return events.ServiceItemOffered(
        item_id=record.id,
        department_id=record.department,
        **ways_of(columns_of(_handling(record, known))),
        **_place(record, known),
        valid_from=record.valid_from,
    )


def matter_drafts(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[Draft]:
    """Yield what tells of each matter, at its versions."""
    return drafts_in_turn(accepted[AuthorisedMatterRecord], lambda record: _told(record, known))


def _told(record: AuthorisedMatterRecord, known: Known) -> Iterator[Event]:
    about: dict[str, Any] = {"matter_id": record.id, **_place(record, known)}
    yield events.MatterHandedDown(department_id=record.department, valid_from=record.valid_from, **about)
    if record.trained_on is not None:
        yield events.MatterTrained(trained_on=record.trained_on, people=record.trained_people, **about)
    for review in record.reviews:
        yield events.MatterReviewed(reviewed_on=review.on, verdict=review.verdict.value, **about)
    if record.valid_to is not None:
        yield events.MatterTakenBack(valid_to=record.valid_to, **about)


def _place(record: Any, known: Known) -> dict[str, Any]:
    return {"region_id": known.region(record.region_code).id, "region_code": record.region_code}


def _handling(record: ServiceItemRecord, known: Known) -> Handling:
    kinds = {code for category, code in known.kinds if category == "station"}
    return check_handling(Handling(record.ways, record.station_kinds, record.function), kinds)


def _item(record: ServiceItemRecord, known: Known) -> dict[str, Any]:
    return {
        "id": record.id,
        **_place(record, known),
        "valid_from": record.valid_from,
        "valid_to": record.valid_to,
        "title": check_text(record.title, "title"),
        "department_id": record.department,
        "guide": check_optional(record.guide, "guide"),
        **columns_of(_handling(record, known)),
    }


def _matter(record: AuthorisedMatterRecord, known: Known) -> dict[str, Any]:
    return {
        "id": record.id,
        **_place(record, known),
        "valid_from": record.valid_from,
        "valid_to": record.valid_to,
        "version": sum(1 for _ in _told(record, known)),
        "title": check_text(record.title, "title"),
        "department_id": record.department,
        "trained_on": record.trained_on,
        "trained_people": record.trained_people,
        "reason": check_optional(record.reason, "reason"),
    }
