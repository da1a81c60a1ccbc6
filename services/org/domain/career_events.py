"""What org publishes of the posts, grades and recruitment of community workers: who and where, never the numbers.

Grade and result say what somebody earns and how they were judged: they are in the graph, for those who may see them.
"""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    AssessedYear,
    Kind,
    PersonId,
    PlacedPosts,
    RecruitmentId,
    RegionCode,
    RegionId,
    ValidFrom,
    ValidTo,
    WorkerAssessmentId,
    WorkerGradeId,
    WorkerPostCode,
)


class WorkerGraded(Event, entity="worker_grade", fact="given"):
    """定岗定级: a community worker has a post and a grade from a day on; the one before ends that day.

    When: a worker enters, steps up or changes the post, by hand or by an import.

    For: payroll and personnel systems; which grade it is they ask the graph.
    """

    worker_grade_id: WorkerGradeId
    person_id: PersonId
    post: WorkerPostCode
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom


class WorkerGradeEnded(Event, entity="worker_grade", fact="ended"):
    """离岗: a community worker has a post and grade no longer.

    When: a worker leaves; not when another grade follows.

    For: payroll and personnel systems.
    """

    worker_grade_id: WorkerGradeId
    person_id: PersonId
    post: WorkerPostCode
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


class WorkerAssessed(Event, entity="worker_assessment", fact="made"):
    """年度考核: a community worker was assessed for a year; a later one of the same year takes its place.

    When: the assessment of a year is entered, or entered anew.

    For: personnel systems; the result is in the graph.
    """

    worker_assessment_id: WorkerAssessmentId
    person_id: PersonId
    year: AssessedYear
    region_id: RegionId
    region_code: RegionCode


class PostsPlaced(Event, entity="recruitment", fact="recorded"):
    """用编: so many posts of a recruitment were placed in a region; a later number of the same takes its place.

    When: it is recorded, by hand or by an import.

    For: whoever watches how many posts reach the grass roots.
    """

    recruitment_id: RecruitmentId
    kind: Kind
    year: AssessedYear
    posts: PlacedPosts
    region_id: RegionId
    region_code: RegionCode


CAREER_EVENTS: tuple[type[Event], ...] = (WorkerGraded, WorkerGradeEnded, WorkerAssessed, PostsPlaced)
"""The events of this module."""
