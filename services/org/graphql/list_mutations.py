"""Mutations of the four lists: write on them, link, hand to a ticket, settle, take off."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.context import Context
from chassis.graphql.mutate import Outcome, perform
from services.org.commands import lists as commands
from services.org.domain.lists import ListName
from services.org.graphql.ending import EndInput
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.lists import CommunityList, ListItem, list_item_by_id
from services.org.graphql.problem import Problem

_KEY = "The same key does it once. 幂等键"
_VERSION = "The version you read; refused when it is another now. 版本"


@strawberry.input(description="Something to write on a list. 清单列入")
class AddListItemInput:
    """Input of addListItem."""

    idempotency_key: str = strawberry.field(description=_KEY)
    on_list: CommunityList = strawberry.field(name="list", description="On which list. 清单")
    region_code: str = strawberry.field(description="The community. 社区")
    title: str = strawberry.field(description="What it is, in a few words. 名称")
    valid_from: date = strawberry.field(description="First day; today or earlier. 起始日期")
    kind: str | None = strawberry.field(
        default=None, description="Code of its kind; needed where the list has kinds. 类型"
    )
    detail: str | None = strawberry.field(default=None, description="What is to be said more. 说明")
    organisation_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose it is, or who sees to it. 责任单位"
    )


@strawberry.input(description="What leads to what. 清单对接")
class LinkListItemsInput:
    """Input of linkListItems."""

    idempotency_key: str = strawberry.field(description=_KEY)
    source_id: strawberry.ID = strawberry.field(description="The need or resource that leads. 来源事项")
    target_id: strawberry.ID = strawberry.field(description="The resource, service or task. 对接事项")


@strawberry.input(description="The ticket that handles an item. 清单转办")
class HandleListItemInput:
    """Input of handleListItem."""

    id: strawberry.ID = strawberry.field(description="The item. 事项")
    expected_version: int = strawberry.field(description=_VERSION)
    ticket_id: strawberry.ID = strawberry.field(description="The ticket. 议事单")


@strawberry.input(description="What came of a service or task. 清单销号")
class SettleListItemInput:
    """Input of settleListItem."""

    id: strawberry.ID = strawberry.field(description="The item. 事项")
    expected_version: int = strawberry.field(description=_VERSION)
    result: str = strawberry.field(description="What came of it. 办理结果")
    on: date = strawberry.field(description="The day of its result. 办结日期")


@strawberry.type(description="What became of it. 结果")
class ListItemPayload:
    """Payload of the mutations of lists."""

    list_item: ListItem | None = strawberry.field(description="The item; null when refused. 事项")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type
class ListMutations:
    """The mutations."""

    @strawberry.mutation(description="Write something on one of the four lists of a community. 清单列入")
    async def add_list_item(self, info: Info, input: AddListItemInput) -> ListItemPayload:  # noqa: A002
        """Add."""
        asked = commands.AddListItem(
            list=ListName[input.on_list.name],
            region_code=input.region_code,
            title=input.title,
            valid_from=input.valid_from,
            kind=input.kind,
            detail=input.detail,
            organisation_id=uuid_of(input.organisation_id) if input.organisation_id else None,
        )
        outcome = await perform(info, "addListItem", commands.add_list_item, asked, input.idempotency_key)
        return await _payload(info.context, outcome)

    @strawberry.mutation(description="Let a need or resource lead to what answers it. 清单对接")
    async def link_list_items(self, info: Info, input: LinkListItemsInput) -> ListItemPayload:  # noqa: A002
        """Link."""
        asked = commands.LinkListItems(uuid_of(input.source_id), uuid_of(input.target_id))
        outcome = await perform(info, "linkListItems", commands.link_list_items, asked, input.idempotency_key)
        return await _payload(info.context, outcome)

    @strawberry.mutation(description="Name the ticket that handles an item. 清单转办")
    async def handle_list_item(self, info: Info, input: HandleListItemInput) -> ListItemPayload:  # noqa: A002
        """Hand over."""
        asked = commands.HandleListItem(uuid_of(input.id), input.expected_version, uuid_of(input.ticket_id))
        outcome = await perform(info, "handleListItem", commands.handle_list_item, asked)
        return await _payload(info.context, outcome)

    @strawberry.mutation(description="Write down the result of a service or task. 清单销号")
    async def settle_list_item(self, info: Info, input: SettleListItemInput) -> ListItemPayload:  # noqa: A002
        """Settle."""
        asked = commands.SettleListItem(uuid_of(input.id), input.expected_version, input.result, input.on)
        outcome = await perform(info, "settleListItem", commands.settle_list_item, asked)
        return await _payload(info.context, outcome)

    @strawberry.mutation(description="Take an item off its list. 清单移出")
    async def end_list_item(self, info: Info, input: EndInput) -> ListItemPayload:  # noqa: A002
        """End."""
        outcome = await perform(info, "endListItem", commands.end_list_item, input.asked())
        return await _payload(info.context, outcome)


async def _payload(context: Context, outcome: Outcome) -> ListItemPayload:
    found = await list_item_by_id(context, outcome.id) if outcome.id else None
    return ListItemPayload(list_item=found, problems=outcome.problems)
