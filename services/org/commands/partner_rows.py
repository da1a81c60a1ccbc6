"""The rows and events that what partner units did becomes in an import."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chassis.events.outbox import Draft
from services.org.domain import partner_events as events
from services.org.domain import records as r
from services.org.domain.partners import check_note
from services.org.storage.partner_tables import contribution, joint_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Table

    from chassis.events.event import Event
    from services.org.domain.practice_known import Known


def partner_rows(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of contributions and of problems."""
    yield (
        contribution,
        [
            {
                "id": one.id,
                **_place(one, known),
                "pairing_id": one.pairing,
                "kind": one.kind,
                "amount": one.amount,
                "made_on": one.on,
                "note": check_note(one.note, "note"),
            }
            for one in accepted[r.ContributionRecord]
        ],
    )
    yield (
        joint_problem,
        [
            {
                "id": one.id,
                **_place(one, known),
                "pairing_id": one.pairing,
                "compound_id": one.compound,
                "list_item_id": one.list_item,
                "taken_on": one.taken_on,
                "settled_on": one.settled_on,
                "result": check_note(one.result, "result") if one.settled_on else None,
                "version": 1 + (one.settled_on is not None),
            }
            for one in accepted[r.JointProblemRecord]
        ],
    )


def partner_drafts(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[Draft]:
    """Yield the events of contributions and problems, at their versions."""
    now = datetime.now(UTC)
    for one in accepted[r.ContributionRecord]:
        made = events.ContributionMade(
            contribution_id=one.id,
            pairing_id=one.pairing,
            organisation_id=known.pairings[one.pairing].organisation_id,
            kind=one.kind,
            amount=one.amount,
            on=one.on,
            compound_id=None,
            **_place(one, known),
        )
        yield _draft(made, one.id, 1, now)
    for one in accepted[r.JointProblemRecord]:
        place = _place(one, known)
        taken = events.JointProblemTaken(
            joint_problem_id=one.id,
            pairing_id=one.pairing,
            organisation_id=known.pairings[one.pairing].organisation_id,
            compound_id=one.compound,
            list_item_id=one.list_item,
            ticket_id=None,
            on=one.taken_on,
            **place,
        )
        yield _draft(taken, one.id, 1, now)
        if one.settled_on is not None:
            settled = events.JointProblemSettled(
                joint_problem_id=one.id, pairing_id=one.pairing, settled_on=one.settled_on, **place
            )
            yield _draft(settled, one.id, 2, now)


def _draft(event: Event, id_: Any, version: int, now: datetime) -> Draft:
    return Draft(
        event=event,
        aggregate_id=id_,
        aggregate_version=version,
        region_code=event.region_code,  # type: ignore[attr-defined]  # each of these has one
        occurred_at=now,
    )


def _place(record: r.ContributionRecord | r.JointProblemRecord, known: Known) -> dict[str, Any]:
    code = known.pairings[record.pairing].region_code
    return {"region_id": known.region(code).id, "region_code": code}
