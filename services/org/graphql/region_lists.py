"""What regions of every level have beside their tree: fields of `Region` that count or list what is kept below."""

from __future__ import annotations

from datetime import date

import strawberry
from sqlalchemy import RowMapping

from chassis.graphql.connection import Connection, PageArguments
from services.org.graphql import allocations as given
from services.org.graphql import assessments as assessed
from services.org.graphql import lists, reserve
from services.org.graphql.links import Info
from services.org.storage.in_force import Place


@strawberry.type
class Placed:
    """A region of a day; its code is a field of `Region`."""

    row: strawberry.Private[RowMapping]
    day: strawberry.Private[date]

    @property
    def place(self) -> Place:
        """The region as the reads see it."""
        until = self.row["valid_to"]
        return Place(self.row["region_id"], self.row["code"], self.day, exists=until is None or until > self.day)

    @strawberry.field(description="What is on the four lists of the communities here. 四张清单")
    async def list_items(
        self,
        info: Info,
        on_list: lists.ListArgument = None,
        kind: str | None = None,
        settled: bool | None = None,  # noqa: FBT001
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[lists.ListItem]:
        """Read a page of it."""
        asked = PageArguments(first, after, last, before)
        return await lists.list_items_page(info.context, self.place, on_list, kind, settled, asked)

    @strawberry.field(description="How the four lists stand here. 四张清单统计")
    async def list_stats(self, info: Info) -> lists.ListStats:
        """Count them."""
        return await lists.list_stats_in(info.context, self.place)

    @strawberry.field(description="How organisations here were assessed in a year; for staff. 评估")
    async def assessments(
        self,
        info: Info,
        year: int,
        level: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[assessed.Assessment]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await assessed.assessments_page(info.context, self.place, year, level, asked)

    @strawberry.field(description="Levels and movement of a year; for staff. 评估统计")
    async def assessment_stats(self, info: Info, year: int) -> assessed.AssessmentStats:
        """Count them."""
        return await assessed.assessment_stats_in(info.context, self.place, year)

    @strawberry.field(description="What communities here were given in a year, each with its sum. 差异化配置")
    async def allocations(
        self,
        info: Info,
        year: int,
        kind: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[given.Allocation]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await given.allocations_page(info.context, self.place, year, kind, asked)

    @strawberry.field(
        description="What communities here were given in a year, by the practice's kinds and types. 差异化配置统计"
    )
    async def allocation_stats(self, info: Info, year: int) -> list[given.AllocationCount]:
        """Sum them up."""
        return await given.allocation_stats_in(info.context, self.place, year)

    @strawberry.field(description="Who is in reserve here; for staff. 应急后备力量")
    async def reservists(
        self,
        info: Info,
        source: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[reserve.Reservist]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await reserve.reservists_page(info.context, self.place, source, asked)

    @strawberry.field(description="What is needed and kept in reserve here; for staff. 应急后备力量统计")
    async def reserve_stats(self, info: Info) -> reserve.ReserveStats:
        """Count them."""
        return await reserve.reserve_stats_in(info.context, self.place)

    @strawberry.field(description="Call-ups of the communities here; for staff. 集结")
    async def call_ups(
        self,
        info: Info,
        over: bool | None = None,  # noqa: FBT001
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[reserve.CallUp]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await reserve.call_ups_page(info.context, self.place, over, asked)
