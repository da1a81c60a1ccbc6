"""Mutations of panels of experts and of shared methods."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.mutate import perform
from services.org.commands import models as commands
from services.org.graphql.ending import EndInput
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.models import (
    Adoption,
    Expert,
    Guidance,
    SharedMethod,
    adoption_by_id,
    expert_by_id,
    guidance_by_id,
    method_by_id,
)
from services.org.graphql.problem import Problem

_KEY = "The same key does it once. 幂等键"
_FROM = "First day; today or earlier. 起始日期"
_REFUSED = "Why it was refused; empty when done. 问题"


@strawberry.input(description="Somebody to take onto a panel of experts. 专家入库")
class EnrolExpertInput:
    """Input of enrolExpert."""

    idempotency_key: str = strawberry.field(description=_KEY)
    person_id: strawberry.ID = strawberry.field(description="Who. 人员")
    field: str = strawberry.field(description="Code of the field in this practice. 专业领域")
    region_code: str = strawberry.field(description="Whose panel. 区划")
    valid_from: date = strawberry.field(description=_FROM)


@strawberry.input(description="A community for an expert to accompany. 专家结对")
class AssignExpertInput:
    """Input of assignExpert."""

    idempotency_key: str = strawberry.field(description=_KEY)
    expert_id: strawberry.ID = strawberry.field(description="The expert. 专家")
    region_code: str = strawberry.field(description="The community, in the panel's region. 社区")
    valid_from: date = strawberry.field(description=_FROM)


@strawberry.input(description="A method to share. 工作法推广")
class ShareMethodInput:
    """Input of shareMethod."""

    idempotency_key: str = strawberry.field(description=_KEY)
    title: str = strawberry.field(description="What it is called. 名称")
    type: str = strawberry.field(description="Code of the type of communities it is for. 适用社区类型")
    model_code: str = strawberry.field(description="The model community that it comes from. 样板社区")
    region_code: str = strawberry.field(description="Where it is shared; the model community lies in it. 推广区划")
    valid_from: date = strawberry.field(description=_FROM)
    content: str | None = strawberry.field(default=None, description="How one works by it. 内容")


@strawberry.input(description="A method to take up. 工作法应用")
class AdoptMethodInput:
    """Input of adoptMethod."""

    idempotency_key: str = strawberry.field(description=_KEY)
    method_id: strawberry.ID = strawberry.field(description="The method. 工作法")
    region_code: str = strawberry.field(description="The community, of the type that it is for. 社区")
    valid_from: date = strawberry.field(description=_FROM)


@strawberry.type(description="What became of it. 结果")
class ExpertPayload:
    """Payload of the mutations of experts."""

    expert: Expert | None = strawberry.field(description="The expert; null when refused. 专家")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type(description="What became of it. 结果")
class GuidancePayload:
    """Payload of the mutations of guidance."""

    guidance: Guidance | None = strawberry.field(description="The guidance; null when refused. 结对")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type(description="What became of it. 结果")
class SharedMethodPayload:
    """Payload of the mutations of methods."""

    method: SharedMethod | None = strawberry.field(description="The method; null when refused. 工作法")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type(description="What became of it. 结果")
class AdoptionPayload:
    """Payload of the mutations of adoptions."""

    adoption: Adoption | None = strawberry.field(description="The adoption; null when refused. 应用")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type
class ModelMutations:
    """The mutations."""

    @strawberry.mutation(description="Take somebody onto a panel of experts. 专家入库")
    async def enrol_expert(self, info: Info, input: EnrolExpertInput) -> ExpertPayload:  # noqa: A002
        """Enrol."""
        asked = commands.EnrolExpert(uuid_of(input.person_id), input.field, input.region_code, input.valid_from)
        outcome = await perform(info, "enrolExpert", commands.enrol_expert, asked, input.idempotency_key)
        found = await expert_by_id(info.context, outcome.id) if outcome.id else None
        return ExpertPayload(expert=found, problems=outcome.problems)

    @strawberry.mutation(description="Let somebody leave a panel of experts. 专家出库")
    async def end_expert(self, info: Info, input: EndInput) -> ExpertPayload:  # noqa: A002
        """End."""
        outcome = await perform(info, "endExpert", commands.end_expert, input.asked())
        found = await expert_by_id(info.context, outcome.id) if outcome.id else None
        return ExpertPayload(expert=found, problems=outcome.problems)

    @strawberry.mutation(description="Let an expert accompany a community. 专家结对")
    async def assign_expert(self, info: Info, input: AssignExpertInput) -> GuidancePayload:  # noqa: A002
        """Assign."""
        asked = commands.AssignExpert(uuid_of(input.expert_id), input.region_code, input.valid_from)
        outcome = await perform(info, "assignExpert", commands.assign_expert, asked, input.idempotency_key)
        found = await guidance_by_id(info.context, outcome.id) if outcome.id else None
        return GuidancePayload(guidance=found, problems=outcome.problems)

    @strawberry.mutation(description="End the guidance of a community. 专家结对结束")
    async def end_guidance(self, info: Info, input: EndInput) -> GuidancePayload:  # noqa: A002
        """End."""
        outcome = await perform(info, "endGuidance", commands.end_guidance, input.asked())
        found = await guidance_by_id(info.context, outcome.id) if outcome.id else None
        return GuidancePayload(guidance=found, problems=outcome.problems)

    @strawberry.mutation(description="Share a method of a model community. 工作法推广")
    async def share_method(self, info: Info, input: ShareMethodInput) -> SharedMethodPayload:  # noqa: A002
        """Share."""
        names = ("title", "type", "model_code", "region_code", "valid_from", "content")
        asked = commands.ShareMethod(**{name: getattr(input, name) for name in names})
        outcome = await perform(info, "shareMethod", commands.share_method, asked, input.idempotency_key)
        found = await method_by_id(info.context, outcome.id) if outcome.id else None
        return SharedMethodPayload(method=found, problems=outcome.problems)

    @strawberry.mutation(description="Share a method no longer; who took it up may go on. 工作法停止推广")
    async def end_method(self, info: Info, input: EndInput) -> SharedMethodPayload:  # noqa: A002
        """End."""
        outcome = await perform(info, "endMethod", commands.end_method, input.asked())
        found = await method_by_id(info.context, outcome.id) if outcome.id else None
        return SharedMethodPayload(method=found, problems=outcome.problems)

    @strawberry.mutation(description="Let a community take a method up. 工作法应用")
    async def adopt_method(self, info: Info, input: AdoptMethodInput) -> AdoptionPayload:  # noqa: A002
        """Adopt."""
        asked = commands.AdoptMethod(uuid_of(input.method_id), input.region_code, input.valid_from)
        outcome = await perform(info, "adoptMethod", commands.adopt_method, asked, input.idempotency_key)
        found = await adoption_by_id(info.context, outcome.id) if outcome.id else None
        return AdoptionPayload(adoption=found, problems=outcome.problems)

    @strawberry.mutation(description="Let a community give a method up. 工作法停用")
    async def end_adoption(self, info: Info, input: EndInput) -> AdoptionPayload:  # noqa: A002
        """End."""
        outcome = await perform(info, "endAdoption", commands.end_adoption, input.asked())
        found = await adoption_by_id(info.context, outcome.id) if outcome.id else None
        return AdoptionPayload(adoption=found, problems=outcome.problems)
