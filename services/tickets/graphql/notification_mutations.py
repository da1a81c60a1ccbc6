"""Reading notifications and choosing which to have, in the graph."""

from __future__ import annotations

from datetime import datetime

import strawberry

from chassis.graphql.mutate import perform
from services.tickets.commands import notifications as commands
from services.tickets.domain.notification_rules import Channel
from services.tickets.domain.telling import Matter
from services.tickets.graphql.links import Info, by_process, live_of, uuid_of
from services.tickets.graphql.notification_enums import NotificationChannel, NotificationMatter
from services.tickets.graphql.notifications import NotificationChoice, choices, unread_count
from services.tickets.graphql.problem import Problem


@strawberry.input(description="To have read notifications. 标记已读")
class MarkNotificationsReadInput:
    """Input of markNotificationsRead."""

    ids: list[strawberry.ID] | None = strawberry.field(description="At most 100 of them. 通知", default=None)
    up_to: datetime | None = strawberry.field(
        description="Or everything raised up to an instant, at most 1000 at once, the oldest first. 截至时间",
        default=None,
    )


@strawberry.type(description="What became of it. 结果")
class MarkNotificationsReadPayload:
    """Payload of markNotificationsRead."""

    unread_count: int = strawberry.field(description="How many are unread now. 未读数")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.input(description="To be told of a matter by a way, or no longer. 通知设置")
class ChooseNotificationsInput:
    """Input of chooseNotifications."""

    channel: NotificationChannel = strawberry.field(description="By which way. 渠道")
    matter: NotificationMatter = strawberry.field(description="Of what. 类别")
    wanted: bool = strawberry.field(description="Whether to be told. 是否接收")


@strawberry.type(description="What became of it. 结果")
class ChooseNotificationsPayload:
    """Payload of chooseNotifications."""

    choices: list[NotificationChoice] = strawberry.field(description="What the caller is not told now. 退订")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type
class NotificationMutations:
    """The mutations."""

    @strawberry.mutation(description="Note that notifications were read; again changes nothing. 标记已读")
    async def mark_notifications_read(
        self,
        info: Info,
        input: MarkNotificationsReadInput,  # noqa: A002
    ) -> MarkNotificationsReadPayload:
        """Mark."""
        context = info.context
        asked = commands.MarkRead(tuple(uuid_of(id_) for id_ in input.ids or ()), input.up_to)
        outcome = await perform(info, "markNotificationsRead", by_process(info, commands.mark_read), asked)
        live_of(context).has_read(str(context.caller.subject))
        return MarkNotificationsReadPayload(unread_count=await unread_count(context), problems=outcome.problems)

    @strawberry.mutation(description="Choose whether to be told of a matter by a way. 设置通知")
    async def choose_notifications(self, info: Info, input: ChooseNotificationsInput) -> ChooseNotificationsPayload:  # noqa: A002
        """Choose."""
        asked = commands.Choose(Channel[input.channel.name], Matter[input.matter.name], input.wanted)
        outcome = await perform(info, "chooseNotifications", commands.choose, asked)
        return ChooseNotificationsPayload(choices=await choices(info.context), problems=outcome.problems)
