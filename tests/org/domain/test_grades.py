"""The rules of posts and grades (三岗十八级)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.grades import (
    WorkerPost,
    anniversary,
    check_grade,
    check_graded,
    check_worker_post,
    check_years,
    entry_grade,
    grade_in,
    progress,
    stepped_up,
)
from services.org.domain.periods import Period

CHIEF, DEPUTY, OTHER = WorkerPost("chief", 7, 18), WorkerPost("deputy", 4, 15), WorkerPost("other", 1, 12)
posts = st.sampled_from([CHIEF, DEPUTY, OTHER])
days = st.dates(date(2010, 1, 1), date(2026, 1, 1))
years = st.integers(0, 60)
results = st.lists(st.tuples(days, st.integers(0, 10_000)), max_size=8)


@given(posts, years, years, years)
def test_who_served_or_studied_longer_never_enters_lower(
    post: WorkerPost, served: int, credited: int, more: int
) -> None:
    grade = entry_grade(post, served, credited)
    assert grade in post
    assert grade <= entry_grade(post, served + more, credited) <= post.highest
    assert entry_grade(post, served, credited) == entry_grade(post, credited, served)


def test_a_degree_counts_like_years_of_service() -> None:
    assert [entry_grade(OTHER, 0, credit) for credit in (0, 3, 5, 7)] == [1, 2, 2, 3]
    assert entry_grade(CHIEF, 7, 5) == 11
    assert entry_grade(DEPUTY, 60, 7) == 15


@given(posts, st.integers(1, 18))
def test_who_changes_the_post_keeps_the_grade_as_far_as_the_post_has_it(post: WorkerPost, grade: int) -> None:
    kept = grade_in(post, grade)
    assert kept in post
    assert kept == grade or grade not in post


@given(posts, days, results, days, st.integers(0, 4000))
def test_a_step_takes_its_years_and_its_assessments_and_waiting_never_hurts(
    post: WorkerPost, since: date, assessed: list[tuple[date, int]], on: date, wait: int
) -> None:
    reached = progress(post, since, assessed, on)
    later = on + timedelta(days=wait)
    counting = [day for day, result in assessed if result >= post.least and since < day <= on]
    assert reached.is_due(on) == (on >= anniversary(since, 3) and len(counting) >= 3)
    assert reached.is_due(on) <= progress(post, since, assessed, later).is_due(later)
    # What a step used is not used again: the next clock begins on the day of the step.
    assert progress(post, on, assessed, on).passed == 0
    if reached.is_due(on):
        assert stepped_up(post, post.lowest, reached, on) == post.lowest + 1
        with pytest.raises(Refused, match="HIGHEST_GRADE"):
            stepped_up(post, post.highest, reached, on)
    else:
        with pytest.raises(Refused, match="STEP_NOT_DUE"):
            stepped_up(post, post.lowest, reached, on)


def test_years_end_on_the_same_day_or_on_the_last_of_february() -> None:
    assert anniversary(date(2022, 7, 1), 3) == date(2025, 7, 1)
    assert anniversary(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert anniversary(date(2024, 2, 29), 4) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("post", "field"),
    [
        (WorkerPost("p", 0, 5), "lowest"),
        (WorkerPost("p", 5, 4), "highest"),
        (WorkerPost("p", 1, 100), "highest"),
        (WorkerPost("p", 1, 5, years=0), "years"),
        (WorkerPost("p", 1, 5, least=10_001), "least"),
    ],
)
def test_a_post_without_grades_or_years_is_refused(post: WorkerPost, field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_worker_post(post)
    assert refused.value.path == (field,)
    check_worker_post(WorkerPost("p", 1, 1, years=1, least=0))


def test_a_grade_is_one_of_the_post_and_one_at_a_time() -> None:
    check_grade(OTHER, 12)
    with pytest.raises(Refused, match="GRADE_OUT_OF_RANGE"):
        check_grade(OTHER, 13)
    earlier = [Period(date(2022, 1, 1), date(2023, 1, 1))]
    check_graded(earlier, Period(date(2023, 1, 1)))
    with pytest.raises(Refused, match="ALREADY_GRADED"):
        check_graded(earlier, Period(date(2022, 12, 31)))
    assert check_years(60, "years") == 60
    for wrong in (-1, 61):
        with pytest.raises(Refused, match="INVALID_COUNT"):
            check_years(wrong, "years")
