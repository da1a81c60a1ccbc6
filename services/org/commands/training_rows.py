"""The rows and events that the training, talents and qualifications of an import become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.org.domain import training_events as events
from services.org.domain import training_records as r
from services.org.domain.registers import check_remark
from services.org.domain.talents import TalentOutcome
from services.org.domain.training import check_text
from services.org.storage import training_tables as t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import Table

    from chassis.events.event import Event
    from services.org.domain.practice_known import Known


def training_rows(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of each table."""
    yield t.training, [_training(one, known) for one in accepted[r.TrainingRecord]]
    sessions = accepted[r.TrainingSessionRecord]
    yield t.training_session, [_session(one, known) for one in sessions]
    yield (
        t.training_attendance,
        [
            {
                "session_id": one.id,
                "person_id": who.person,
                "title": who.title,
                "held_on": one.on,
                **_place(who.region_code, known),
            }
            for one in sessions
            for who in one.attendees
        ],
    )
    yield t.talent, [_talent(one, known) for one in accepted[r.TalentRecord]]
    names = ("id", "kind", "valid_from", "valid_to")
    qualified = accepted[r.QualificationRecord]
    yield t.qualification, [_row(one, known, names, person_id=one.person) for one in qualified]


def _place(code: str, known: Known) -> dict[str, Any]:
    return {"region_id": known.region(code).id, "region_code": code}


def _row(record: Any, known: Known, names: tuple[str, ...], **more: Any) -> dict[str, Any]:
    return {**{name: getattr(record, name) for name in names}, **_place(record.region_code, known), **more}


def _training(record: r.TrainingRecord, known: Known) -> dict[str, Any]:
    more = {"name": check_text(record.name, "name"), "titles": sorted(set(record.titles))}
    return _row(record, known, ("id", "valid_from", "valid_to"), **more)


def _session(record: r.TrainingSessionRecord, known: Known) -> dict[str, Any]:
    more = {"training_id": record.training, "held_on": record.on, "subject": check_text(record.subject, "subject")}
    return _row(record, known, ("id", "lessons"), **more)


def _talent(record: r.TalentRecord, known: Known) -> dict[str, Any]:
    names = ("id", "stage", "valid_from", "valid_to", "planned_to")
    outcome = None if record.valid_to is None else TalentOutcome.LEFT.value
    reason = check_remark(record.reason, "reason")
    return _row(record, known, names, person_id=record.person, mentor_id=record.mentor, outcome=outcome, reason=reason)


def _planned(record: r.TrainingRecord, known: Known) -> Event:
    row = _training(record, known)
    names = ("name", "region_id", "region_code", "valid_from", "valid_to")
    return events.TrainingPlanned(
        training_id=record.id, titles=tuple(row["titles"]), **{name: row[name] for name in names}
    )


def _held(record: r.TrainingSessionRecord, known: Known) -> Event:
    return events.TrainingHeld(
        training_session_id=record.id,
        training_id=record.training,
        held_on=record.on,
        attendees=len({one.person for one in record.attendees}),
        **_place(record.region_code, known),
    )


def _pooled(record: r.TalentRecord, known: Known) -> Event:
    return events.TalentPooled(
        talent_id=record.id,
        person_id=record.person,
        kind=record.stage,
        valid_from=record.valid_from,
        **_place(record.region_code, known),
    )


def _qualified(record: r.QualificationRecord, known: Known) -> Event:
    return events.Qualified(
        qualification_id=record.id,
        person_id=record.person,
        kind=record.kind,
        valid_from=record.valid_from,
        **_place(record.region_code, known),
    )


TRAINING_EVENTS: dict[type, Callable[[Any, Known], Event]] = {
    r.TrainingRecord: _planned,
    r.TrainingSessionRecord: _held,
    r.TalentRecord: _pooled,
    r.QualificationRecord: _qualified,
}
"""What tells of a record."""
TRAINING_WORD_TABLES: Mapping[type, Table] = {r.DutyGuideRecord: t.duty_guide}
"""Where the practice's words go."""
