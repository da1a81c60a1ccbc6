"""Posts and grades of community workers in the graph (三岗十八级): for those who keep them, and for the worker."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import Enum
from typing import Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.access import may
from services.org.domain import grades as rules
from services.org.domain.periods import today
from services.org.graphql import people
from services.org.graphql.grade_scheme import WorkerPost
from services.org.graphql.links import MOST_LISTED, Info, PersonLink
from services.org.graphql.registered import Registered
from services.org.storage import career_tables as c
from services.org.storage import grades as reads
from services.org.storage.in_force import Place, in_force
from services.org.storage.prefixes import in_prefix

_HUNDREDTHS = 100
_OPERATION = "workerGrades"


@strawberry.enum(description="Why somebody has a grade from a day on. 定级事由")
class GradeReason(Enum):
    """As `domain.grades.GradeReason`, by name."""

    ENTERED = strawberry.enum_value("ENTERED", description="Entered the post. 入岗")
    STEPPED_UP = strawberry.enum_value("STEPPED_UP", description="Went a step up. 晋级")
    CHANGED_POST = strawberry.enum_value("CHANGED_POST", description="Changed post or community. 转岗")


@strawberry.type(description="What a worker scored by one criterion. 指标得分")
class CriterionScore:
    """A score."""

    criterion: str = strawberry.field(description="Code of the criterion. 指标代码")
    score: int = strawberry.field(description="Of 100. 得分")


@strawberry.type(description="How a worker was assessed for a year. 年度考核")
class WorkerAssessment:
    """An assessment."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes. 版本")
    year: int = strawberry.field(description="The year. 年度")
    result: float = strawberry.field(description="Weighted mean of the scores, of 100. 综合得分")
    assessed_on: date = strawberry.field(description="The day it was made. 考核日期")
    scores: list[CriterionScore] = strawberry.field(description="By the practice's criteria. 指标得分")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            version=row["version"],
            year=row["year"],
            result=row["result"] / _HUNDREDTHS,
            assessed_on=row["assessed_on"],
            scores=[CriterionScore(criterion=code, score=score) for code, score in sorted(row["scores"].items())],
        )


@strawberry.type(description="How far somebody is towards the next step. 晋级进度")
class StepProgress:
    """The progress; of the day asked about."""

    earliest: date = strawberry.field(description="The first day on which the years are over. 最早晋级日期")
    passed: int = strawberry.field(description="Assessments that count so far. 合格考核次数")
    needed: int = strawberry.field(description="Assessments that are needed. 所需考核次数")
    is_due: bool = strawberry.field(description="Whether the step may be taken. 是否可晋级")


@strawberry.type(description="The post and grade of a community worker, from a day on. 岗级")
class WorkerGrade(Registered):
    """A grade; of one's `own`, all is read, wherever it lies."""

    own: strawberry.Private[bool] = False

    @strawberry.field(description="Who. 人员")
    async def person(self, info: Info) -> PersonLink | None:
        """Read the person."""
        return await people.person_by_id(info.context, self.row["person_id"], self.day)

    @strawberry.field(description="The post. 岗位")
    async def post(self, info: Info) -> WorkerPost:
        """Read the post."""
        return WorkerPost.of(await self._post(info.context), info.context)

    @strawberry.field(description="The grade. 级别")
    def grade(self) -> int:
        """Read it off the row."""
        return int(self.row["grade"])

    @strawberry.field(description="Why it is so from that day on. 定级事由")
    def reason(self) -> GradeReason:
        """Read it off the row."""
        return GradeReason(self.row["reason"])

    @strawberry.field(description="Since when the clock of the next step runs. 晋级起算日期")
    def stepped_on(self) -> date:
        """Read it off the row."""
        day: date = self.row["stepped_on"]
        return day

    @strawberry.field(description="The person's assessments, by year; at most the last 100. 年度考核")
    async def assessments(self, info: Info) -> list[WorkerAssessment]:
        """Read them."""
        return [WorkerAssessment.of(row) for row in (await self._assessed(info.context))[-MOST_LISTED:]]

    @strawberry.field(description="How far the next step is; null at the highest grade, and when it ended. 晋级进度")
    async def next_step(self, info: Info) -> StepProgress | None:
        """Follow the rule."""
        post = reads.post_of(await self._post(info.context))
        if self.row["valid_to"] is not None or self.row["grade"] >= post.highest:
            return None
        results = [(row["assessed_on"], row["result"]) for row in await self._assessed(info.context)]
        reached = rules.progress(post, self.row["stepped_on"], results, self.day)
        names = ("earliest", "passed", "needed")
        return StepProgress(is_due=reached.is_due(self.day), **{name: getattr(reached, name) for name in names})

    async def _assessed(self, context: Context) -> list[RowMapping]:
        """Return the person's assessments, by year; one's own also from outside of one's scope."""
        person_id: UUID = self.row["person_id"]
        if self.own:
            (rows,) = await reads.load_worker_assessments(await context.read_public(), [person_id])
            return rows
        return await context.loader(reads.load_worker_assessments).load(person_id)

    async def _post(self, context: Context) -> Any:
        return await context.loader(reads.load_posts_by_code).load(self.row["post"])


async def worker_grades_page(
    context: Context,
    place: Place,
    post: str | None,
    grade: int | None,
    due: bool | None,  # noqa: FBT001
    asked: PageArguments,
) -> Connection[WorkerGrade]:
    """Return a page of the grades in a place; for those who keep them there. Raises Forbidden."""
    context.access.permit(context.caller, _OPERATION, place.code, what="region")
    g = c.worker_grade
    statement = select(g).join(c.worker_post, c.worker_post.c.code == g.c.post)
    statement = statement.where(in_prefix(g.c.region_code, place.code), in_force(g, place.as_of))
    if post is not None:
        statement = statement.where(g.c.post == post)
    if grade is not None:
        statement = statement.where(g.c.grade == grade)
    if due is not None:
        is_due = reads.step_is_due(place.as_of)
        statement = statement.where(is_due if due else ~is_due)
    mark = fingerprint("worker_grades", place.id, post, grade, due, place.as_of)
    page = await paginate(await context.read(), statement, [g.c.region_code, g.c.id], asked, mark)
    return page.connection(lambda row: WorkerGrade.of(row, place.as_of))


async def grades_of(context: Context, person_id: UUID, region_code: str) -> list[WorkerGrade] | None:
    """Return a person's grades, the latest first: to themself and to those who keep them; null to others."""
    is_own = str(context.caller.subject) == str(person_id)
    if not is_own and not may(context.caller, _OPERATION, region_code):
        return None
    rows = await context.loader(reads.load_grades_of_people).load(person_id)
    return [WorkerGrade.of(row, today()) for row in rows[:MOST_LISTED]]


async def own_grades(context: Context) -> list[WorkerGrade]:
    """Return the caller's own grades, the latest first; none for who is no person of org."""
    try:
        person_id = UUID(context.caller.subject)
    except ValueError:
        return []
    # They are theirs, in whichever region they lie.
    (rows,) = await reads.load_grades_of_people(await context.read_public(), [person_id])
    return [replace(WorkerGrade.of(row, today()), own=True) for row in rows[:MOST_LISTED]]


async def worker_grade_by_id(context: Context, id_: UUID) -> WorkerGrade | None:
    """Return a grade in scope."""
    row = await (await context.read()).row(select(c.worker_grade).where(c.worker_grade.c.id == id_))
    return None if row is None else WorkerGrade.of(row, today())


async def worker_assessment_by_id(context: Context, id_: UUID) -> WorkerAssessment | None:
    """Return an assessment in scope."""
    row = await (await context.read()).row(select(c.worker_assessment).where(c.worker_assessment.c.id == id_))
    return None if row is None else WorkerAssessment.of(row)
