"""Checks the posts and grades of a practice, and the demonstration's workers who have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.org.domain.assessment import FULL_SCORE
from services.org.domain.grades import HIGHEST_GRADE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.practices.checks.faults import Faults
    from deploy.practices.model import Practice

_AT = ("demonstration", "careers")


def check_careers(practice: Practice, sizes: Mapping[str, int], faults: Faults) -> None:
    """Check that grades are ranges, and that what the demonstration names is known here; `sizes` are by level."""
    careers = practice.careers
    faults.repeated([one.code for one in careers.posts], "post", "careers", "posts", key="code")
    faults.repeated([one.code for one in careers.criteria], "criterion", "careers", "criteria", key="code")
    for index, post in enumerate(careers.posts):
        lowest, highest = post.grades
        fits = 1 <= lowest <= highest <= HIGHEST_GRADE
        message = f"a range from 1 to {HIGHEST_GRADE} is needed, the lower end first"
        faults.unless(fits, message, "careers", "posts", index, "grades")
    _check_workers(practice, faults)
    sources = {kind.code for kind in practice.kinds.recruitment}
    for index, one in enumerate(practice.demonstration.careers.recruitment):
        path = (*_AT, "recruitment", index)
        faults.unless(one.source in sources, f"`{one.source}` is not a kind of recruitment here", *path, "source")
        faults.unless(one.posts >= sizes[one.level], "there are more regions than posts", *path, "posts")


def _check_workers(practice: Practice, faults: Faults) -> None:
    posts = {one.code for one in practice.careers.posts}
    levels = {title.code: title.level for title in practice.duty_titles}
    held = {duty.title for duty in practice.demonstration.duties}
    wanted = practice.demonstration.careers
    for index, one in enumerate(wanted.grades):
        path = (*_AT, "grades", index)
        faults.unless(one.post in posts, f"`{one.post}` is not a post here", *path, "post")
        faults.unless(one.title in held, f"nobody is given the duty `{one.title}`", *path, "title")
        is_there = levels.get(one.title) == "COMMUNITY"
        faults.unless(is_there, f"`{one.title}` is not held in communities", *path, "title")
        fewest, most = one.years_of_service
        fits = 0 <= fewest <= most
        faults.unless(fits, "a range is needed, the lower end first", *path, "years_of_service")
    if wanted.assessments:
        at = (*_AT, "assessments")
        faults.unless(bool(practice.careers.criteria), "there are no criteria to assess by", *at)
        fewest, most = wanted.assessments.scores
        fits = 0 <= fewest <= most <= FULL_SCORE
        faults.unless(fits, f"a range from 0 to {FULL_SCORE} is needed, the lower end first", *at, "scores")
