"""Reads of posts and grades: the practice's scheme, who has which grade, and who may step up."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, select

from services.org.domain.assessment import Capacity
from services.org.domain.grades import WorkerPost
from services.org.storage import career_tables as c
from services.org.storage.in_force import Place, in_force
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession


def post_of(row: RowMapping) -> WorkerPost:
    """Return a post as the rules take it."""
    names = ("code", "lowest", "highest", "years", "least")
    return WorkerPost(**{name: row[name] for name in names})


async def load_posts(session: ReadSession) -> list[RowMapping]:
    """Return the posts of the practice in their order."""
    return list(await session.rows(select(c.worker_post).order_by(c.worker_post.c.position, c.worker_post.c.code)))


async def load_posts_by_code(session: ReadSession, codes: list[str]) -> list[RowMapping]:
    """Return posts in the order of `codes`, all of them known."""
    found = {row["code"]: row for row in await load_posts(session)}
    return [found[code] for code in codes]


async def load_criteria(session: ReadSession) -> list[Capacity]:
    """Return by what workers are assessed."""
    w = c.worker_criterion
    rows = await session.rows(select(w.c.code, w.c.weight).order_by(w.c.position, w.c.code))
    return [Capacity(**row) for row in rows]


async def load_worker_assessments(session: ReadSession, people: list[UUID]) -> list[list[RowMapping]]:
    """Return the assessments of each person, by year."""
    a, found = c.worker_assessment, defaultdict(list)
    for row in await session.rows(select(a).where(a.c.person_id.in_(people)).order_by(a.c.year)):
        found[row["person_id"]].append(row)
    return [found[person] for person in people]


async def load_grades_of_people(session: ReadSession, people: list[UUID]) -> list[list[RowMapping]]:
    """Return all grades that each person has or had, the latest first."""
    g, found = c.worker_grade, defaultdict(list)
    rows = select(g).where(g.c.person_id.in_(people)).order_by(g.c.valid_from.desc(), g.c.valid_to.desc().nulls_first())
    for row in await session.rows(rows):
        found[row["person_id"]].append(row)
    return [found[person] for person in people]


async def count_grades(session: ReadSession, place: Place) -> list[RowMapping]:
    """Return for each post and grade of a place how many have it on its day, and how many of them may step up."""
    g = c.worker_grade
    may = func.count().filter(step_is_due(place.as_of))
    statement = (
        select(g.c.post, g.c.grade, func.count().label("workers"), may.label("due"))
        .join(c.worker_post, c.worker_post.c.code == g.c.post)
        .where(in_prefix(g.c.region_code, place.code), in_force(g, place.as_of))
        .group_by(g.c.post, g.c.grade)
        .order_by(g.c.post, g.c.grade)
    )
    return list(await session.rows(statement))


def step_is_due(on: date) -> ColumnElement[bool]:
    """Return the condition that a grade, joined with its post, may go a step up: `domain.grades.progress` in SQL."""
    g, p, a = c.worker_grade, c.worker_post, c.worker_assessment
    counting = (
        select(func.count())
        .where(a.c.person_id == g.c.person_id, a.c.result >= p.c.least)
        .where(a.c.assessed_on > g.c.stepped_on, a.c.assessed_on <= on)
        .scalar_subquery()
    )
    ripe = g.c.stepped_on + func.make_interval(p.c.years) <= on
    return (g.c.grade < p.c.highest) & ripe & (counting >= p.c.years)


async def count_recruited(session: ReadSession, place: Place, year: int, source: str | None) -> dict[int, int]:
    """Return how many posts were placed in a place in a year, by the digits of the regions' codes."""
    r = c.recruitment
    digits = func.length(r.c.region_code)
    statement = (
        select(digits.label("digits"), func.sum(r.c.posts).label("posts"))
        .where(in_prefix(r.c.region_code, place.code), r.c.year == year)
        .group_by(digits)
    )
    if source is not None:
        statement = statement.where(r.c.source == source)
    return {row["digits"]: int(row["posts"]) for row in await session.rows(statement)}
