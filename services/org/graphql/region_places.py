"""What regions of every level have of what is held and offered at places: fields of `Region`."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.connection import Connection, PageArguments
from services.org.graphql import activities as held
from services.org.graphql import authorised, circles, covering
from services.org.graphql import services as offered
from services.org.graphql import station_stats as counts
from services.org.graphql.enums import ServiceWay, StateOfActivity
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.region_lists import Placed
from services.org.storage.activities import Chosen


@strawberry.input(description="Days from one to another, both included; open where one is left out. 起止日期")
class DaysInput:
    """From when to when."""

    first: date | None = strawberry.field(default=None, name="from", description="First day. 起始日期")
    last: date | None = strawberry.field(default=None, name="to", description="Last day, included. 截止日期")


def _chosen(kind: str | None, state: StateOfActivity | None, days: DaysInput | None) -> Chosen:
    days = days or DaysInput()
    return Chosen(kind, state.name if state else None, days.first, days.last)


@strawberry.type
class Held(Placed):
    """A region and what is held there."""

    @strawberry.field(description="Activities here and below, the latest day first. 活动")
    async def activities(
        self,
        info: Info,
        kind: str | None = None,
        state: StateOfActivity | None = None,
        days: DaysInput | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[held.Activity]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await held.activities_page(info.context, self.place, _chosen(kind, state, days), asked)

    @strawberry.field(description="How many activities there were here, and who took part. 活动统计")
    async def activity_stats(
        self, info: Info, kind: str | None = None, days: DaysInput | None = None
    ) -> held.ActivityStats:
        """Count them."""
        return await held.activity_stats_in(info.context, self.place, _chosen(kind, None, days))

    @strawberry.field(
        description="How many stations there are here, what for, and how communities are covered. 阵地统计"
    )
    async def station_stats(
        self, info: Info, kind: str | None = None, function: str | None = None
    ) -> counts.StationStats:
        """Count them."""
        return await counts.station_stats_in(info.context, self.place, kind, function)

    @strawberry.field(
        description="How the compounds here have stations within a walk: as far as the practice's circle says or as "
        "asked; null when nobody says how far. 服务圈覆盖"
    )
    async def service_circle(
        self,
        info: Info,
        minutes: circles.Minutes = None,
        circle: circles.Circle = None,
        kinds: circles.Kinds = None,
        functions: circles.Functions = None,
    ) -> circles.CircleCoverage | None:
        """Count them."""
        return await circles.coverage_in(info.context, self.place, circles.Asked(circle, minutes, kinds, functions))

    @strawberry.field(
        description="How the compounds here are covered by organisations of a kind, such as compound branches; and "
        "which are not. 组织覆盖"
    )
    async def organisation_coverage(self, info: Info, kind: str) -> covering.OrganisationCoverage:
        """Count them."""
        return await covering.organisation_coverage_in(info.context, self.place, kind)

    @strawberry.field(description="Items of service offered here: kept here, above or below; by title. 就近办理事项")
    async def service_items(
        self,
        info: Info,
        way: ServiceWay | None = None,
        department_id: strawberry.ID | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[offered.ServiceItem]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        department = uuid_of(department_id) if department_id else None
        return await offered.items_page(info.context, self.place, way, department, asked)

    @strawberry.field(description="How many items of service are offered here, and by which ways. 事项统计")
    async def service_item_stats(self, info: Info) -> offered.ServiceItemStats:
        """Count them."""
        return await offered.item_stats_in(info.context, self.place)

    @strawberry.field(description="Matters that departments handed to subdistricts here. 赋权事项")
    async def authorised_matters(
        self,
        info: Info,
        department_id: strawberry.ID | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[authorised.AuthorisedMatter]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        department = uuid_of(department_id) if department_id else None
        return await authorised.matters_page(info.context, self.place, department, asked)

    @strawberry.field(description="How the matters handed to subdistricts here stand. 赋权事项统计")
    async def authorised_matter_stats(self, info: Info) -> authorised.AuthorisedMatterStats:
        """Count them."""
        return await authorised.matter_stats_in(info.context, self.place)
