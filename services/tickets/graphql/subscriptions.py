"""The subscriptions: tickets, the inbox and notifications, live."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated
from uuid import UUID

import strawberry

from chassis.errors import BadRequest, NotFound
from chassis.events.tail import Fact
from chassis.graphql.connection import PageArguments
from chassis.graphql.context import Context
from services.tickets.domain.levels import level_of
from services.tickets.graphql.inbox import InboxOfDuty, counts_of, my_inbox
from services.tickets.graphql.links import Info, live_of, seen_by, uuid_of
from services.tickets.graphql.notifications import NotificationConnection, mine, notifications_page, unread_count
from services.tickets.graphql.tickets import Ticket, ticket_by_id
from services.tickets.live import READ
from services.tickets.storage import notifications as stored

LOOK_AGAIN_SECONDS = 30.0
"""Time passes without an event: deadlines come near, duties begin and end, another instance is told what was read."""


@strawberry.type(description="What can be followed. 订阅")
class Subscription:
    """What tickets tells while it happens."""

    @strawberry.subscription(
        description="A ticket, as it is now and again after every change; or every ticket in a region that changes, "
        "as far as the caller sees it. Ends with NOT_FOUND when the one ticket is out of sight. 单据实时变更"
    )
    async def ticket_changed(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="The one ticket. 单据")] = None,  # noqa: A002
        region_code: Annotated[
            str | None, strawberry.argument(description="Or all of them here and below. 区划代码")
        ] = None,
    ) -> AsyncGenerator[Ticket, None]:
        """Follow it. Raises BadRequest, NotFound, TooSlow."""
        context = info.context
        context.access.admit(context.caller, "ticketChanged")
        if (id is None) == (region_code is None):
            raise BadRequest(reason="Name a ticket or a region.")
        one = None if id is None else uuid_of(id)
        code = _code(context, region_code)

        def wants(fact: Fact) -> bool:
            here = fact.id == one if one is not None else fact.region_code.startswith(code)
            return fact.entity == "ticket" and here

        async with live_of(context).following(wants) as follower:
            changed = [] if one is None else [one]
            while True:
                found = await _seen(context, changed)
                if one is not None and not found:
                    raise NotFound(what="ticket")
                for ticket in found:
                    yield ticket
                changed = await follower.news()

    @strawberry.subscription(
        description="What waits for the caller by each duty, at most 100: as it is now, and again when a count "
        "changes. 待办实时数"
    )
    async def my_inbox_changed(self, info: Info) -> AsyncGenerator[list[InboxOfDuty], None]:
        """Follow it."""
        context = info.context
        context.access.admit(context.caller, "myInboxChanged")
        regions: list[str] = []

        def wants(fact: Fact) -> bool:
            in_duty = any(fact.region_code.startswith(region) for region in regions)
            return (fact.entity == "ticket" and in_duty) or (
                fact.entity == "absence" and context.caller.sees(fact.region_code)
            )

        async with live_of(context).following(wants) as follower:
            last = None
            while True:
                inboxes = await my_inbox(context)
                regions[:] = [one.region_code for one in inboxes]
                counts = [await counts_of(context, one) for one in inboxes]
                await context.renew()
                if counts != last:
                    last = counts
                    yield inboxes
                await follower.news(LOOK_AGAIN_SECONDS)

    @strawberry.subscription(
        description="The caller's notifications: the newest as they are now, and again whenever one comes or is read. "
        "通知实时变更"
    )
    async def my_notifications_changed(
        self, info: Info, first: int | None = None
    ) -> AsyncGenerator[NotificationConnection, None]:
        """Follow them."""
        context = info.context
        context.access.admit(context.caller, "myNotifications")
        subject = str(context.caller.subject)

        def wants(fact: Fact) -> bool:
            told = fact.entity == "notification" and context.caller.sees(fact.region_code)
            return told or (fact.entity == READ and fact.region_code == subject)

        async with live_of(context).following(wants) as follower:
            last = None
            while True:
                newest = await stored.newest_of(await context.read(), await mine(context))
                now = newest, await unread_count(context)
                page = None if now == last else await notifications_page(context, PageArguments(first))
                await context.renew()
                last = now
                if page is not None:
                    yield page
                await follower.news(LOOK_AGAIN_SECONDS)


def _code(context: Context, region_code: str | None) -> str:
    code = (region_code or "").strip()
    if region_code is None:
        return code
    if level_of(code) is None:
        raise BadRequest(reason=f"{code[:40]!r} is not a region code.")
    # Somebody who sees only parts of it follows those parts.
    if not context.caller.sees(code) and not any(one.startswith(code) for one in context.caller.scope):
        raise NotFound(what="region")
    return code


async def _seen(context: Context, ids: list[UUID]) -> list[Ticket]:
    """Return the tickets that the caller sees now."""
    if not ids:
        return []
    seen = await seen_by(context, "ticketChanged")
    found = await asyncio.gather(*(ticket_by_id(context, id_, seen) for id_ in ids))
    await context.renew()
    return [one for one in found if one is not None]
