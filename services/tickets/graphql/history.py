"""What was done about a ticket, and what came of it: lists that grow for as long as it is under way."""

from __future__ import annotations

from typing import Any

import strawberry

from chassis.graphql.connection import Connection, PageArguments
from services.tickets.commands.actors import now
from services.tickets.domain.process import Process
from services.tickets.graphql.attachments import TicketAttachment
from services.tickets.graphql.deliberations import Deliberation
from services.tickets.graphql.hand_downs import TicketHandDown, hand_downs_of
from services.tickets.graphql.links import Info
from services.tickets.graphql.owners_votes import TicketOwnersVote
from services.tickets.graphql.timeline import TimelineEntry
from services.tickets.graphql.words import TicketDeadline
from services.tickets.storage import histories


@strawberry.type
class TicketHistory:
    """What a ticket shows of what was done."""

    row: strawberry.Private[Any]
    definition: strawberry.Private[Process]

    @strawberry.field(description="Everything that was done, the first first. 办理记录")
    async def timeline(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[TimelineEntry]:
        """Read a page of it; what came with a line is read when it is asked for."""
        asked = PageArguments(first, after, last, before)
        page = await histories.ENTRIES.page(info.context, self.row["id"], asked)
        return page.connection(lambda row: TimelineEntry.of(row, self.definition, info.context))

    @strawberry.field(description="All files, in the order they came. 附件")
    async def attachments(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[TicketAttachment]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        page = await histories.ATTACHMENTS.page(info.context, self.row["id"], asked)
        return page.connection(TicketAttachment.of)

    @strawberry.field(description="Deadlines in the order they started: those that run and those that ran. 时限")
    async def deadlines(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[TicketDeadline]:
        """Read a page of the clocks."""
        asked = PageArguments(first, after, last, before)
        page = await histories.CLOCKS.page(info.context, self.row["id"], asked)
        return page.connection(lambda row: TicketDeadline.of(row, self.definition, now(), info.context))

    @strawberry.field(
        description="When it was handed down to the community, and what entry control says; the first first. "
        "交办与准入提示"
    )
    async def hand_downs(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[TicketHandDown]:
        """Read a page of them."""
        return await hand_downs_of(info.context, self.row["id"], PageArguments(first, after, last, before))

    @strawberry.field(description="Votes of owners that it led to, the first first. 业主表决")
    async def owners_votes(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[TicketOwnersVote]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        page = await histories.OWNERS_VOTES.page(info.context, self.row["id"], asked)
        return page.connection(TicketOwnersVote.of)

    @strawberry.field(description="Deliberations about it, the first first. 议事")
    async def deliberations(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Deliberation]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        page = await histories.DELIBERATIONS.page(info.context, self.row["id"], asked)
        return page.connection(Deliberation.of)
