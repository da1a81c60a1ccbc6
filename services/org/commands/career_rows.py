"""The rows and events that the posts, grades and recruitment of an import become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.org.domain import career_events as events
from services.org.domain import career_records as c
from services.org.domain.assessment import result_of
from services.org.domain.grades import GradeReason
from services.org.storage import career_tables as t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import Table

    from chassis.events.event import Event
    from services.org.domain.practice_known import Known

CAREER_WORD_TABLES: Mapping[type, Table] = {
    c.WorkerPostRecord: t.worker_post,
    c.GradeCreditRecord: t.grade_credit,
    c.WorkerCriterionRecord: t.worker_criterion,
}
"""Where the practice's words go."""


def career_rows(accepted: Mapping[type, list[Any]], known: Known) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Yield the rows of each table."""
    yield t.worker_grade, [_grade(one, known) for one in accepted[c.WorkerGradeRecord]]
    yield t.worker_assessment, [_assessment(one, known) for one in accepted[c.WorkerAssessmentRecord]]
    names = ("id", "year", "source", "posts")
    yield t.recruitment, [_row(one, known, names) for one in accepted[c.RecruitmentRecord]]


def _row(record: Any, known: Known, names: tuple[str, ...], **more: Any) -> dict[str, Any]:
    return {**{name: getattr(record, name) for name in names}, **_place(record, known), **more}


def _place(record: Any, known: Known) -> dict[str, Any]:
    return {"region_id": known.region(record.region_code).id, "region_code": record.region_code}


def _grade(record: c.WorkerGradeRecord, known: Known) -> dict[str, Any]:
    names = ("id", "post", "grade", "valid_from", "valid_to")
    more = {"person_id": record.person, "stepped_on": record.stepped_on or record.valid_from}
    return _row(record, known, names, reason=GradeReason.ENTERED.value, **more)


def _assessment(record: c.WorkerAssessmentRecord, known: Known) -> dict[str, Any]:
    result = result_of(list(known.careers.criteria.values()), record.scores)
    return _row(record, known, ("id", "year", "scores", "assessed_on"), person_id=record.person, result=result)


def _graded(record: c.WorkerGradeRecord, known: Known) -> Event:
    return events.WorkerGraded(
        worker_grade_id=record.id,
        person_id=record.person,
        post=record.post,
        valid_from=record.valid_from,
        **_place(record, known),
    )


def _assessed(record: c.WorkerAssessmentRecord, known: Known) -> Event:
    return events.WorkerAssessed(
        worker_assessment_id=record.id, person_id=record.person, year=record.year, **_place(record, known)
    )


def _placed(record: c.RecruitmentRecord, known: Known) -> Event:
    return events.PostsPlaced(
        recruitment_id=record.id,
        kind=record.source,
        year=record.year,
        posts=record.posts,
        **_place(record, known),
    )


CAREER_EVENTS: dict[type, Callable[[Any, Known], Event]] = {
    c.WorkerGradeRecord: _graded,
    c.WorkerAssessmentRecord: _assessed,
    c.RecruitmentRecord: _placed,
}
"""What tells of a record."""
