"""The rows and events that assignments, and members of alliances, of an import become."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chassis.events.outbox import Draft
from services.org.domain import records as r
from services.org.domain.alliance_events import AllianceJoined
from services.org.domain.assignment_events import AssignmentBegun
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Table

    from services.org.domain.practice_known import Known


def assignment_rows(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of memberships and assignments."""
    yield t.alliance_member, [_membership(one, known) for one in accepted[r.AllianceMemberRecord]]
    yield t.check_in_assignment, [_row(one, known) for one in accepted[r.CheckInAssignmentRecord]]


def assignment_drafts(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[Draft]:
    """Yield the event of each membership and assignment."""
    now = datetime.now(UTC)
    for one in accepted[r.AllianceMemberRecord]:
        row = _membership(one, known)
        joined = AllianceJoined(membership_id=row.pop("id"), **row)
        yield Draft(
            event=joined, aggregate_id=one.id, aggregate_version=1, region_code=joined.region_code, occurred_at=now
        )
    for one in accepted[r.CheckInAssignmentRecord]:
        row = _row(one, known)
        begun = AssignmentBegun(assignment_id=row.pop("id"), person_id=known.check_ins[one.check_in].person, **row)
        yield Draft(
            event=begun, aggregate_id=one.id, aggregate_version=1, region_code=begun.region_code, occurred_at=now
        )


def _membership(record: r.AllianceMemberRecord, known: Known) -> dict[str, Any]:
    code = known.branches[record.alliance]
    return {
        "id": record.id,
        "alliance_id": record.alliance,
        "organisation_id": record.organisation,
        "region_id": known.region(code).id,
        "region_code": code,
        "valid_from": record.valid_from,
        "valid_to": record.valid_to,
    }


def _row(record: r.CheckInAssignmentRecord, known: Known) -> dict[str, Any]:
    code = known.check_ins[record.check_in].region_code
    return {
        "id": record.id,
        "check_in_id": record.check_in,
        "organisation_id": record.organisation,
        "post": record.post,
        "region_id": known.region(code).id,
        "region_code": code,
        "valid_from": record.valid_from,
        "valid_to": record.valid_to,
    }
