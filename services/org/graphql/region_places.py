"""What regions of every level have of what is held and offered at places: fields of `Region`."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.connection import Connection, PageArguments
from services.org.graphql import activities as held
from services.org.graphql.enums import StateOfActivity
from services.org.graphql.links import Info
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
