"""What was handed down to communities in the graph, what entry control says of it, and counts of it by region."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Annotated, Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping

from chassis.graphql.connection import Connection, PageArguments
from chassis.graphql.context import Context
from services.tickets.graphql.admission import AdmissionItem, admission_item_by_id
from services.tickets.graphql.links import Info, Organisation, code_of
from services.tickets.storage.hand_downs import Period, count_distinct, count_flags, count_hand_downs
from services.tickets.storage.histories import HAND_DOWNS, load_flags

_MOST, _MOST_FLAGS = 200, 100
_DAY = timedelta(days=1)


@strawberry.enum(description="Why an item of entry control is held to speak of a ticket. 提示原因")
class AdmissionCause(Enum):
    """As `domain.admission.Cause`, by name."""

    NAMED = strawberry.enum_value("NAMED", description="The ticket names it. 明示")
    KEYWORD = strawberry.enum_value("KEYWORD", description="The ticket holds one of its keywords. 关键词")
    CLAIMED = strawberry.enum_value("CLAIMED", description="The community said so when it refused. 社区主张")


@strawberry.type(description="An item of entry control that speaks of a ticket. 准入提示")
class AdmissionFlag:
    """A flag."""

    cause: AdmissionCause = strawberry.field(description="Why. 原因")
    word: str | None = strawberry.field(description="The keyword by which it was known. 关键词")
    refused_at: datetime | None = strawberry.field(description="When the ticket was refused by it. 依此拒绝时间")
    item_id: strawberry.Private[UUID]

    @strawberry.field(description="The item, in the version of that day. 清单事项")
    async def item(self, info: Info) -> AdmissionItem | None:
        """Read it."""
        return await admission_item_by_id(info.context, self.item_id)


@strawberry.type(description="A ticket came to the community from above. 交办")
class TicketHandDown:
    """A hand-down."""

    at: datetime = strawberry.field(description="When. 时间")
    title: str = strawberry.field(description="Code of the duty title by which it was pushed down. 交办职务")
    from_region_code: str = strawberry.field(description="Where that duty is held. 交办区划")
    organisation: Organisation | None = strawberry.field(description="Which organisation pushed it down. 交办单位")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        pushed_by = row["organisation_id"]
        return cls(
            **{name: row[name] for name in ("at", "title", "from_region_code")},
            organisation=Organisation(id=strawberry.ID(str(pushed_by))) if pushed_by else None,
            row=row,
        )

    @strawberry.field(description="Items of entry control that speak of it, at most 100. 准入提示")
    async def flags(self, info: Info) -> list[AdmissionFlag]:
        """Read them."""
        return [
            AdmissionFlag(
                cause=AdmissionCause[one["cause"].upper()],
                word=one["word"],
                refused_at=one["refused_at"],
                item_id=one["item_id"],
            )
            for one in (await info.context.loader(load_flags).load((self.row["ticket_id"], self.row["seq"])))[
                :_MOST_FLAGS
            ]
        ]


@strawberry.type(description="Counts by an item of entry control. 清单事项统计")
class AdmissionItemCount:
    """A count by item."""

    flagged: int = strawberry.field(description="Hand-downs that it speaks of. 提示数")
    refused: int = strawberry.field(description="Those refused by it. 依此拒绝数")
    item_id: strawberry.Private[UUID]

    @strawberry.field(description="The item, in one version. 清单事项")
    async def item(self, info: Info) -> AdmissionItem | None:
        """Read it."""
        return await admission_item_by_id(info.context, self.item_id)


@strawberry.type(description="Counts by an organisation that pushes work down. 交办单位统计")
class PushingOrganisationCount:
    """A count by organisation."""

    organisation: Organisation | None = strawberry.field(description="Which; null where none is known. 交办单位")
    handed_down: int = strawberry.field(description="Hand-downs. 交办数")
    flags: int = strawberry.field(description="How often an item spoke of one. 提示数")
    refusals: int = strawberry.field(description="How often one was refused by an item. 依清单拒绝数")


@strawberry.type(description="What was handed down, and what entry control made of it. 交办与准入统计")
class AdmissionStats:
    """Counts of one region and what is below it."""

    period: strawberry.Private[Period]

    @strawberry.field(description="Tickets that came to communities from above, each time counted. 交办数")
    async def handed_down(self, info: Info) -> int:
        """Count."""
        return sum((await count_hand_downs(await info.context.read(), self.period)).values())

    @strawberry.field(description="Those of which an item of entry control speaks. 提示数")
    async def flagged(self, info: Info) -> int:
        """Count."""
        return (await count_distinct(await info.context.read(), self.period))[0]

    @strawberry.field(description="Those that were refused or returned by an item. 依清单拒绝数")
    async def refused(self, info: Info) -> int:
        """Count."""
        return (await count_distinct(await info.context.read(), self.period))[1]

    @strawberry.field(description="By item and version, the most refused first, at most 200. 按清单事项")
    async def items(self, info: Info) -> list[AdmissionItemCount]:
        """Count."""
        flagged: Counter[UUID] = Counter()
        refused: Counter[UUID] = Counter()
        for row in await count_flags(await info.context.read(), self.period):
            flagged[row["item_id"]] += row["flagged"]
            refused[row["item_id"]] += row["refused"]
        found = [AdmissionItemCount(flagged=n, refused=refused[id_], item_id=id_) for id_, n in flagged.items()]
        return sorted(found, key=lambda one: (-one.refused, -one.flagged, one.item_id))[:_MOST]

    @strawberry.field(description="By organisation, the most refused first, at most 200. 按交办单位")
    async def organisations(self, info: Info) -> list[PushingOrganisationCount]:
        """Count."""
        session = await info.context.read()
        flags: Counter[UUID | None] = Counter()
        refusals: Counter[UUID | None] = Counter()
        for row in await count_flags(session, self.period):
            flags[row["organisation_id"]] += row["flagged"]
            refusals[row["organisation_id"]] += row["refused"]
        pushed = await count_hand_downs(session, self.period)
        order = sorted(pushed, key=lambda id_: (-refusals[id_], -pushed[id_], str(id_)))
        return [
            PushingOrganisationCount(
                organisation=None if id_ is None else Organisation(id=strawberry.ID(str(id_))),
                handed_down=pushed[id_],
                flags=flags[id_],
                refusals=refusals[id_],
            )
            for id_ in order[:_MOST]
        ]


async def hand_downs_of(context: Context, ticket_id: UUID, asked: PageArguments) -> Connection[TicketHandDown]:
    """Return a page of the hand-downs of a ticket, the first first."""
    page = await HAND_DOWNS.page(context, ticket_id, asked)
    return page.connection(TicketHandDown.of)


@strawberry.type
class RegionHandDowns:
    """What hand-downs add to a region."""

    id: strawberry.ID = strawberry.field(description="Identity, which outlives code and name. 标识")

    @strawberry.field(
        description="What was handed down to communities here, and what entry control made of it. 准入统计"
    )
    async def admission_stats(
        self,
        info: Info,
        handed_down_from: Annotated[date | None, strawberry.argument(description="First day. 起始日期")] = None,
        handed_down_to: Annotated[date | None, strawberry.argument(description="Last day. 截止日期")] = None,
    ) -> AdmissionStats:
        """Prepare the counts."""
        info.context.access.admit(info.context.caller, "admissionStats")
        prefix = await code_of(info.context, self.id)
        return AdmissionStats(period=Period(prefix, handed_down_from and handed_down_from - _DAY, handed_down_to))
