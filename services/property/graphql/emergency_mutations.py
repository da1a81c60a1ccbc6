"""Mutations of urgent repairs from the maintenance fund."""

from __future__ import annotations

import strawberry

from chassis.graphql.mutate import perform
from services.property.commands import emergencies as c
from services.property.graphql.household_mutations import CompoundPayload, compound_payload
from services.property.graphql.links import Info, uuid_of


@strawberry.input(description="An urgent repair. 应急使用申请")
class AskEmergencyUseInput:
    """What askEmergencyUse is given."""

    idempotency_key: str = strawberry.field(description="Same key, same answer, done once. 幂等键")
    compound_id: strawberry.ID = strawberry.field(description="The compound. 小区")
    hazard: str = strawberry.field(description="What endangers people or the building. 险情")
    works: str = strawberry.field(description="What is repaired. 维修内容")
    amount_fen: int = strawberry.field(description="At most, in 0.01 yuan. 金额上限（分）")


@strawberry.input(description="A decision on an urgent repair. 应急使用审批")
class DecideEmergencyUseInput:
    """What decideEmergencyUse is given."""

    id: strawberry.ID = strawberry.field(description="The urgent repair. 应急使用申请")
    approve: bool = strawberry.field(description="Whether it is approved. 是否批准")
    opinion: str = strawberry.field(description="The opinion. 审批意见")


@strawberry.type
class EmergencyMutations:
    """Mutations of urgent repairs."""

    @strawberry.mutation(description="Ask to repair something urgent from the maintenance fund. 申请应急使用维修资金")
    async def ask_emergency_use(self, info: Info, input: AskEmergencyUseInput) -> CompoundPayload:  # noqa: A002
        """Ask."""
        asked = c.AskEmergencyUse(
            compound_id=uuid_of(input.compound_id), hazard=input.hazard, works=input.works, amount=input.amount_fen
        )
        outcome = await perform(info, "askEmergencyUse", c.ask_emergency_use, asked, input.idempotency_key)
        return await compound_payload(info, outcome)

    @strawberry.mutation(description="Decide on it; another person than who asked. 审批应急使用")
    async def decide_emergency_use(self, info: Info, input: DecideEmergencyUseInput) -> CompoundPayload:  # noqa: A002
        """Decide."""
        asked = c.DecideEmergencyUse(id=uuid_of(input.id), approve=input.approve, opinion=input.opinion)
        return await compound_payload(info, await perform(info, "decideEmergencyUse", c.decide_emergency_use, asked))
