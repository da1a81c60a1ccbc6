"""Mutations of what partner units do: record and cancel contributions, take on and settle problems."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.context import Context
from chassis.graphql.mutate import Outcome, perform
from services.org.commands import partners as commands
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.partners import Contribution, JointProblem, contribution_by_id, joint_problem_by_id
from services.org.graphql.problem import Problem

_KEY = "The same key does it once. 幂等键"
_VERSION = "The version you read. 版本"
_REFUSED = "Why it was refused; empty when done. 问题"
_COMPOUND = "A compound that the unit looks after. 小区"


@strawberry.input(description="What a unit did. 共建贡献登记")
class RecordContributionInput:
    """Input of recordContribution."""

    idempotency_key: str = strawberry.field(description=_KEY)
    pairing_id: strawberry.ID = strawberry.field(description="By which pairing. 共建结对")
    kind: str = strawberry.field(description="Code of the kind. 类型")
    amount: int = strawberry.field(description="How much, of what the kind says. 数量")
    on: date = strawberry.field(description="When; today or earlier. 日期")
    compound_id: strawberry.ID | None = strawberry.field(default=None, description=_COMPOUND)
    note: str | None = strawberry.field(default=None, description="What it was. 说明")


@strawberry.input(description="A contribution that was recorded by mistake. 撤销贡献")
class CancelContributionInput:
    """Input of cancelContribution."""

    id: strawberry.ID = strawberry.field(description="The contribution. 贡献")
    expected_version: int = strawberry.field(description=_VERSION)
    reason: str = strawberry.field(description="Why. 原因")


@strawberry.input(description="A problem that a unit takes on: something on a list, or a ticket. 认领突出问题")
class TakeUpProblemInput:
    """Input of takeUpProblem."""

    idempotency_key: str = strawberry.field(description=_KEY)
    pairing_id: strawberry.ID = strawberry.field(description="By which pairing. 共建结对")
    on: date = strawberry.field(description="When; today or earlier. 认领日期")
    compound_id: strawberry.ID | None = strawberry.field(default=None, description=_COMPOUND)
    list_item_id: strawberry.ID | None = strawberry.field(default=None, description="Where it is on a list. 清单事项")
    ticket_id: strawberry.ID | None = strawberry.field(default=None, description="Or the ticket. 工单")


@strawberry.input(description="What came of a problem. 突出问题销号")
class SettleProblemInput:
    """Input of settleProblem."""

    id: strawberry.ID = strawberry.field(description="The problem. 突出问题")
    expected_version: int = strawberry.field(description=_VERSION)
    result: str = strawberry.field(description="What came of it. 结果")
    on: date = strawberry.field(description="When; today or earlier. 销号日期")


@strawberry.type(description="What became of it. 结果")
class ContributionPayload:
    """Payload of recordContribution and cancelContribution."""

    contribution: Contribution | None = strawberry.field(description="The contribution; null when refused. 贡献")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type(description="What became of it. 结果")
class JointProblemPayload:
    """Payload of takeUpProblem and settleProblem."""

    joint_problem: JointProblem | None = strawberry.field(description="The problem; null when refused. 突出问题")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type
class PartnerMutations:
    """The mutations."""

    @strawberry.mutation(description="Record what a partner unit did. 共建贡献登记")
    async def record_contribution(self, info: Info, input: RecordContributionInput) -> ContributionPayload:  # noqa: A002
        """Record."""
        compound = uuid_of(input.compound_id) if input.compound_id else None
        pairing = uuid_of(input.pairing_id)
        asked = commands.RecordContribution(pairing, input.kind, input.amount, input.on, compound, input.note)
        outcome = await perform(info, "recordContribution", commands.record_contribution, asked, input.idempotency_key)
        return await _contribution(info.context, outcome)

    @strawberry.mutation(description="Let a contribution count no longer; it stays with the reason. 撤销贡献")
    async def cancel_contribution(self, info: Info, input: CancelContributionInput) -> ContributionPayload:  # noqa: A002
        """Cancel."""
        asked = commands.CancelContribution(uuid_of(input.id), input.expected_version, input.reason)
        outcome = await perform(info, "cancelContribution", commands.cancel_contribution, asked)
        return await _contribution(info.context, outcome)

    @strawberry.mutation(description="Let a partner unit take on a problem. 认领突出问题")
    async def take_up_problem(self, info: Info, input: TakeUpProblemInput) -> JointProblemPayload:  # noqa: A002
        """Take up."""
        asked = commands.TakeUpProblem(
            uuid_of(input.pairing_id),
            input.on,
            uuid_of(input.compound_id) if input.compound_id else None,
            uuid_of(input.list_item_id) if input.list_item_id else None,
            uuid_of(input.ticket_id) if input.ticket_id else None,
        )
        outcome = await perform(info, "takeUpProblem", commands.take_up_problem, asked, input.idempotency_key)
        return await _problem(info.context, outcome)

    @strawberry.mutation(description="Write down what came of a problem. 突出问题销号")
    async def settle_problem(self, info: Info, input: SettleProblemInput) -> JointProblemPayload:  # noqa: A002
        """Settle."""
        asked = commands.SettleProblem(uuid_of(input.id), input.expected_version, input.result, input.on)
        outcome = await perform(info, "settleProblem", commands.settle_problem, asked)
        return await _problem(info.context, outcome)


async def _contribution(context: Context, outcome: Outcome) -> ContributionPayload:
    found = await contribution_by_id(context, outcome.id) if outcome.id else None
    return ContributionPayload(contribution=found, problems=outcome.problems)


async def _problem(context: Context, outcome: Outcome) -> JointProblemPayload:
    found = await joint_problem_by_id(context, outcome.id) if outcome.id else None
    return JointProblemPayload(joint_problem=found, problems=outcome.problems)
