"""The rows and events that what organisations cover becomes in an import."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chassis.events.outbox import Draft
from services.org.domain.covering import check_covered
from services.org.domain.covering_events import OrganisationCompoundsSet
from services.org.domain.tie_records import CoveringRecord
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Table

    from services.org.domain.practice_known import Known


def covering_rows(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of what is covered, until the organisation's end."""
    records: list[CoveringRecord] = accepted[CoveringRecord]
    yield t.organisation_compound, [row for one in records for row in _rows(one, known)]


def covering_drafts(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[Draft]:
    """Yield the event of each organisation, as the version that follows the last one."""
    now = datetime.now(UTC)
    records: list[CoveringRecord] = accepted[CoveringRecord]
    for one in records:
        code = known.branches[one.organisation]
        event = OrganisationCompoundsSet(
            organisation_id=one.organisation,
            kind=known.organisations[one.organisation][0],
            compounds=tuple(check_covered(one.compounds)),
            region_id=known.region(code).id,
            region_code=code,
            valid_from=one.valid_from,
        )
        version = known.organisation_versions.get(one.organisation, 1) + 1
        yield Draft(
            event=event, aggregate_id=one.organisation, aggregate_version=version, region_code=code, occurred_at=now
        )


def _rows(record: CoveringRecord, known: Known) -> Iterator[dict[str, Any]]:
    kind, existence = known.organisations[record.organisation]
    for compound_id in check_covered(record.compounds):
        yield {
            "organisation_id": record.organisation,
            "compound_id": compound_id,
            "kind": kind,
            "region_code": known.branches[record.organisation],
            "valid_from": record.valid_from,
            "valid_to": existence.until,
        }
