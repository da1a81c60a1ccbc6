"""The rules of an import file for posts, grades and assessments of community workers, and for recruitment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chassis.problems import Refused
from services.org.domain import career_records as c
from services.org.domain.assessment import Capacity, check_assessed_year, check_capacity, check_scores
from services.org.domain.grades import WorkerPost, check_grade, check_graded, check_worker_post, check_years
from services.org.domain.muster import check_community
from services.org.domain.periods import Period, check_existence, check_period, today
from services.org.domain.problems import OrgProblem
from services.org.domain.recruitment import check_posts
from services.org.domain.word_file import check_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.org.domain.practice_known import Known


def check_post_word(known: Known, record: c.WorkerPostRecord) -> bool:
    """Take a post; one that is known is brought up to date. Raises Refused."""
    check_word(record)
    post = WorkerPost(record.code, record.lowest, record.highest, record.years, record.least)
    check_worker_post(post)
    known.careers.posts[record.code] = post
    return True


def check_credit_word(_: Known, record: c.GradeCreditRecord) -> bool:
    """Take what a degree is worth. Raises Refused."""
    check_years(record.years, "years")
    return True


def check_criterion_word(known: Known, record: c.WorkerCriterionRecord) -> bool:
    """Take a criterion; one that is known is brought up to date. Raises Refused."""
    check_word(record)
    check_capacity(record.weight)
    known.careers.criteria[record.code] = Capacity(record.code, record.weight)
    return True


def check_worker_grade(known: Known, record: c.WorkerGradeRecord) -> bool:
    """Take a worker's grade: of a known post and in its range, one at a time. Raises Refused."""
    if record.id in known.registered:
        return False
    _check_person(known, record.person)
    post = known.careers.posts.get(record.post)
    if post is None:
        raise Refused(OrgProblem.UNKNOWN_WORKER_POST, "post", post=record.post[:40])
    check_grade(post, record.grade)
    region, period = known.region(record.region_code), Period(record.valid_from, record.valid_to)
    check_community(region.code, region.level, "region_code")
    check_period(period, "valid_to")
    check_existence(region.existence, period, "region", "region_code")
    if record.stepped_on is not None and record.stepped_on > record.valid_from:
        raise Refused(OrgProblem.PERIOD_REVERSED, "stepped_on", start=record.stepped_on, until=record.valid_from)
    mine = known.careers.graded[record.person]
    check_graded(mine, period)
    mine.append(period)
    known.registered.add(record.id)
    return True


def check_worker_assessed(known: Known, record: c.WorkerAssessmentRecord) -> bool:
    """Take an assessment that is not there yet. Raises Refused."""
    key = (record.person, record.year)
    if key in known.careers.assessed:
        return False
    _check_person(known, record.person)
    known.region(record.region_code)
    check_assessed_year(record.year, today().year)
    check_scores(list(known.careers.criteria.values()), record.scores)
    known.careers.assessed.add(key)
    return True


def check_recruited(known: Known, record: c.RecruitmentRecord) -> bool:
    """Take how many posts were placed somewhere; one number for each region, year and source. Raises Refused."""
    key = (record.region_code, record.year, record.source)
    if key in known.careers.recruited:
        return False
    if ("recruitment", record.source) not in known.kinds:
        raise Refused(OrgProblem.UNKNOWN_KIND, "source", kind=record.source[:40], category="recruitment")
    known.region(record.region_code)
    check_assessed_year(record.year, today().year)
    check_posts(record.posts)
    known.careers.recruited.add(key)
    return True


def _check_person(known: Known, person: Any) -> None:
    if person not in known.people:
        raise Refused(OrgProblem.UNKNOWN_PERSON, "person")


CAREER_WORDS: dict[type, Callable[[Known, Any], bool]] = {
    c.WorkerPostRecord: check_post_word,
    c.GradeCreditRecord: check_credit_word,
    c.WorkerCriterionRecord: check_criterion_word,
}
"""How the practice's words are checked, in their order."""
CAREER_CHECKS: dict[type, Callable[[Known, Any], bool]] = {
    c.WorkerGradeRecord: check_worker_grade,
    c.WorkerAssessmentRecord: check_worker_assessed,
    c.RecruitmentRecord: check_recruited,
}
"""How the other records are checked, in their order."""
