"""Modes in the graph (平时服务、战时应急): how a community works, how it mustered, which are in an emergency."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import strawberry
from sqlalchemy import RowMapping, Select, select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.access import may
from services.org.graphql import regions
from services.org.graphql.enums import ModeKind
from services.org.graphql.links import Info, RegionLink
from services.org.graphql.words import MusterGroup
from services.org.storage import modes as reads
from services.org.storage import regions as region_reads
from services.org.storage import tables as t
from services.org.storage.in_force import Place


@strawberry.type(description="How many people an emergency group had when a community was switched. 编组人数")
class MusteredGroup:
    """A group's count."""

    group: MusterGroup = strawberry.field(description="The group. 编组")
    people: int = strawberry.field(description="People in it then. 人数")


@strawberry.type(description="How a community works, since when and why. 平急状态")
class CommunityMode:
    """A community's mode."""

    version: int = strawberry.field(description="Counts switches; give it back as expectedVersion. 版本")
    mode: ModeKind = strawberry.field(description="Peacetime or emergency. 状态")
    since: datetime | None = strawberry.field(description="Since when; null when it never switched. 起始时间")
    reason: str | None = strawberry.field(description="Why it was switched. 原因")
    row: strawberry.Private[RowMapping | None] = None

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from the row of a switch."""
        mode, since = ModeKind[row["mode"]], row["switched_at"]
        return cls(version=row["version"], mode=mode, since=since, reason=row["reason"], row=row)

    @strawberry.field(
        description="How the practice's groups were mustered at this switch, in their order; for staff, null to "
        "others, and where it was not kept. 编组情况"
    )
    async def mustered(self, info: Info) -> list[MusteredGroup] | None:
        """Name the groups that were counted."""
        row = self.row
        if row is None or row["mustered"] is None or not may(info.context.caller, "musters", row["region_code"]):
            return None
        groups = select(t.muster_group).order_by(t.muster_group.c.position, t.muster_group.c.code)
        counted = row["mustered"]
        return [
            MusteredGroup(group=MusterGroup.of(one, info.context), people=counted[one["code"]])
            for one in await (await info.context.read()).rows(groups)
            if one["code"] in counted
        ]


@strawberry.type(description="How many communities are in an emergency. 平急状态统计")
class ModeStats:
    """Counts over a region, at the end of the day asked about."""

    communities: int = strawberry.field(description="Communities here. 社区数")
    emergency: int = strawberry.field(description="Of these, in an emergency. 应急状态社区数")
    place: strawberry.Private[Place]

    @strawberry.field(description="The communities in an emergency, by code. 应急状态社区")
    async def in_emergency(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[RegionLink]:
        """Read a page of them."""
        place, asked = self.place, PageArguments(first, after, last, before)
        mark = fingerprint("inEmergency", place.id, place.as_of)
        statement: Select[tuple[object, ...]] = reads.in_emergency(place)
        page = await paginate(await info.context.read(), statement, [region_reads.CODE], asked, mark)
        return page.connection(lambda row: regions.region_of(row, place.as_of))


async def mode_of(context: Context, place: Place) -> CommunityMode:
    """Return the mode of a community at the end of its day."""
    row = await reads.last_switch(await context.read(), place.id, place.as_of)
    if row is None:
        return CommunityMode(version=0, mode=ModeKind.PEACETIME, since=None, reason=None)
    return CommunityMode.of(row)


async def modes_page(context: Context, place: Place, asked: PageArguments) -> Connection[CommunityMode]:
    """Return a page of the switches of a community until its day, the last first."""
    statement, mark = reads.switches_of(place.id, place.as_of), fingerprint("modes", place.id, place.as_of)
    order = [t.community_mode.c.version]
    page = await paginate(await context.read(), statement, order, asked, mark, descending=True)
    return page.connection(CommunityMode.of)


async def mode_stats_in(context: Context, place: Place) -> ModeStats:
    """Count the communities of a place."""
    every, away = await reads.count_modes(await context.read(), place)
    return ModeStats(communities=every, emergency=away, place=place)
