"""The rows and events that the filings of an import become."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chassis.events.outbox import Draft
from services.org.domain import filing_events as events
from services.org.domain.filing_file import reviewed_of, state_of
from services.org.domain.tie_records import DutyFilingRecord
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Table

    from chassis.events.event import Event
    from services.org.domain.practice_known import Known


def filing_rows(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of filings; who submitted them is not imported."""
    yield t.duty_filing, [_row(one, known) for one in accepted[DutyFilingRecord]]


def filing_drafts(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[Draft]:
    """Yield the events of each filing, at its versions."""
    now = datetime.now(UTC)
    for record in accepted[DutyFilingRecord]:
        for version, event in enumerate(_events(record, known), 1):
            yield Draft(
                event=event,
                aggregate_id=record.id,
                aggregate_version=version,
                region_code=record.region_code,
                occurred_at=now,
            )


def _row(record: DutyFilingRecord, known: Known) -> dict[str, Any]:
    reviewed = reviewed_of(known, record)
    return {
        "id": record.id,
        **_place(record, known),
        "title": record.title,
        "organisation_id": record.organisation,
        "person_id": record.person,
        "grounds": record.grounds.strip(),
        "state": state_of(known, record).value,
        "submitted_on": record.submitted_on,
        "reviewed_on": record.reviewed_on,
        "reason": None if reviewed is None else reviewed.reason,
        "expires_on": None if reviewed is None else reviewed.expires_on,
        "duty_id": record.duty,
        "version": len(list(_events(record, known))),
    }


def _events(record: DutyFilingRecord, known: Known) -> Iterator[Event]:
    about: dict[str, Any] = {"filing_id": record.id, **_place(record, known)}
    yield events.DutyFilingSubmitted(
        person_id=record.person, title=record.title, organisation_id=record.organisation, **about
    )
    reviewed = reviewed_of(known, record)
    if reviewed is not None:
        yield events.DutyFilingReviewed(verdict=record.verdict, expires_on=reviewed.expires_on, **about)
    if record.duty is not None:
        yield events.DutyFilingEnded(end="ASSIGNED", duty_id=record.duty, **about)


def _place(record: DutyFilingRecord, known: Known) -> dict[str, Any]:
    return {"region_id": known.region(record.region_code).id, "region_code": record.region_code}
