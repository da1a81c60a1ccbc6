"""All that is kept of a person, for them: what they held and took part in, and who looked at their data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Select, cast, func, literal, null, select, union_all

from chassis.records import audit
from services.org.domain.activities import Part
from services.org.domain.people import OwnPart
from services.org.storage import career_tables, place_tables, training_tables
from services.org.storage import tables as t

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import ColumnElement

REVEALED, EXPORTED = "person_revealed", "person_exported"
"""What the audit record calls a look at somebody's data, and handing it out to them."""
_ZONE = "Asia/Shanghai"


def parts_of(person_id: UUID) -> Select[Any]:
    """Select everything that names a person: what it is, of which kind, where, from which day to which."""
    g, a = t.call_up, training_tables.training_attendance
    w, s = career_tables.worker_assessment, training_tables.training_session
    p, held = place_tables.activity_part, place_tables.activity
    r, n, f = t.recommendation, t.nominee, t.duty_filing
    found = [
        _dated(OwnPart.DUTY, t.duty, t.duty.c.title, person_id),
        select(*_part(OwnPart.TEAM, t.team.c.id, t.team.c.name, t.team_member))
        .join(t.team, t.team.c.id == t.team_member.c.team_id)
        .where(t.team_member.c.person_id == person_id),
        _dated(OwnPart.MUSTER, t.muster, t.muster.c.group_code, person_id),
        _dated(OwnPart.CHECK_IN, t.check_in, t.check_in.c.group, person_id),
        _dated(OwnPart.CONTACT, t.contact, t.contact.c.kind, person_id),
        _dated(OwnPart.RESERVE, t.reservist, t.reservist.c.source, person_id),
        _dated(OwnPart.DISTINCTION, t.distinction, t.distinction.c.kind, person_id),
        _dated(OwnPart.WORKER_GRADE, career_tables.worker_grade, career_tables.worker_grade.c.post, person_id),
        _dated(OwnPart.TALENT, training_tables.talent, training_tables.talent.c.stage, person_id),
        _dated(OwnPart.QUALIFICATION, training_tables.qualification, training_tables.qualification.c.kind, person_id),
        _dated(OwnPart.EXPERT, place_tables.expert, place_tables.expert.c.field, person_id),
        select(*_on(OwnPart.WORKER_ASSESSMENT, w.c.id, cast(w.c.year, t.duty.c.title.type), w, w.c.assessed_on)).where(
            w.c.person_id == person_id
        ),
        select(*_on(OwnPart.TRAINING, s.c.id, s.c.subject, a, a.c.held_on))
        .join(s, s.c.id == a.c.session_id)
        .where(a.c.person_id == person_id),
        select(*_on(OwnPart.ACTIVITY, held.c.id, held.c.title, held, held.c.on_day))
        .join(p, p.c.activity_id == held.c.id)
        .where(p.c.thing_id == person_id, p.c.part == Part.PERSON.value),
        select(*_on(OwnPart.NOMINATION, r.c.id, r.c.title, r, r.c.opened_on))
        .join(n, n.c.recommendation_id == r.c.id)
        .where(n.c.person_id == person_id),
        select(*_on(OwnPart.FILING, f.c.id, f.c.title, f, f.c.submitted_on)).where(f.c.person_id == person_id),
        select(*_on(OwnPart.CALL_UP, g.c.id, g.c.purpose, g, cast(func.timezone(_ZONE, g.c.called_at), Date)))
        .join(t.called_up, t.called_up.c.call_up_id == g.c.id)
        .where(t.called_up.c.person_id == person_id),
    ]
    return select(union_all(*found).subquery("own"))


def looks_at(person_id: UUID) -> Select[Any]:
    """Select who looked at a person's data whole, or handed it out."""
    a = audit.c
    return select(a.at, a.id, a.actor, a.kind, a.fields).where(
        a.kind.in_((REVEALED, EXPORTED)), a.object_id == str(person_id)
    )


def _dated(part: OwnPart, table: Any, detail: ColumnElement[Any], person_id: UUID) -> Select[Any]:
    return select(*_part(part, table.c.id, detail, table)).where(table.c.person_id == person_id)


def _part(part: OwnPart, id_: Any, detail: Any, table: Any) -> list[ColumnElement[Any]]:
    return [*_named(part, id_, detail, table), table.c.valid_from.label("begins"), table.c.valid_to.label("ends")]


def _on(part: OwnPart, id_: Any, detail: Any, table: Any, day: Any) -> list[ColumnElement[Any]]:
    return [*_named(part, id_, detail, table), day.label("begins"), cast(null(), Date).label("ends")]


def _named(part: OwnPart, id_: Any, detail: Any, table: Any) -> list[ColumnElement[Any]]:
    return [
        literal(part.value).label("part"),
        id_.label("id"),
        func.coalesce(detail, "").label("detail"),
        table.c.region_code.label("region_code"),
    ]
