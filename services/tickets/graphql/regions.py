"""What tickets adds to org's regions, at every level at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.tickets.commands.actors import now, person_of
from services.tickets.domain.calendar import end_of, local_day
from services.tickets.graphql import stats, tickets
from services.tickets.graphql.admission import RegionAdmission
from services.tickets.graphql.burdens import RegionBurdens
from services.tickets.graphql.deliberations import RegionDeliberations
from services.tickets.graphql.enums import TicketActionKind, TicketStatus
from services.tickets.graphql.hand_downs import RegionHandDowns
from services.tickets.graphql.links import Info, RegionLink, TicketLink, code_of, plain, processes_of, seen_by
from services.tickets.storage import reads, without
from services.tickets.storage.areas import areas
from services.tickets.storage.reads import Filter
from services.tickets.storage.search import Search
from services.tickets.storage.stats import Which

_NOBODY = UUID(int=0)
"""Whose turn nothing is: the person of a caller who is in no register."""
_ENDED = {
    TicketStatus.DONE: "done",
    TicketStatus.REFUSED: "refused",
    TicketStatus.WITHDRAWN: "withdrawn",
    TicketStatus.JOINED: "joined",
}
_DAY = timedelta(days=1)


async def _may_end_at(context: Context, step: str) -> bool:
    """Tell whether tickets of some process end at what has this code."""
    every = await processes_of(context).every(await context.read())
    return any(end.code == step for process in every for end in process.ends)


ProcessCode = Annotated[str | None, strawberry.argument(description="Code of a process. 流程")]


@strawberry.type(description="A community in which something was not done. 未开展的社区")
class CommunityWithout:
    """A community."""

    code: str = strawberry.field(description="Its code. 区划代码")
    region: RegionLink = strawberry.field(description="The community. 社区")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from a region's row."""
        return cls(code=row["code"], region=Region(id=strawberry.ID(str(row["id"]))))


@strawberry.federation.interface_object(keys=["id"], description="A region of the tree, from city to unit. 区划")
class Region(RegionAdmission, RegionHandDowns, RegionBurdens, RegionDeliberations):
    """A region, as far as tickets knows it."""

    id: strawberry.ID = strawberry.field(description="Identity, which outlives code and name. 标识")

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Region:  # noqa: A002
        """Answer the gateway."""
        return Region(id=id)

    @strawberry.field(
        description="Tickets here and below that the caller may see, the newest first; `totalCount` is 10001 when "
        "there are more than 10,000. 议事单"
    )
    async def tickets(  # noqa: PLR0913, PLR0917 (arguments of the graph)
        self,
        info: Info,
        process: ProcessCode = None,
        category: Annotated[str | None, strawberry.argument(description="Code of a category. 类别")] = None,
        step: Annotated[str | None, strawberry.argument(description="Code of a step or end. 环节")] = None,
        status: Annotated[TicketStatus | None, strawberry.argument(description="Open or how ended. 状态")] = None,
        overdue: Annotated[bool | None, strawberry.argument(description="Whether a deadline has passed. 逾期")] = None,
        text: Annotated[
            str | None,
            strawberry.argument(description="All the words that title or content holds, or the number. 检索词"),
        ] = None,
        mine: Annotated[
            bool | None, strawberry.argument(description="Only those that were made the caller's turn. 指派给本人")
        ] = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[TicketLink]:
        """Read a page of them."""
        wanted = Filter(
            process=plain(process, "process"),
            category=plain(category, "category"),
            step=plain(step, "step"),
            is_open=None if status is None else status is TicketStatus.OPEN,
            outcome=_ENDED.get(status) if status else None,
            is_overdue=overdue,
            assignee=(person_of(info.context.caller) or _NOBODY) if mine else None,
        )
        seen = await seen_by(info.context, "tickets")
        if step is not None and wanted.is_open is None and not await _may_end_at(info.context, step):
            # Said of its own, so that the index of what is under way is used.
            wanted = replace(wanted, is_open=True)
        code, words = await code_of(info.context, self.id), plain(text, "text")
        listed = reads.list_of(code, seen, wanted, now())
        statement = Search(await info.context.read(), listed, words, code) if words and words.strip() else listed
        mark = fingerprint("Region.tickets", self.id, wanted, words)
        return await tickets.page_of(info.context, statement, PageArguments(first, after, last, before), mark)

    @strawberry.field(
        description="Communities here in which nothing of a kind was done on a ticket of a process, such as no joint "
        "meeting in a quarter; as far as the caller sees all tickets of the process. 未开展社区"
    )
    async def communities_without(
        self,
        info: Info,
        process: Annotated[str, strawberry.argument(description="Code of the process. 流程")],
        kind: Annotated[TicketActionKind, strawberry.argument(description="What was not done. 动作类别")],
        done_from: Annotated[date, strawberry.argument(description="First day. 起始日期")],
        done_to: Annotated[date, strawberry.argument(description="Last day. 截止日期")],
        first: int | None = None,
        after: str | None = None,
    ) -> Connection[CommunityWithout]:
        """Read a page of them, by code."""
        seen = await seen_by(info.context, "ticketStats")
        code = plain(process, "process") or ""
        prefixes = [area.prefix for area in areas(await code_of(info.context, self.id), code, seen)]
        period = (end_of(done_from - _DAY), end_of(done_to))
        statement = without.communities_without(prefixes, code, kind.name.lower(), period, local_day(now()))
        mark = fingerprint("Region.communitiesWithout", self.id, code, kind.name, done_from, done_to)
        session, asked = await info.context.read(), PageArguments(first, after)
        page = await paginate(session, statement, without.ORDER, asked, mark)
        return page.connection(CommunityWithout.of)

    @strawberry.field(description="Counts of tickets here and below that the caller may see. 议事单统计")
    async def ticket_stats(
        self,
        info: Info,
        process: ProcessCode = None,
        raised_from: Annotated[date | None, strawberry.argument(description="First day of raising. 起始日期")] = None,
        raised_to: Annotated[date | None, strawberry.argument(description="Last day of raising. 截止日期")] = None,
    ) -> stats.TicketStats:
        """Count when asked for a count."""
        seen = await seen_by(info.context, "ticketStats")
        which = Which(plain(process, "process"), raised_from, raised_to, seen)
        return stats.TicketStats.of(await code_of(info.context, self.id), which)
