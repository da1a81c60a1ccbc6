"""Mutations of items of service and of authorised matters."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.context import Context
from chassis.graphql.mutate import Outcome, perform
from services.org.commands import authorised as matter_commands
from services.org.commands import services as commands
from services.org.domain.authorised import Verdict
from services.org.domain.services import Way
from services.org.graphql.authorised import AuthorisedMatter, matter_by_id
from services.org.graphql.ending import EndInput
from services.org.graphql.enums import MatterVerdict, ServiceWay
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.problem import Problem
from services.org.graphql.services import ServiceItem, item_by_id

_KEY = "The same key does it once. 幂等键"
_VERSION = "The version you read; refused when it is another now. 版本"
_FROM = "First day; today or earlier. 起始日期"
_REFUSED = "Why it was refused; empty when done. 问题"
_WAYS = "By which ways it is handled; one at the least. 办理方式"
_KINDS = "Codes of the kinds of stations that handle it; with the way STATION, and only then; at most 30. 办理阵地类型"
_FUNCTION = "Under which function of the station; any when left out. 阵地功能"
_GUIDE = "What to bring, and how it goes. 办事指南"


@strawberry.input(description="An item of service to put into the catalogue. 事项下沉")
class OfferServiceItemInput:
    """Input of offerServiceItem."""

    idempotency_key: str = strawberry.field(description=_KEY)
    title: str = strawberry.field(description="What it is. 事项名称")
    region_code: str = strawberry.field(description="Where it is offered: a community or above. 区划")
    valid_from: date = strawberry.field(description=_FROM)
    ways: list[ServiceWay] = strawberry.field(description=_WAYS)
    station_kinds: list[str] = strawberry.field(default_factory=list, description=_KINDS)
    function: str | None = strawberry.field(default=None, description=_FUNCTION)
    department_id: strawberry.ID | None = strawberry.field(
        default=None, description="The organisation that handed it down. 下放部门"
    )
    guide: str | None = strawberry.field(default=None, description=_GUIDE)


@strawberry.input(description="By which ways an item of service is handled from now on. 事项调整")
class ChangeServiceItemInput:
    """Input of changeServiceItem."""

    id: strawberry.ID = strawberry.field(description="The item. 事项")
    expected_version: int = strawberry.field(description=_VERSION)
    ways: list[ServiceWay] = strawberry.field(description=_WAYS)
    station_kinds: list[str] = strawberry.field(default_factory=list, description=_KINDS)
    function: str | None = strawberry.field(default=None, description=_FUNCTION)
    guide: str | None = strawberry.field(default=None, description=_GUIDE)


@strawberry.type(description="What became of it. 结果")
class ServiceItemPayload:
    """Payload of the mutations of items of service."""

    service_item: ServiceItem | None = strawberry.field(description="The item; null when refused. 事项")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.input(description="A matter to hand to a subdistrict. 赋权")
class HandDownMatterInput:
    """Input of handDownMatter."""

    idempotency_key: str = strawberry.field(description=_KEY)
    title: str = strawberry.field(description="What it is. 事项名称")
    region_code: str = strawberry.field(description="The subdistrict or town. 街道（镇）")
    valid_from: date = strawberry.field(description=_FROM)
    department_id: strawberry.ID | None = strawberry.field(
        default=None, description="The organisation that hands it down. 赋权部门"
    )


@strawberry.input(description="The training for an authorised matter. 赋权培训")
class TrainForMatterInput:
    """Input of trainForMatter."""

    id: strawberry.ID = strawberry.field(description="The matter. 事项")
    expected_version: int = strawberry.field(description=_VERSION)
    people: int = strawberry.field(description="How many people were trained. 培训人数")
    on: date = strawberry.field(description="When it was done; today or earlier. 培训日期")


@strawberry.input(description="How an authorised matter was found to work. 赋权评估")
class ReviewMatterInput:
    """Input of reviewMatter."""

    id: strawberry.ID = strawberry.field(description="The matter. 事项")
    expected_version: int = strawberry.field(description=_VERSION)
    verdict: MatterVerdict = strawberry.field(description="Whether it works. 评估结果")
    on: date = strawberry.field(description="The day; today or earlier, not before the last review. 评估日期")
    remark: str | None = strawberry.field(default=None, description="What is to be said of it. 说明")


@strawberry.input(description="An authorised matter to take back. 赋权收回")
class TakeMatterBackInput:
    """Input of takeMatterBack."""

    id: strawberry.ID = strawberry.field(description="The matter. 事项")
    expected_version: int = strawberry.field(description=_VERSION)
    on: date = strawberry.field(description="First day without it; today or earlier. 收回日期")
    reason: str = strawberry.field(description="Why. 原因")


@strawberry.type(description="What became of it. 结果")
class AuthorisedMatterPayload:
    """Payload of the mutations of authorised matters."""

    matter: AuthorisedMatter | None = strawberry.field(description="The matter; null when refused. 事项")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type
class ServiceMutations:
    """The mutations."""

    @strawberry.mutation(description="Put an item of service into the catalogue. 事项下沉")
    async def offer_service_item(self, info: Info, input: OfferServiceItemInput) -> ServiceItemPayload:  # noqa: A002
        """Offer."""
        asked = commands.OfferServiceItem(
            title=input.title,
            region_code=input.region_code,
            valid_from=input.valid_from,
            ways=[Way[way.name] for way in input.ways],
            station_kinds=input.station_kinds,
            function=input.function,
            department_id=uuid_of(input.department_id) if input.department_id else None,
            guide=input.guide,
        )
        outcome = await perform(info, "offerServiceItem", commands.offer_service_item, asked, input.idempotency_key)
        return await _item(info.context, outcome)

    @strawberry.mutation(description="Change by which ways an item of service is handled. 事项调整")
    async def change_service_item(self, info: Info, input: ChangeServiceItemInput) -> ServiceItemPayload:  # noqa: A002
        """Change."""
        asked = commands.ChangeServiceItem(
            id=uuid_of(input.id),
            expected_version=input.expected_version,
            ways=[Way[way.name] for way in input.ways],
            station_kinds=input.station_kinds,
            function=input.function,
            guide=input.guide,
        )
        outcome = await perform(info, "changeServiceItem", commands.change_service_item, asked)
        return await _item(info.context, outcome)

    @strawberry.mutation(description="Take an item of service out of the catalogue. 事项取消")
    async def withdraw_service_item(self, info: Info, input: EndInput) -> ServiceItemPayload:  # noqa: A002
        """Withdraw."""
        outcome = await perform(info, "withdrawServiceItem", commands.withdraw_service_item, input.asked())
        return await _item(info.context, outcome)

    @strawberry.mutation(description="Hand a matter to a subdistrict. 赋权")
    async def hand_down_matter(self, info: Info, input: HandDownMatterInput) -> AuthorisedMatterPayload:  # noqa: A002
        """Hand down."""
        department = uuid_of(input.department_id) if input.department_id else None
        asked = matter_commands.HandDownMatter(input.title, input.region_code, input.valid_from, department)
        outcome = await perform(info, "handDownMatter", matter_commands.hand_down_matter, asked, input.idempotency_key)
        return await _matter(info.context, outcome)

    @strawberry.mutation(description="Write down that the training for a matter is done. 赋权培训")
    async def train_for_matter(self, info: Info, input: TrainForMatterInput) -> AuthorisedMatterPayload:  # noqa: A002
        """Train."""
        asked = matter_commands.TrainForMatter(uuid_of(input.id), input.expected_version, input.people, input.on)
        outcome = await perform(info, "trainForMatter", matter_commands.train_for_matter, asked)
        return await _matter(info.context, outcome)

    @strawberry.mutation(description="Write down how a matter was found to work. 赋权评估")
    async def review_matter(self, info: Info, input: ReviewMatterInput) -> AuthorisedMatterPayload:  # noqa: A002
        """Review."""
        asked = matter_commands.ReviewMatter(
            uuid_of(input.id), input.expected_version, Verdict[input.verdict.name], input.on, input.remark
        )
        outcome = await perform(info, "reviewMatter", matter_commands.review_matter, asked)
        return await _matter(info.context, outcome)

    @strawberry.mutation(description="Take a matter back from a subdistrict. 赋权收回")
    async def take_matter_back(self, info: Info, input: TakeMatterBackInput) -> AuthorisedMatterPayload:  # noqa: A002
        """Take back."""
        asked = matter_commands.TakeMatterBack(uuid_of(input.id), input.expected_version, input.on, input.reason)
        outcome = await perform(info, "takeMatterBack", matter_commands.take_matter_back, asked)
        return await _matter(info.context, outcome)


async def _item(context: Context, outcome: Outcome) -> ServiceItemPayload:
    found = await item_by_id(context, outcome.id) if outcome.id else None
    return ServiceItemPayload(service_item=found, problems=outcome.problems)


async def _matter(context: Context, outcome: Outcome) -> AuthorisedMatterPayload:
    found = await matter_by_id(context, outcome.id) if outcome.id else None
    return AuthorisedMatterPayload(matter=found, problems=outcome.problems)
