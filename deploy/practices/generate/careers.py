"""Posts and grades of the demonstration's workers, how they were assessed, and where recruitment placed posts."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from deploy.practices.generate.source import spread
from services.org.domain.career_records import (
    CareerRecord,
    GradeCreditRecord,
    RecruitmentRecord,
    WorkerAssessmentRecord,
    WorkerCriterionRecord,
    WorkerGradeRecord,
    WorkerPostRecord,
)
from services.org.domain.grades import WorkerPost, entry_grade

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from deploy.practices.generate.people import Staff
    from deploy.practices.generate.regions import RegionTree
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice


def career_words(practice: Practice) -> Iterator[CareerRecord]:
    """Yield the practice's posts, credits and criteria."""
    careers = practice.careers
    for position, post in enumerate(careers.posts, 1):
        names = (post.code, post.name.zh, post.name.en)
        yield WorkerPostRecord(*names, position, *post.grades, post.years, post.least * 100)
    for education, years in careers.credits.items():
        yield GradeCreditRecord(education, years)
    for position, one in enumerate(careers.criteria, 1):
        yield WorkerCriterionRecord(one.code, one.name.zh, one.name.en, position, one.weight)


def make_careers(practice: Practice, source: Source, tree: RegionTree, staff: Staff) -> Iterator[CareerRecord]:
    """Yield the demonstration's grades, assessments and recruited posts."""
    grades = list(_grades(practice, source, staff))
    yield from grades
    yield from _assessments(practice, source, grades)
    for wanted in practice.demonstration.careers.recruitment:
        purpose = f"{wanted.source}/{wanted.year}/{wanted.level}"
        regions = tree.at(wanted.level)
        shares = spread(wanted.posts, len(regions), source.random(f"recruitment/{purpose}"))
        for region, posts in zip(regions, shares, strict=True):
            id_ = source.id("recruitment", purpose, region.code)
            yield RecruitmentRecord(id_, region.code, wanted.year, wanted.source, posts)


def _grades(practice: Practice, source: Source, staff: Staff) -> Iterator[WorkerGradeRecord]:
    posts = {one.code: WorkerPost(one.code, *one.grades, one.years) for one in practice.careers.posts}
    education = {person.id: person.education for person in staff.people}
    taken: set[UUID] = set()
    for wanted in practice.demonstration.careers.grades:
        random, in_community = source.random(f"grades/{wanted.post}/{wanted.title}"), Counter[str]()
        for duty in staff.duties:
            if duty.title != wanted.title or duty.valid_to is not None or duty.person in taken:
                continue
            in_community[duty.region_code] += 1
            if wanted.each is not None and in_community[duty.region_code] > wanted.each:
                continue
            taken.add(duty.person)
            studied = education[duty.person]
            credited = practice.careers.credits.get(studied, 0) if studied else 0
            yield WorkerGradeRecord(
                id=source.id("worker grade", duty.person),
                person=duty.person,
                region_code=duty.region_code,
                post=wanted.post,
                grade=entry_grade(posts[wanted.post], random.randint(*wanted.years_of_service), credited),
                valid_from=max(wanted.since, duty.valid_from),
            )


def _assessments(
    practice: Practice, source: Source, grades: list[WorkerGradeRecord]
) -> Iterator[WorkerAssessmentRecord]:
    wanted = practice.demonstration.careers.assessments
    if wanted is None:
        return
    for year in wanted.years:
        day, random = date(year, wanted.month, wanted.day), source.random(f"worker assessments/{year}")
        for one in grades:
            scores = {criterion.code: random.randint(*wanted.scores) for criterion in practice.careers.criteria}
            if one.valid_from <= day:
                yield WorkerAssessmentRecord(
                    id=source.id("worker assessment", one.person, year),
                    person=one.person,
                    region_code=one.region_code,
                    year=year,
                    scores=scores,
                    assessed_on=day,
                )
