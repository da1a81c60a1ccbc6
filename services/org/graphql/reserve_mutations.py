"""Mutations of reserves: enrol, take out, call up, say where to go, record who arrived, end."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.context import Context
from chassis.graphql.mutate import Outcome, perform
from services.org.commands import reserve as commands
from services.org.graphql.ending import EndInput
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.problem import Problem
from services.org.graphql.reserve import CallUp, Reservist, call_up_by_id, reservist_by_id

_KEY = "The same key does it once. 幂等键"
_REFUSED = "Why it was refused; empty when done. 问题"


@strawberry.input(description="Who is to be in reserve. 后备力量登记")
class EnrolReservistInput:
    """Input of enrolReservist."""

    idempotency_key: str = strawberry.field(description=_KEY)
    person_id: strawberry.ID = strawberry.field(description="Who; in one reserve at a time. 人员")
    source: str = strawberry.field(description="Code of the source of people. 力量来源")
    region_code: str = strawberry.field(description="The community. 社区")
    valid_from: date = strawberry.field(description="First day; today or earlier. 起始日期")


@strawberry.input(description="A call-up. 集结")
class CallUpInput:
    """Input of callUp."""

    idempotency_key: str = strawberry.field(description=_KEY)
    region_code: str = strawberry.field(description="The community. 社区")
    people: int = strawberry.field(description="How many; all of the reserve when it has fewer. 人数")
    purpose: str = strawberry.field(description="What for. 事由")
    is_drill: bool = strawberry.field(default=False, description="A drill, which peacetime allows. 是否演练")


@strawberry.input(description="Where somebody goes. 分派")
class PostCalledUpInput:
    """Input of postCalledUp."""

    call_up_id: strawberry.ID = strawberry.field(description="The call-up. 集结")
    person_id: strawberry.ID = strawberry.field(description="Who. 人员")
    post: str = strawberry.field(description="Where they go, or what they do there. 岗位")


@strawberry.input(description="Somebody arrived, or does not come. 到位登记")
class AnswerCallUpInput:
    """Input of answerCallUp."""

    call_up_id: strawberry.ID = strawberry.field(description="The call-up. 集结")
    person_id: strawberry.ID = strawberry.field(description="Who. 人员")
    excuse: str | None = strawberry.field(
        default=None, description="Why they do not come; null when they have arrived. 请假事由"
    )


@strawberry.input(description="A call-up that is over. 解除集结")
class EndCallUpInput:
    """Input of endCallUp."""

    id: strawberry.ID = strawberry.field(description="The call-up. 集结")
    expected_version: int = strawberry.field(description="The version you read. 版本")


@strawberry.type(description="What became of it. 结果")
class ReservistPayload:
    """Payload of enrolReservist and endReservist."""

    reservist: Reservist | None = strawberry.field(description="The place in the reserve; null when refused. 后备力量")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type(description="What became of it. 结果")
class CallUpPayload:
    """Payload of the mutations of call-ups."""

    call_up: CallUp | None = strawberry.field(description="The call-up; null when refused. 集结")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type
class ReserveMutations:
    """The mutations."""

    @strawberry.mutation(description="Enrol somebody in the reserve of a community. 后备力量登记")
    async def enrol_reservist(self, info: Info, input: EnrolReservistInput) -> ReservistPayload:  # noqa: A002
        """Enrol."""
        asked = commands.EnrolReservist(uuid_of(input.person_id), input.source, input.region_code, input.valid_from)
        outcome = await perform(info, "enrolReservist", commands.enrol_reservist, asked, input.idempotency_key)
        return await _reservist(info.context, outcome)

    @strawberry.mutation(description="Take somebody out of the reserve. 退出后备")
    async def end_reservist(self, info: Info, input: EndInput) -> ReservistPayload:  # noqa: A002
        """End."""
        outcome = await perform(info, "endReservist", commands.end_reservist, input.asked())
        return await _reservist(info.context, outcome)

    @strawberry.mutation(description="Call people up from a community's reserve, the longest rested first. 集结")
    async def call_up(self, info: Info, input: CallUpInput) -> CallUpPayload:  # noqa: A002
        """Call up."""
        asked = commands.CallUp(input.region_code, input.people, input.purpose, input.is_drill)
        outcome = await perform(info, "callUp", commands.call_up, asked, input.idempotency_key)
        return await _call_up(info.context, outcome)

    @strawberry.mutation(description="Say where somebody who was called up goes. 分派")
    async def post_called_up(self, info: Info, input: PostCalledUpInput) -> CallUpPayload:  # noqa: A002
        """Post."""
        asked = commands.PostCalledUp(uuid_of(input.call_up_id), uuid_of(input.person_id), input.post)
        outcome = await perform(info, "postCalledUp", commands.post_called_up, asked)
        return await _call_up(info.context, outcome)

    @strawberry.mutation(description="Record that somebody arrived, now, or is excused. 到位登记")
    async def answer_call_up(self, info: Info, input: AnswerCallUpInput) -> CallUpPayload:  # noqa: A002
        """Record."""
        asked = commands.AnswerCallUp(uuid_of(input.call_up_id), uuid_of(input.person_id), input.excuse)
        outcome = await perform(info, "answerCallUp", commands.answer_call_up, asked)
        return await _call_up(info.context, outcome)

    @strawberry.mutation(description="End a call-up; the return to peacetime ends all but drills. 解除集结")
    async def end_call_up(self, info: Info, input: EndCallUpInput) -> CallUpPayload:  # noqa: A002
        """End."""
        asked = commands.EndCallUp(uuid_of(input.id), input.expected_version)
        outcome = await perform(info, "endCallUp", commands.end_call_up, asked)
        return await _call_up(info.context, outcome)


async def _reservist(context: Context, outcome: Outcome) -> ReservistPayload:
    found = await reservist_by_id(context, outcome.id) if outcome.id else None
    return ReservistPayload(reservist=found, problems=outcome.problems)


async def _call_up(context: Context, outcome: Outcome) -> CallUpPayload:
    found = await call_up_by_id(context, outcome.id) if outcome.id else None
    return CallUpPayload(call_up=found, problems=outcome.problems)
