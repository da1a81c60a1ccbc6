"""Mutations by type and level: assess an organisation, allocate by the rules, depart from one."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.errors import BadRequest
from chassis.graphql.mutate import perform
from services.org.commands import by_type as commands
from services.org.domain.periods import today
from services.org.graphql.allocations import Allocation, allocation_by_id
from services.org.graphql.assessments import Assessment, assessment_by_id
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.problem import Problem
from services.org.graphql.regions import Region, region_by_id

_KEY = "The same key does it once. 幂等键"
_REFUSED = "Why it was refused; empty when done. 问题"


@strawberry.input(description="What an organisation scored in one capacity. 能力项得分")
class CapacityScoreInput:
    """A score."""

    capacity: str = strawberry.field(description="Code of the capacity. 能力项代码")
    score: int = strawberry.field(description="0 to 100. 得分")


@strawberry.input(description="An assessment to enter. 评估")
class AssessOrganisationInput:
    """Input of assessOrganisation."""

    idempotency_key: str = strawberry.field(description=_KEY)
    organisation_id: strawberry.ID = strawberry.field(description="Whose. 组织")
    year: int = strawberry.field(description="The year. 年度")
    scores: list[CapacityScoreInput] = strawberry.field(
        description="Each of the practice's capacities once, but for those that are counted. 能力项得分"
    )
    on: date = strawberry.field(description="The day; today or earlier. 评估日期")


@strawberry.type(description="What became of it. 结果")
class OrganisationAssessmentPayload:
    """Payload of assessOrganisation."""

    assessment: Assessment | None = strawberry.field(description="The assessment; null when refused. 评估")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.input(description="Give communities what the rules of their types say. 差异化配置")
class AllocateInput:
    """Input of allocate."""

    idempotency_key: str = strawberry.field(description=_KEY)
    region_code: str = strawberry.field(description="The region whose communities it is for. 范围")
    kind: str = strawberry.field(description="Code of the kind of thing. 配置类别")
    year: int = strawberry.field(description="The year. 年度")
    on: date = strawberry.field(description="The day whose types and counts hold; today or earlier. 配置日期")


@strawberry.type(description="What became of it. 结果")
class AllocatePayload:
    """Payload of allocate."""

    region: Region | None = strawberry.field(description="The region; null when refused. 区划")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.input(description="Another amount than the rule says. 配置调整")
class CorrectAllocationInput:
    """Input of correctAllocation."""

    id: strawberry.ID = strawberry.field(description="The allocation. 配置结果")
    expected_version: int = strawberry.field(description="The version you read. 版本")
    amount: float = strawberry.field(description="Units, a whole number. 数量")
    reason: str = strawberry.field(description="Why; everyone can read it. 调整事由")


@strawberry.type(description="What became of it. 结果")
class AllocationPayload:
    """Payload of correctAllocation."""

    allocation: Allocation | None = strawberry.field(description="The allocation; null when refused. 配置结果")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type
class TypeMutations:
    """The mutations."""

    @strawberry.mutation(description="Enter how an organisation was assessed; one of the same year is replaced. 评估")
    async def assess_organisation(self, info: Info, input: AssessOrganisationInput) -> OrganisationAssessmentPayload:  # noqa: A002
        """Assess. Raises BadRequest when a capacity is scored twice."""
        scores = {one.capacity: one.score for one in input.scores}
        if len(scores) != len(input.scores):
            raise BadRequest(reason="A capacity is scored once.")
        asked = commands.AssessOrganisation(uuid_of(input.organisation_id), input.year, scores, input.on)
        outcome = await perform(info, "assessOrganisation", commands.assess_organisation, asked, input.idempotency_key)
        found = await assessment_by_id(info.context, outcome.id) if outcome.id else None
        return OrganisationAssessmentPayload(assessment=found, problems=outcome.problems)

    @strawberry.mutation(description="Give the communities of a region what the rules of their types say. 差异化配置")
    async def allocate(self, info: Info, input: AllocateInput) -> AllocatePayload:  # noqa: A002
        """Allocate."""
        asked = commands.Allocate(input.region_code, input.kind, input.year, input.on)
        outcome = await perform(info, "allocate", commands.allocate, asked, input.idempotency_key)
        found = await region_by_id(info.context, outcome.id, today()) if outcome.id else None
        return AllocatePayload(region=found, problems=outcome.problems)

    @strawberry.mutation(description="Depart from the rule for one community, with the reason. 配置调整")
    async def correct_allocation(self, info: Info, input: CorrectAllocationInput) -> AllocationPayload:  # noqa: A002
        """Correct. Raises BadRequest for a part of a unit."""
        if not input.amount.is_integer():
            raise BadRequest(reason="An amount is a whole number of units.")
        asked = commands.CorrectAllocation(uuid_of(input.id), input.expected_version, int(input.amount), input.reason)
        outcome = await perform(info, "correctAllocation", commands.correct_allocation, asked)
        found = await allocation_by_id(info.context, outcome.id) if outcome.id else None
        return AllocationPayload(allocation=found, problems=outcome.problems)
