"""The rows and events that the assessments and allocations of an import become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from services.org.domain import records as r
from services.org.domain import type_events as events
from services.org.domain.allocation import Rule, amount_by
from services.org.domain.assessment import count_scores, level_of_result, result_of
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import Table

    from chassis.events.event import Event
    from services.org.domain.practice_known import Known


def type_rows(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of assessments and allocations."""
    yield t.assessment, [_assessment(record, known) for record in accepted[r.AssessmentRecord]]
    yield t.allocation, [_allocation(record, known) for record in accepted[r.AllocationRecord]]


def _assessment(record: r.AssessmentRecord, known: Known) -> dict[str, Any]:
    capacities = list(known.capacities.values())
    scores, counted = count_scores(capacities, record.scores, record.points)
    result = result_of(capacities, scores)
    return {
        "id": record.id,
        "organisation_id": record.organisation,
        "region_id": known.region(record.region_code).id,
        "region_code": record.region_code,
        "year": record.year,
        "scores": scores,
        "counted": msgspec.to_builtins(counted),
        "result": result,
        "level": level_of_result(list(known.levels.values()), result),
        "assessed_on": record.assessed_on,
    }


def _allocation(record: r.AllocationRecord, known: Known) -> dict[str, Any]:
    names = ("id", "kind", "region_code", "year", "type", "each", "per_thousand", "households", "allocated_on")
    by_rule = amount_by(Rule(record.kind, record.type, record.each, record.per_thousand), record.households)
    departs = record.amount is not None and record.amount != by_rule
    return {
        **{name: getattr(record, name) for name in names},
        "region_id": known.region(record.region_code).id,
        "amount": record.amount if departs else by_rule,
        "reason": (record.reason or "").strip() if departs else None,
    }


def _assessed(record: r.AssessmentRecord, known: Known) -> Event:
    row = _assessment(record, known)
    names = ("organisation_id", "year", "result", "level", "region_id", "region_code")
    told = {name: row[name] for name in names}
    return events.OrganisationAssessed(assessment_id=record.id, counted=tuple(sorted(row["counted"])), **told)


def _allocated(record: r.AllocationRecord, known: Known) -> Event:
    row = _allocation(record, known)
    names = ("kind", "type", "year", "amount", "region_id", "region_code")
    return events.AllocationMade(allocation_id=record.id, **{name: row[name] for name in names})


TYPE_EVENTS: dict[type, Callable[[Any, Known], Event]] = {
    r.AssessmentRecord: _assessed,
    r.AllocationRecord: _allocated,
}
"""What tells of a record."""
