"""Mutations of training: plan, hold a session, add who attended, end."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.context import Context
from chassis.graphql.mutate import Outcome, perform
from services.org.commands import training as commands
from services.org.graphql.ending import EndInput
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.problem import Problem
from services.org.graphql.training import Training, TrainingSession, training_by_id, training_session_by_id

_KEY = "The same key does it once. 幂等键"
_REFUSED = "Why it was refused; empty when done. 问题"


@strawberry.input(description="A programme of training. 培训计划")
class PlanTrainingInput:
    """Input of planTraining."""

    idempotency_key: str = strawberry.field(description=_KEY)
    region_code: str = strawberry.field(description="For which region: a community or above. 区划")
    name: str = strawberry.field(description="What it is called. 名称")
    titles: list[str] = strawberry.field(
        description="Codes of the duty titles whose holders attend, at most 20. 参训职务"
    )
    valid_from: date = strawberry.field(description="First day; may lie ahead. 起始日期")
    valid_to: date | None = strawberry.field(default=None, description="First day after it. 结束日期")


@strawberry.input(description="A session that was held. 培训班次")
class HoldTrainingSessionInput:
    """Input of holdTrainingSession."""

    idempotency_key: str = strawberry.field(description=_KEY)
    training_id: strawberry.ID = strawberry.field(description="The programme. 培训计划")
    on: date = strawberry.field(description="The day, within the programme; today or earlier. 培训日期")
    subject: str = strawberry.field(description="What it was about. 培训内容")
    lessons: int = strawberry.field(description="How many lessons; 1 to 200. 课时")
    person_ids: list[strawberry.ID] = strawberry.field(
        description="Who attended; 500 at most, each holding a title of the programme that day. 参训人员"
    )


@strawberry.input(description="More people who attended. 补登参训人员")
class RecordAttendanceInput:
    """Input of recordAttendance."""

    idempotency_key: str = strawberry.field(description=_KEY)
    session_id: strawberry.ID = strawberry.field(description="The session. 班次")
    expected_version: int = strawberry.field(description="The version you read. 版本")
    person_ids: list[strawberry.ID] = strawberry.field(description="Who attended too; 500 at most. 参训人员")


@strawberry.input(description="People who were recorded by mistake. 撤销误登参训")
class TakeBackAttendanceInput:
    """Input of takeBackAttendance."""

    session_id: strawberry.ID = strawberry.field(description="The session. 班次")
    expected_version: int = strawberry.field(description="The version you read. 版本")
    person_ids: list[strawberry.ID] = strawberry.field(
        description="Who did not attend; each is recorded now, 500 at most. 误登人员"
    )


@strawberry.type(description="What became of it. 结果")
class TrainingPayload:
    """Payload of planTraining and endTraining."""

    training: Training | None = strawberry.field(description="The programme; null when refused. 培训计划")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type(description="What became of it. 结果")
class TrainingSessionPayload:
    """Payload of holdTrainingSession, recordAttendance and takeBackAttendance."""

    training_session: TrainingSession | None = strawberry.field(description="The session; null when refused. 班次")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type
class TrainingMutations:
    """The mutations."""

    @strawberry.mutation(description="Plan training for the holders of duty titles. 制定培训计划")
    async def plan_training(self, info: Info, input: PlanTrainingInput) -> TrainingPayload:  # noqa: A002
        """Plan."""
        asked = commands.PlanTraining(input.region_code, input.name, input.titles, input.valid_from, input.valid_to)
        outcome = await perform(info, "planTraining", commands.plan_training, asked, input.idempotency_key)
        return await _training(info.context, outcome)

    @strawberry.mutation(description="End a programme on another day than planned. 结束培训计划")
    async def end_training(self, info: Info, input: EndInput) -> TrainingPayload:  # noqa: A002
        """End."""
        outcome = await perform(info, "endTraining", commands.end_training, input.asked())
        return await _training(info.context, outcome)

    @strawberry.mutation(description="Record a session and who attended. 登记培训班次")
    async def hold_training_session(self, info: Info, input: HoldTrainingSessionInput) -> TrainingSessionPayload:  # noqa: A002
        """Record."""
        asked = commands.HoldTrainingSession(
            uuid_of(input.training_id),
            input.on,
            input.subject,
            input.lessons,
            [uuid_of(one) for one in input.person_ids],
        )
        outcome = await perform(
            info, "holdTrainingSession", commands.hold_training_session, asked, input.idempotency_key
        )
        return await _session(info.context, outcome)

    @strawberry.mutation(description="Add people to those who attended a session. 补登参训人员")
    async def record_attendance(self, info: Info, input: RecordAttendanceInput) -> TrainingSessionPayload:  # noqa: A002
        """Add."""
        people = [uuid_of(one) for one in input.person_ids]
        asked = commands.RecordAttendance(uuid_of(input.session_id), input.expected_version, people)
        outcome = await perform(info, "recordAttendance", commands.record_attendance, asked, input.idempotency_key)
        return await _session(info.context, outcome)

    @strawberry.mutation(description="Take back that people attended a session, recorded by mistake. 撤销误登参训")
    async def take_back_attendance(self, info: Info, input: TakeBackAttendanceInput) -> TrainingSessionPayload:  # noqa: A002
        """Take back."""
        people = [uuid_of(one) for one in input.person_ids]
        asked = commands.TakeBackAttendance(uuid_of(input.session_id), input.expected_version, people)
        outcome = await perform(info, "takeBackAttendance", commands.take_back_attendance, asked)
        return await _session(info.context, outcome)


async def _training(context: Context, outcome: Outcome) -> TrainingPayload:
    found = await training_by_id(context, outcome.id) if outcome.id else None
    return TrainingPayload(training=found, problems=outcome.problems)


async def _session(context: Context, outcome: Outcome) -> TrainingSessionPayload:
    found = await training_session_by_id(context, outcome.id) if outcome.id else None
    return TrainingSessionPayload(training_session=found, problems=outcome.problems)
