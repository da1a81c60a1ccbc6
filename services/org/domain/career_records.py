"""The records of an import file for the posts, grades and recruitment of community workers."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import Any
from uuid import UUID  # noqa: TC003

from services.org.domain.people import Education  # noqa: TC001
from services.org.domain.record_base import RecordBase


class WorkerPostRecord(RecordBase, frozen=True, tag="worker_post"):
    """A post: its grades, years for a step, and the least result of a year, in hundredths."""

    code: str
    name_zh: str
    name_en: str
    position: int
    lowest: int
    highest: int
    years: int = 3
    least: int = 6000


class GradeCreditRecord(RecordBase, frozen=True, tag="grade_credit"):
    """How many years a degree is worth to who enters."""

    education: Education
    years: int

    @property
    def key(self) -> Any:
        """See the base."""
        return self.education


class WorkerCriterionRecord(RecordBase, frozen=True, tag="worker_criterion"):
    """By what workers are assessed each year."""

    code: str
    name_zh: str
    name_en: str
    position: int
    weight: int = 1


class WorkerGradeRecord(RecordBase, frozen=True, tag="worker_grade"):
    """A worker's post and grade in a community; the next step's clock runs from `stepped_on`, else `valid_from`."""

    id: UUID
    person: UUID
    region_code: str
    post: str
    grade: int
    valid_from: date
    valid_to: date | None = None
    stepped_on: date | None = None


class WorkerAssessmentRecord(RecordBase, frozen=True, tag="worker_assessment"):
    """How a worker was assessed for a year: the score by each criterion."""

    id: UUID
    person: UUID
    region_code: str
    year: int
    scores: dict[str, int]
    assessed_on: date


class RecruitmentRecord(RecordBase, frozen=True, tag="recruitment"):
    """How many posts of a recruitment of a year were placed in a region."""

    id: UUID
    region_code: str
    year: int
    source: str
    posts: int


CareerRecord = (
    WorkerPostRecord
    | GradeCreditRecord
    | WorkerCriterionRecord
    | WorkerGradeRecord
    | WorkerAssessmentRecord
    | RecruitmentRecord
)
"""The records of this module."""
