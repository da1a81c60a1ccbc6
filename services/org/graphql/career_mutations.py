"""Mutations of posts and grades: give, step up, assess, leave; and of posts that recruitment brings."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.errors import BadRequest
from chassis.graphql.context import Context
from chassis.graphql.mutate import Outcome, perform
from services.org.commands import grades as commands
from services.org.commands.recruitment import RecordRecruitment, record_recruitment
from services.org.domain.periods import today
from services.org.graphql.ending import EndInput
from services.org.graphql.grades import (
    WorkerAssessment,
    WorkerGrade,
    worker_assessment_by_id,
    worker_grade_by_id,
)
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.problem import Problem
from services.org.graphql.regions import Region, region_by_id

_KEY = "The same key does it once. 幂等键"
_REFUSED = "Why it was refused; empty when done. 问题"


@strawberry.input(description="A worker who enters a post, or changes to another; the grade follows by rule. 定岗定级")
class GradeWorkerInput:
    """Input of gradeWorker."""

    idempotency_key: str = strawberry.field(description=_KEY)
    person_id: strawberry.ID = strawberry.field(description="Who. 人员")
    region_code: str = strawberry.field(description="The community they work for. 社区")
    post: str = strawberry.field(description="Code of the post. 岗位")
    valid_from: date = strawberry.field(description="First day; today or earlier. 起始日期")
    years_of_service: int = strawberry.field(
        default=0, description="Years served before, for who enters; each span of a step is a grade. 工作年限"
    )


@strawberry.input(description="A step up. 晋级")
class StepUpWorkerInput:
    """Input of stepUpWorker."""

    idempotency_key: str = strawberry.field(description=_KEY)
    id: strawberry.ID = strawberry.field(description="The grade that is followed by the next. 岗级")
    expected_version: int = strawberry.field(description="The version you read. 版本")
    on: date = strawberry.field(description="First day of the next grade; today or earlier. 晋级日期")


@strawberry.input(description="What a worker scored by one criterion. 指标得分")
class CriterionScoreInput:
    """A score."""

    criterion: str = strawberry.field(description="Code of the criterion. 指标代码")
    score: int = strawberry.field(description="0 to 100. 得分")


@strawberry.input(description="A worker's assessment for a year. 年度考核")
class AssessWorkerInput:
    """Input of assessWorker."""

    idempotency_key: str = strawberry.field(description=_KEY)
    person_id: strawberry.ID = strawberry.field(description="Who. 人员")
    year: int = strawberry.field(description="The year. 年度")
    scores: list[CriterionScoreInput] = strawberry.field(description="Each of the practice's criteria once. 指标得分")
    on: date = strawberry.field(description="The day; today or earlier. 考核日期")


@strawberry.input(description="Posts that a recruitment brought to a region. 用编")
class RecordRecruitmentInput:
    """Input of recordRecruitment."""

    idempotency_key: str = strawberry.field(description=_KEY)
    region_code: str = strawberry.field(description="Where they were placed, itself and not below. 区划")
    source: str = strawberry.field(description="Code of the kind of recruitment. 招录渠道")
    year: int = strawberry.field(description="The year. 年度")
    posts: int = strawberry.field(description="How many; an earlier number of the same is replaced. 用编数")


@strawberry.type(description="What became of it. 结果")
class WorkerGradePayload:
    """Payload of gradeWorker, stepUpWorker and endWorkerGrade."""

    worker_grade: WorkerGrade | None = strawberry.field(description="The grade now; null when refused. 岗级")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type(description="What became of it. 结果")
class WorkerAssessmentPayload:
    """Payload of assessWorker."""

    worker_assessment: WorkerAssessment | None = strawberry.field(description="It; null when refused. 年度考核")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type(description="What became of it. 结果")
class RecordRecruitmentPayload:
    """Payload of recordRecruitment."""

    region: Region | None = strawberry.field(description="The region; null when refused. 区划")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type
class CareerMutations:
    """The mutations."""

    @strawberry.mutation(description="Give a worker a post; the grade follows by the practice's rule. 定岗定级")
    async def grade_worker(self, info: Info, input: GradeWorkerInput) -> WorkerGradePayload:  # noqa: A002
        """Grade."""
        asked = commands.GradeWorker(
            uuid_of(input.person_id), input.region_code, input.post, input.valid_from, input.years_of_service
        )
        outcome = await perform(info, "gradeWorker", commands.grade_worker, asked, input.idempotency_key)
        return await _grade(info.context, outcome)

    @strawberry.mutation(description="Step a worker up, when years and assessments allow it. 晋级")
    async def step_up_worker(self, info: Info, input: StepUpWorkerInput) -> WorkerGradePayload:  # noqa: A002
        """Step up."""
        asked = commands.StepUpWorker(uuid_of(input.id), input.expected_version, input.on)
        outcome = await perform(info, "stepUpWorker", commands.step_up_worker, asked, input.idempotency_key)
        return await _grade(info.context, outcome)

    @strawberry.mutation(description="Let a worker leave the post. 离岗")
    async def end_worker_grade(self, info: Info, input: EndInput) -> WorkerGradePayload:  # noqa: A002
        """End."""
        outcome = await perform(info, "endWorkerGrade", commands.end_worker_grade, input.asked())
        return await _grade(info.context, outcome)

    @strawberry.mutation(description="Enter how a worker was assessed; one of the same year is replaced. 年度考核")
    async def assess_worker(self, info: Info, input: AssessWorkerInput) -> WorkerAssessmentPayload:  # noqa: A002
        """Assess. Raises BadRequest when a criterion is scored twice."""
        scores = {one.criterion: one.score for one in input.scores}
        if len(scores) != len(input.scores):
            raise BadRequest(reason="A criterion is scored once.")
        asked = commands.AssessWorker(uuid_of(input.person_id), input.year, scores, input.on)
        outcome = await perform(info, "assessWorker", commands.assess_worker, asked, input.idempotency_key)
        found = await worker_assessment_by_id(info.context, outcome.id) if outcome.id else None
        return WorkerAssessmentPayload(worker_assessment=found, problems=outcome.problems)

    @strawberry.mutation(description="Record how many posts of a recruitment were placed in a region. 用编登记")
    async def record_recruitment(self, info: Info, input: RecordRecruitmentInput) -> RecordRecruitmentPayload:  # noqa: A002
        """Record."""
        asked = RecordRecruitment(input.region_code, input.source, input.year, input.posts)
        outcome = await perform(info, "recordRecruitment", record_recruitment, asked, input.idempotency_key)
        found = await region_by_id(info.context, outcome.id, today()) if outcome.id else None
        return RecordRecruitmentPayload(region=found, problems=outcome.problems)


async def _grade(context: Context, outcome: Outcome) -> WorkerGradePayload:
    found = await worker_grade_by_id(context, outcome.id) if outcome.id else None
    return WorkerGradePayload(worker_grade=found, problems=outcome.problems)
