"""The rows and events that the registers of an import become."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chassis.events.outbox import Draft
from services.org.domain import records as r
from services.org.domain import register_events as events
from services.org.domain.registers import check_remark
from services.org.domain.reserve_events import ReservistEnrolled
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import Table

    from chassis.events.event import Event
    from services.org.domain.practice_known import Known


def register_rows(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of the registers."""
    yield (
        t.community_profile,
        [_row(one, known, type=one.type) for one in accepted[r.CommunityProfileRecord]],
    )
    yield (
        t.census,
        [_row(one, known, households=one.households, residents=one.residents) for one in accepted[r.CensusRecord]],
    )
    yield (
        t.distinction,
        [
            _row(one, known, kind=one.kind, person_id=one.person, reason=check_remark(one.reason, "reason"))
            for one in accepted[r.DistinctionRecord]
        ],
    )
    yield (
        t.pairing,
        [
            _row(
                one,
                known,
                kind=one.kind,
                organisation_id=one.organisation,
                project=check_remark(one.project, "project"),
                compound_ids=sorted(set(one.compounds)),
                version=1 + bool(one.compounds),
            )
            for one in accepted[r.PairingRecord]
        ],
    )
    yield (
        t.reservist,
        [_row(one, known, person_id=one.person, source=one.source) for one in accepted[r.ReservistRecord]],
    )
    yield (
        t.check_in,
        [
            _row(one, known, person_id=one.person, unit_id=one.unit, group=one.group)
            for one in accepted[r.CheckInRecord]
        ],
    )


def hooked_drafts(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[Draft]:
    """Yield what tells which compounds pairings look after."""
    now = datetime.now(UTC)
    for record in accepted[r.PairingRecord]:
        if record.compounds:
            yield Draft(
                event=events.PairingHooked(
                    pairing_id=record.id,
                    organisation_id=record.organisation,
                    compounds=tuple(sorted(set(record.compounds))),
                    **_place(record, known),
                ),
                aggregate_id=record.id,
                aggregate_version=2,
                region_code=record.region_code,
                occurred_at=now,
            )


def _row(record: Any, known: Known, **more: Any) -> dict[str, Any]:
    return {
        "id": record.id,
        **_place(record, known),
        "valid_from": record.valid_from,
        "valid_to": getattr(record, "valid_to", None),
        **more,
    }


def _place(record: Any, known: Known) -> dict[str, Any]:
    return {"region_id": known.region(record.region_code).id, "region_code": record.region_code}


def _classified(record: r.CommunityProfileRecord, known: Known) -> Event:
    return events.CommunityClassified(
        profile_id=record.id, type=record.type, **_place(record, known), valid_from=record.valid_from
    )


def _counted(record: r.CensusRecord, known: Known) -> Event:
    return events.CensusRecorded(
        census_id=record.id,
        households=record.households,
        residents=record.residents,
        **_place(record, known),
        valid_from=record.valid_from,
    )


def _awarded(record: r.DistinctionRecord, known: Known) -> Event:
    return events.DistinctionAwarded(
        distinction_id=record.id,
        kind=record.kind,
        person_id=record.person,
        **_place(record, known),
        valid_from=record.valid_from,
        valid_to=record.valid_to,
    )


def _paired(record: r.PairingRecord, known: Known) -> Event:
    return events.PairingBegun(
        pairing_id=record.id,
        kind=record.kind,
        organisation_id=record.organisation,
        project=check_remark(record.project, "project"),
        **_place(record, known),
        valid_from=record.valid_from,
        valid_to=record.valid_to,
    )


def _checked_in(record: r.CheckInRecord, known: Known) -> Event:
    return events.CheckInBegun(
        check_in_id=record.id,
        person_id=record.person,
        unit_id=record.unit,
        group=record.group,
        **_place(record, known),
        valid_from=record.valid_from,
        valid_to=record.valid_to,
    )


def _enrolled(record: r.ReservistRecord, known: Known) -> Event:
    return ReservistEnrolled(
        reservist_id=record.id,
        person_id=record.person,
        kind=record.source,
        **_place(record, known),
        valid_from=record.valid_from,
    )


REGISTER_EVENTS: dict[type, Callable[[Any, Known], Event]] = {
    r.CommunityProfileRecord: _classified,
    r.CensusRecord: _counted,
    r.DistinctionRecord: _awarded,
    r.PairingRecord: _paired,
    r.CheckInRecord: _checked_in,
    r.ReservistRecord: _enrolled,
}
"""What tells of a record of a register."""
