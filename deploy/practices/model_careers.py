"""Parts of a practice file about community workers: their posts and grades, guides, training, the pool."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import Annotated

import msgspec

from deploy.practices.model_base import Code, Entry, LevelName, Names, Positive, Range, Text
from services.org.domain.people import Education  # noqa: TC001

Score = Annotated[int, msgspec.Meta(ge=0, le=100)]
Years = Annotated[int, msgspec.Meta(ge=0, le=60)]
Year = Annotated[int, msgspec.Meta(ge=2000, le=2100)]


class WorkerPost(Entry, frozen=True):
    """A post with its grades; a step takes `years`, each with a result of `least` of 100."""

    code: Code
    name: Names
    grades: Range
    years: Annotated[int, msgspec.Meta(ge=1, le=20)] = 3
    least: Score = 60


class WorkerCriterion(Entry, frozen=True):
    """By what workers are assessed each year, and what it weighs beside the others."""

    code: Code
    name: Names
    weight: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1


class DutyGuide(Entry, frozen=True):
    """What holders of a duty `title`, or teams of a kind, are there for; a changed guide has a higher `version`."""

    name: Names
    since: date
    items: Annotated[list[Text], msgspec.Meta(min_length=1, max_length=50)]
    version: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    title: Code | None = None
    team: Code | None = None


class Careers(Entry, frozen=True):
    """Posts and grades (三岗十八级), years credited for degrees, criteria of the yearly assessment, duty guides."""

    posts: list[WorkerPost] = msgspec.field(default_factory=list)
    credits: dict[Education, Years] = msgspec.field(default_factory=dict)
    criteria: list[WorkerCriterion] = msgspec.field(default_factory=list)
    guides: list[DutyGuide] = msgspec.field(default_factory=list)


class DemonstrationGrades(Entry, frozen=True):
    """Who holds `title` has the `post`, with years of service in a range; the first `each` of a community, or all."""

    post: Code
    title: Code
    since: date
    years_of_service: Range
    each: Positive | None = None


class DemonstrationWorkerAssessments(Entry, frozen=True):
    """All who have a grade were assessed in each of `years`, on the same day of it, with scores in a range."""

    years: list[Year]
    month: Annotated[int, msgspec.Meta(ge=1, le=12)]
    day: Annotated[int, msgspec.Meta(ge=1, le=28)]
    scores: Range


class DemonstrationRecruitment(Entry, frozen=True):
    """`posts` of a recruitment of a year, spread over the regions of `level`."""

    source: Code
    year: Year
    level: LevelName
    posts: Positive


class DemonstrationTraining(Entry, frozen=True):
    """A programme in every region of `level`, in `sessions`; of those who hold its titles, `percent` attend one."""

    level: LevelName
    name: Text
    titles: Annotated[list[Code], msgspec.Meta(min_length=1)]
    begins: date
    ends: date
    subject: Text
    sessions: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    lessons: Annotated[int, msgspec.Meta(ge=1, le=200)] = 8
    percent: Score = 100


class DemonstrationTalents(Entry, frozen=True):
    """In the talent pool: the first `count` communities' holder of `title`, guided by the holder of `mentor` there."""

    stage: Code
    title: Code
    count: Positive
    since: date
    mentor: Code | None = None
    planned_to: date | None = None


class DemonstrationQualified(Entry, frozen=True):
    """Holders of `title` are qualified for some posts, `percent` of them for all."""

    title: Code
    since: date
    percent: Score


class DemonstrationCareers(Entry, frozen=True):
    """The demonstration's workers: grades, assessments, recruitment, training, the pool, what they can do."""

    grades: list[DemonstrationGrades] = msgspec.field(default_factory=list)
    assessments: DemonstrationWorkerAssessments | None = None
    recruitment: list[DemonstrationRecruitment] = msgspec.field(default_factory=list)
    training: list[DemonstrationTraining] = msgspec.field(default_factory=list)
    talents: list[DemonstrationTalents] = msgspec.field(default_factory=list)
    qualified: list[DemonstrationQualified] = msgspec.field(default_factory=list)
