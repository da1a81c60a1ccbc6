"""The rows and events that experts and shared methods of an import become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.org.domain import model_events as events
from services.org.domain.activities import check_optional, check_text
from services.org.domain.model_records import AdoptionRecord, ExpertRecord, GuidanceRecord, SharedMethodRecord
from services.org.storage.place_tables import adoption, expert, guidance, shared_method

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import Table

    from chassis.events.event import Event
    from services.org.domain.practice_known import Known


def model_rows(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of experts, guidance, methods and adoptions."""
    yield expert, [_row(one, known, person_id=one.person, field=one.field) for one in accepted[ExpertRecord]]
    yield guidance, [_row(one, known, expert_id=one.expert) for one in accepted[GuidanceRecord]]
    yield (
        shared_method,
        [
            _row(
                one,
                known,
                title=check_text(one.title, "title"),
                content=check_optional(one.content, "content"),
                type=one.type,
                model_id=known.region(one.model).id,
            )
            for one in accepted[SharedMethodRecord]
        ],
    )
    yield adoption, [_row(one, known, method_id=one.method) for one in accepted[AdoptionRecord]]


def _row(record: Any, known: Known, **more: Any) -> dict[str, Any]:
    return {"id": record.id, **_since(record, known), **more}


def _since(record: Any, known: Known) -> dict[str, Any]:
    place = {"region_id": known.region(record.region_code).id, "region_code": record.region_code}
    return {**place, "valid_from": record.valid_from, "valid_to": record.valid_to}


def _enrolled(record: ExpertRecord, known: Known) -> Event:
    about: dict[str, Any] = {"expert_id": record.id, "person_id": record.person, "kind": record.field}
    return events.ExpertEnrolled(**about, **_since(record, known))


def _begun(record: GuidanceRecord, known: Known) -> Event:
    return events.GuidanceBegun(guidance_id=record.id, expert_id=record.expert, **_since(record, known))


def _shared(record: SharedMethodRecord, known: Known) -> Event:
    about: dict[str, Any] = {"method_id": record.id, "model_id": known.region(record.model).id, "type": record.type}
    return events.MethodShared(**about, **_since(record, known))


def _adopted(record: AdoptionRecord, known: Known) -> Event:
    return events.AdoptionBegun(adoption_id=record.id, method_id=record.method, **_since(record, known))


MODEL_EVENTS: dict[type, Callable[[Any, Known], Event]] = {
    ExpertRecord: _enrolled,
    GuidanceRecord: _begun,
    SharedMethodRecord: _shared,
    AdoptionRecord: _adopted,
}
"""What tells of a record of experts and methods."""
