"""三岗十八级: the posts of community workers, their grades, and when somebody steps up.

Each post of the practice has a range of grades (正职 7 to 18, 副职 4 to 15, others 1 to 12), and says how many years a
step takes and from which result on a yearly assessment counts. Who enters begins at the lowest grade, with a step for
each such span of years served or credited for a degree. Grades are never chosen: they follow from this rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.assessment import HIGHEST
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from services.org.domain.periods import Period

HIGHEST_GRADE = 99
MOST_YEARS_A_STEP = 20
MOST_YEARS = 60
"""How many years of service, or of credit, anybody has at the most."""


class GradeReason(StrEnum):
    """Why somebody has a grade from a day on."""

    ENTERED = "ENTERED"
    STEPPED_UP = "STEPPED_UP"
    CHANGED_POST = "CHANGED_POST"


@dataclass(frozen=True, slots=True)
class WorkerPost:
    """A post: its grades from the lowest to the highest, years for a step, and the least result in hundredths."""

    code: str
    lowest: int
    highest: int
    years: int = 3
    least: int = 6000

    def __contains__(self, grade: int) -> bool:
        return self.lowest <= grade <= self.highest


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody is towards the next step: the first day, and yearly assessments that count so far."""

    earliest: date
    passed: int
    needed: int

    def is_due(self, on: date) -> bool:
        """Tell whether the step may be taken on a day."""
        return on >= self.earliest and self.passed >= self.needed


def check_worker_post(post: WorkerPost) -> None:
    """Refuse a post without grades, or whose steps take no time. Raises Refused."""
    for name, value, least, most in (
        ("lowest", post.lowest, 1, HIGHEST_GRADE),
        ("highest", post.highest, post.lowest, HIGHEST_GRADE),
        ("years", post.years, 1, MOST_YEARS_A_STEP),
        ("least", post.least, 0, HIGHEST),
    ):
        if not least <= value <= most:
            raise Refused(OrgProblem.INVALID_COUNT, name, most=most)


def check_years(years: int, field: str) -> int:
    """Return years of service or credit. Raises Refused."""
    if not 0 <= years <= MOST_YEARS:
        raise Refused(OrgProblem.INVALID_COUNT, field, most=MOST_YEARS)
    return years


def check_grade(post: WorkerPost, grade: int) -> None:
    """Refuse a grade outside of those of the post. Raises Refused."""
    if grade not in post:
        raise Refused(OrgProblem.GRADE_OUT_OF_RANGE, "grade", grade=grade, lowest=post.lowest, highest=post.highest)


def check_graded(earlier: Iterable[Period], wanted: Period) -> None:
    """Refuse a grade for who has another in that time. Raises Refused."""
    if any(period.meets(wanted) for period in earlier):
        raise Refused(OrgProblem.ALREADY_GRADED, "person")


def entry_grade(post: WorkerPost, served: int, credited: int) -> int:
    """Return the grade at which somebody enters a post, with years served and years credited for a degree."""
    return min(post.highest, post.lowest + (served + credited) // post.years)


def grade_in(post: WorkerPost, grade: int) -> int:
    """Return the grade with which somebody of another post goes on in this one: their own, as far as it has it."""
    return max(post.lowest, min(post.highest, grade))


def anniversary(day: date, years: int) -> date:
    """Return the same day so many years later; 28 February for a 29th that is not there (民法典 article 202)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def progress(post: WorkerPost, since: date, results: Iterable[tuple[date, int]], on: date) -> Progress:
    """Return how far somebody is, whose clock runs `since` a day; `results` are assessments with their days.

    An assessment counts that was made after the clock began and by `on`, and reaches the least result: none counts for
    two steps.
    """
    passed = sum(since < day <= on and result >= post.least for day, result in results)
    return Progress(anniversary(since, post.years), passed, post.years)


def stepped_up(post: WorkerPost, grade: int, reached: Progress, on: date) -> int:
    """Return the grade one step up. Raises Refused at the highest grade, and when the step is not due."""
    if grade >= post.highest:
        raise Refused(OrgProblem.HIGHEST_GRADE, "id", grade=grade)
    if not reached.is_due(on):
        raise Refused(
            OrgProblem.STEP_NOT_DUE, "on", earliest=reached.earliest, passed=reached.passed, needed=reached.needed
        )
    return grade + 1
