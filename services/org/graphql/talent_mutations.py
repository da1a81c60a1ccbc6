"""Mutations of the talent pool and of qualifications."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.context import Context
from chassis.graphql.mutate import Outcome, perform
from services.org.commands import talents as commands
from services.org.graphql.ending import EndInput
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.problem import Problem
from services.org.graphql.talents import Qualification, Talent, qualification_by_id, talent_by_id

_KEY = "The same key does it once. 幂等键"
_REFUSED = "Why it was refused; empty when done. 问题"
_STAGE = "Code of the stage. 培养阶段"
_MENTOR = "Who guides them. 导师"
_PLANNED = "First day after the stage, as planned. 计划结束日期"


@strawberry.input(description="Who is taken into the talent pool. 入库")
class PoolTalentInput:
    """Input of poolTalent."""

    idempotency_key: str = strawberry.field(description=_KEY)
    person_id: strawberry.ID = strawberry.field(description="Who; in one stage at a time. 人员")
    region_code: str = strawberry.field(description="The community they belong to. 社区")
    stage: str = strawberry.field(description=_STAGE)
    valid_from: date = strawberry.field(description="First day; today or earlier. 起始日期")
    mentor_id: strawberry.ID | None = strawberry.field(default=None, description=_MENTOR)
    planned_to: date | None = strawberry.field(default=None, description=_PLANNED)


@strawberry.input(description="Who goes on to another stage or mentor. 进阶")
class AdvanceTalentInput:
    """Input of advanceTalent."""

    idempotency_key: str = strawberry.field(description=_KEY)
    id: strawberry.ID = strawberry.field(description="The stage that ends. 原阶段")
    expected_version: int = strawberry.field(description="The version you read. 版本")
    on: date = strawberry.field(description="First day of the next stage; today or earlier. 进阶日期")
    stage: str = strawberry.field(description=_STAGE)
    mentor_id: strawberry.ID | None = strawberry.field(default=None, description=_MENTOR)
    planned_to: date | None = strawberry.field(default=None, description=_PLANNED)


@strawberry.input(description="Who leaves the talent pool, and how. 出库")
class EndTalentInput:
    """Input of endTalent."""

    id: strawberry.ID = strawberry.field(description="The stage. 培养阶段")
    expected_version: int = strawberry.field(description="The version you read. 版本")
    on: date = strawberry.field(description="First day without it; today or earlier. 出库日期")
    duty_id: strawberry.ID | None = strawberry.field(
        default=None, description="The duty that they are appointed to, held that day; else a reason. 任用职务"
    )
    reason: str | None = strawberry.field(default=None, description="Why they leave, unless appointed. 退出原因")


@strawberry.input(description="What a worker is qualified for. 岗位资格")
class QualifyWorkerInput:
    """Input of qualifyWorker."""

    idempotency_key: str = strawberry.field(description=_KEY)
    person_id: strawberry.ID = strawberry.field(description="Who. 人员")
    region_code: str = strawberry.field(description="The community they work for. 社区")
    kind: str = strawberry.field(description="Code of the post or window. 岗位或窗口")
    valid_from: date = strawberry.field(description="First day; today or earlier. 起始日期")


@strawberry.type(description="What became of it. 结果")
class TalentPayload:
    """Payload of the mutations of the talent pool."""

    talent: Talent | None = strawberry.field(description="The stage; null when refused. 后备人才")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type(description="What became of it. 结果")
class QualificationPayload:
    """Payload of qualifyWorker and endQualification."""

    qualification: Qualification | None = strawberry.field(description="It; null when refused. 岗位资格")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type
class TalentMutations:
    """The mutations."""

    @strawberry.mutation(description="Take somebody into the talent pool. 入库")
    async def pool_talent(self, info: Info, input: PoolTalentInput) -> TalentPayload:  # noqa: A002
        """Take in."""
        mentor = uuid_of(input.mentor_id) if input.mentor_id else None
        asked = commands.PoolTalent(
            uuid_of(input.person_id), input.region_code, input.stage, input.valid_from, mentor, input.planned_to
        )
        outcome = await perform(info, "poolTalent", commands.pool_talent, asked, input.idempotency_key)
        return await _talent(info.context, outcome)

    @strawberry.mutation(description="Let somebody go on to another stage or mentor. 进阶")
    async def advance_talent(self, info: Info, input: AdvanceTalentInput) -> TalentPayload:  # noqa: A002
        """Go on."""
        mentor = uuid_of(input.mentor_id) if input.mentor_id else None
        asked = commands.AdvanceTalent(
            uuid_of(input.id), input.expected_version, input.on, input.stage, mentor, input.planned_to
        )
        outcome = await perform(info, "advanceTalent", commands.advance_talent, asked, input.idempotency_key)
        return await _talent(info.context, outcome)

    @strawberry.mutation(description="Let somebody leave the talent pool: appointed, or for a reason. 出库")
    async def end_talent(self, info: Info, input: EndTalentInput) -> TalentPayload:  # noqa: A002
        """Leave."""
        duty = uuid_of(input.duty_id) if input.duty_id else None
        asked = commands.EndTalent(uuid_of(input.id), input.expected_version, input.on, duty, input.reason)
        outcome = await perform(info, "endTalent", commands.end_talent, asked)
        return await _talent(info.context, outcome)

    @strawberry.mutation(description="Record what a worker is qualified for. 登记岗位资格")
    async def qualify_worker(self, info: Info, input: QualifyWorkerInput) -> QualificationPayload:  # noqa: A002
        """Record."""
        asked = commands.QualifyWorker(uuid_of(input.person_id), input.region_code, input.kind, input.valid_from)
        outcome = await perform(info, "qualifyWorker", commands.qualify_worker, asked, input.idempotency_key)
        return await _qualification(info.context, outcome)

    @strawberry.mutation(description="End a qualification. 终止岗位资格")
    async def end_qualification(self, info: Info, input: EndInput) -> QualificationPayload:  # noqa: A002
        """End."""
        outcome = await perform(info, "endQualification", commands.end_qualification, input.asked())
        return await _qualification(info.context, outcome)


async def _talent(context: Context, outcome: Outcome) -> TalentPayload:
    found = await talent_by_id(context, outcome.id) if outcome.id else None
    return TalentPayload(talent=found, problems=outcome.problems)


async def _qualification(context: Context, outcome: Outcome) -> QualificationPayload:
    found = await qualification_by_id(context, outcome.id) if outcome.id else None
    return QualificationPayload(qualification=found, problems=outcome.problems)
