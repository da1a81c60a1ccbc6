"""Mutations of systems of property help."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.mutate import perform
from services.property.commands import service_systems as c
from services.property.commands import supervision as v
from services.property.graphql.household_mutations import CompoundPayload, compound_payload
from services.property.graphql.links import Info, uuid_of, uuid_or_none

_KEY = "Same key, same answer, done once. 幂等键"
_COMPOUND, _LEVEL = "The compound. 小区", "Code of the level. 层级"


@strawberry.input(description="A compound under a system. 纳入服务体系")
class PlaceUnderSystemInput:
    """What placeUnderSystem is given."""

    idempotency_key: str = strawberry.field(description=_KEY)
    compound_id: strawberry.ID = strawberry.field(description=_COMPOUND)
    system: str = strawberry.field(description="Code of the system in the practice. 服务体系")
    on: date = strawberry.field(description="First day, today or before. 起始日期")


@strawberry.input(description="An end. 退出服务体系")
class EndServiceSystemInput:
    """What endServiceSystem is given."""

    compound_id: strawberry.ID = strawberry.field(description=_COMPOUND)
    on: date = strawberry.field(description="First day on which it is under it no more. 终止日期")


@strawberry.input(description="Who fills a level or body: one of organisation, person with title, name. 力量到位")
class FillServicePostInput:
    """What fillServicePost is given."""

    idempotency_key: str = strawberry.field(description=_KEY)
    compound_id: strawberry.ID = strawberry.field(description=_COMPOUND)
    post: str = strawberry.field(description="Code of the level or body. 层级或机构")
    on: date = strawberry.field(description="First day, today or before. 起始日期")
    organisation_id: strawberry.ID | None = strawberry.field(default=None, description="An organisation. 组织")
    person_id: strawberry.ID | None = strawberry.field(default=None, description="A person. 人员")
    title: str | None = strawberry.field(default=None, description="The duty title that the person holds. 职务")
    name: str | None = strawberry.field(default=None, description="Somebody whom org does not know. 名称")


@strawberry.input(description="Who fills a level or body no more. 力量离岗")
class VacateServicePostInput:
    """What vacateServicePost is given."""

    post_id: strawberry.ID = strawberry.field(description="Who fills it: id of the holder. 在岗力量")
    on: date = strawberry.field(description="First day on which they fill it no more. 终止日期")


@strawberry.input(description="What a level did. 帮助记录")
class RecordHelpInput:
    """What recordHelp is given."""

    idempotency_key: str = strawberry.field(description=_KEY)
    compound_id: strawberry.ID = strawberry.field(description=_COMPOUND)
    level: str = strawberry.field(description=_LEVEL)
    on: date = strawberry.field(description="Day. 日期")
    text: str = strawberry.field(description="What it did. 内容")
    ticket_id: strawberry.ID | None = strawberry.field(default=None, description="The ticket it was for. 事项")


@strawberry.input(description="An inspection. 监督检查")
class InspectServiceInput:
    """What inspectService is given."""

    idempotency_key: str = strawberry.field(description=_KEY)
    compound_id: strawberry.ID = strawberry.field(description=_COMPOUND)
    body: str = strawberry.field(description="Code of the supervising body. 监督机构")
    level: str = strawberry.field(description=_LEVEL)
    finding: str = strawberry.field(description="What it found. 检查结果")
    rectify_by: date | None = strawberry.field(
        default=None, description="By when it must be put right; null: nothing must. 整改期限"
    )


@strawberry.input(description="A judgement of what was demanded. 整改认定")
class JudgeRectificationInput:
    """What judgeRectification is given."""

    idempotency_key: str = strawberry.field(description=_KEY)
    inspection_id: strawberry.ID = strawberry.field(description="The inspection. 监督检查")
    rectified: bool = strawberry.field(description="Whether it was put right. 是否整改到位")
    opinion: str = strawberry.field(description="The opinion. 认定意见")
    rectify_by: date | None = strawberry.field(
        default=None, description="If it was not: by which other day it must be. 再定期限"
    )


@strawberry.type
class ServiceSystemMutations:
    """Mutations of systems of property help."""

    @strawberry.mutation(description="Put a compound under a system of property help. 纳入服务体系")
    async def place_under_system(self, info: Info, input: PlaceUnderSystemInput) -> CompoundPayload:  # noqa: A002
        """Put."""
        asked = c.PlaceUnderSystem(uuid_of(input.compound_id), input.system, input.on)
        outcome = await perform(info, "placeUnderSystem", c.place_under_system, asked, input.idempotency_key)
        return await compound_payload(info, outcome)

    @strawberry.mutation(description="End it, with everything that fills it. 退出服务体系")
    async def end_service_system(self, info: Info, input: EndServiceSystemInput) -> CompoundPayload:  # noqa: A002
        """End."""
        asked = c.EndServiceSystem(uuid_of(input.compound_id), input.on)
        return await compound_payload(info, await perform(info, "endServiceSystem", c.end_service_system, asked))

    @strawberry.mutation(description="Let somebody fill a level or supervising body. 力量到位")
    async def fill_service_post(self, info: Info, input: FillServicePostInput) -> CompoundPayload:  # noqa: A002
        """Fill."""
        asked = c.FillServicePost(
            compound_id=uuid_of(input.compound_id),
            post=input.post,
            on=input.on,
            organisation_id=uuid_or_none(input.organisation_id),
            person_id=uuid_or_none(input.person_id),
            title=input.title,
            name=input.name,
        )
        outcome = await perform(info, "fillServicePost", c.fill_service_post, asked, input.idempotency_key)
        return await compound_payload(info, outcome)

    @strawberry.mutation(description="Note that somebody fills a level or body no more. 力量离岗")
    async def vacate_service_post(self, info: Info, input: VacateServicePostInput) -> CompoundPayload:  # noqa: A002
        """Note."""
        asked = c.VacateServicePost(uuid_of(input.post_id), input.on)
        return await compound_payload(info, await perform(info, "vacateServicePost", c.vacate_service_post, asked))

    @strawberry.mutation(description="Record what a level did; by it, or who keeps the register. 帮助记录")
    async def record_help(self, info: Info, input: RecordHelpInput) -> CompoundPayload:  # noqa: A002
        """Record."""
        asked = v.RecordHelp(
            compound_id=uuid_of(input.compound_id),
            level=input.level,
            on=input.on,
            text=input.text,
            ticket_id=uuid_or_none(input.ticket_id),
        )
        outcome = await perform(info, "recordHelp", v.record_help, asked, input.idempotency_key)
        return await compound_payload(info, outcome)

    @strawberry.mutation(description="Inspect a level; by who speaks for a supervising body alone. 监督检查")
    async def inspect_service(self, info: Info, input: InspectServiceInput) -> CompoundPayload:  # noqa: A002
        """Inspect."""
        asked = v.InspectService(
            compound_id=uuid_of(input.compound_id),
            body=input.body,
            level=input.level,
            finding=input.finding,
            rectify_by=input.rectify_by,
        )
        outcome = await perform(info, "inspectService", v.inspect_service, asked, input.idempotency_key)
        return await compound_payload(info, outcome)

    @strawberry.mutation(description="Say whether it was put right; by the body that demanded it. 整改认定")
    async def judge_rectification(self, info: Info, input: JudgeRectificationInput) -> CompoundPayload:  # noqa: A002
        """Judge."""
        asked = v.JudgeRectification(
            inspection_id=uuid_of(input.inspection_id),
            rectified=input.rectified,
            opinion=input.opinion,
            rectify_by=input.rectify_by,
        )
        outcome = await perform(info, "judgeRectification", v.judge_rectification, asked, input.idempotency_key)
        return await compound_payload(info, outcome)
