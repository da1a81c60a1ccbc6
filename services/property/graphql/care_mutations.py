"""Mutations of compounds that lack care, and of funds."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.mutate import perform
from services.property.commands import funds as f
from services.property.commands import lacks as c
from services.property.domain.care import Care
from services.property.domain.funds import Movement
from services.property.domain.haves import Have
from services.property.graphql.care import CompoundHave, FundMovement
from services.property.graphql.enums import CompoundCare
from services.property.graphql.household_mutations import CompoundPayload, compound_payload
from services.property.graphql.links import Info, uuid_of, uuid_or_none

_KEY = "Same key, same answer, done once. 幂等键"
_COMPOUND, _LACK = "The compound. 小区", "The entry in the register. 登记"


@strawberry.input(description="A compound that lacks something. 三无小区登记")
class RegisterLackInput:
    """What registerLack is given."""

    idempotency_key: str = strawberry.field(description=_KEY)
    compound_id: strawberry.ID = strawberry.field(description=_COMPOUND)
    no_service: bool = strawberry.field(description="No property service. 无物业服务")
    no_unit: bool = strawberry.field(description="No responsible unit. 无主管部门")
    no_security: bool = strawberry.field(description="No security. 无人防物防")
    cause: str = strawberry.field(description="Why. 成因")


@strawberry.input(description="A solution. 治理方案")
class PlanSolutionInput:
    """What planSolution is given."""

    lack_id: strawberry.ID = strawberry.field(description=_LACK)
    solution: CompoundCare = strawberry.field(description="How it will be cared for. 方案")
    responsible: str = strawberry.field(description="Who carries it out. 责任单位")


@strawberry.input(description="Evidence for one of the five haves. 五有佐证")
class ProveHaveInput:
    """What proveHave is given."""

    lack_id: strawberry.ID = strawberry.field(description=_LACK)
    have: CompoundHave = strawberry.field(description="Which. 项目")
    evidence: str | None = strawberry.field(default=None, description="By what; null: it holds no more. 佐证")


@strawberry.input(description="A conversion. 转化")
class ConvertCompoundInput:
    """What convertCompound is given."""

    lack_id: strawberry.ID = strawberry.field(description=_LACK)


@strawberry.input(description="Care without a company. 自管或兜底")
class TakeOnCareInput:
    """What takeOnCare is given."""

    compound_id: strawberry.ID = strawberry.field(description=_COMPOUND)
    care: CompoundCare = strawberry.field(description="SELF_MANAGED, COMMUNITY or NONE. 管理方式")


@strawberry.input(description="A movement of money. 资金变动")
class BookFundInput:
    """What bookFund is given."""

    idempotency_key: str = strawberry.field(description=_KEY)
    compound_id: strawberry.ID = strawberry.field(description=_COMPOUND)
    movement: FundMovement = strawberry.field(description="What it is. 类型")
    on: date = strawberry.field(description="Day. 日期")
    amount_fen: int = strawberry.field(description="0.01 yuan. 金额（分）")
    text: str = strawberry.field(description="What for. 摘要")
    vote_id: strawberry.ID | None = strawberry.field(default=None, description="The vote that decided it. 表决")
    position: int = strawberry.field(default=0, description="Which of its matters, from 0. 事项序号")
    emergency_id: strawberry.ID | None = strawberry.field(
        default=None, description="The urgent repair that was approved, in place of a vote; of USE. 应急使用"
    )


@strawberry.input(description="A quarter that is published. 季度公布")
class PublishFundsInput:
    """What publishFunds is given."""

    compound_id: strawberry.ID = strawberry.field(description=_COMPOUND)
    quarter: str = strawberry.field(description="The quarter, as 2026Q1; the next one that is over. 季度")


@strawberry.type
class CareMutations:
    """Mutations of care and funds."""

    @strawberry.mutation(description="Enter a compound in the register of those that lack care. 登记三无小区")
    async def register_lack(self, info: Info, input: RegisterLackInput) -> CompoundPayload:  # noqa: A002
        """Enter."""
        lacks = (input.no_service, input.no_unit, input.no_security)
        asked = c.RegisterLack(uuid_of(input.compound_id), *lacks, input.cause)
        outcome = await perform(info, "registerLack", c.register_lack, asked, input.idempotency_key)
        return await compound_payload(info, outcome)

    @strawberry.mutation(description="Settle how a compound will be cared for. 确定治理方案")
    async def plan_solution(self, info: Info, input: PlanSolutionInput) -> CompoundPayload:  # noqa: A002
        """Settle."""
        asked = c.PlanSolution(uuid_of(input.lack_id), Care[input.solution.name], input.responsible)
        return await compound_payload(info, await perform(info, "planSolution", c.plan_solution, asked))

    @strawberry.mutation(description="Prove one of the five haves, or take it back. 五有佐证")
    async def prove_have(self, info: Info, input: ProveHaveInput) -> CompoundPayload:  # noqa: A002
        """Prove."""
        asked = c.ProveHave(uuid_of(input.lack_id), Have[input.have.name], input.evidence)
        return await compound_payload(info, await perform(info, "proveHave", c.prove_have, asked))

    @strawberry.mutation(description="Convert a compound that has all five and is cared for. 三无转五有")
    async def convert_compound(self, info: Info, input: ConvertCompoundInput) -> CompoundPayload:  # noqa: A002
        """Convert."""
        asked = c.ConvertCompound(uuid_of(input.lack_id))
        return await compound_payload(info, await perform(info, "convertCompound", c.convert_compound, asked))

    @strawberry.mutation(description="Let the owners or the community care for a compound. 自管或兜底代管")
    async def take_on_care(self, info: Info, input: TakeOnCareInput) -> CompoundPayload:  # noqa: A002
        """Let them."""
        asked = c.TakeOnCare(uuid_of(input.compound_id), Care[input.care.name])
        return await compound_payload(info, await perform(info, "takeOnCare", c.take_on_care, asked))

    @strawberry.mutation(description="Book a movement of money. 登记资金变动")
    async def book_fund(self, info: Info, input: BookFundInput) -> CompoundPayload:  # noqa: A002
        """Book."""
        asked = f.BookFund(
            compound_id=uuid_of(input.compound_id),
            movement=Movement[input.movement.name],
            on=input.on,
            amount=input.amount_fen,
            text=input.text,
            vote_id=uuid_or_none(input.vote_id),
            position=input.position,
            emergency_id=uuid_or_none(input.emergency_id),
        )
        outcome = await perform(info, "bookFund", f.book_fund, asked, input.idempotency_key)
        return await compound_payload(info, outcome)

    @strawberry.mutation(description="Publish a quarter to the owners. 季度公布")
    async def publish_funds(self, info: Info, input: PublishFundsInput) -> CompoundPayload:  # noqa: A002
        """Publish."""
        asked = f.PublishFunds(uuid_of(input.compound_id), input.quarter)
        return await compound_payload(info, await perform(info, "publishFunds", f.publish_funds, asked))
