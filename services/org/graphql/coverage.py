"""What every count of covered compounds has: how many, how many not, and which."""

from __future__ import annotations

from datetime import date

import strawberry
from sqlalchemy import ColumnElement, RowMapping

from chassis.graphql.connection import Connection, PageArguments, paginate
from chassis.graphql.context import Context
from services.org.domain.measures import rounded
from services.org.graphql import compounds, regions
from services.org.graphql.links import CompoundLink, Info, RegionLink
from services.org.storage.circles import COMPOUND_ORDER, compounds_there
from services.org.storage.in_force import Place
from services.org.storage.organisations import load_places_on


@strawberry.type(description="A compound of a region. 区划内小区")
class CompoundThere:
    """A compound and where it lies."""

    compound: CompoundLink = strawberry.field(description="The compound; property has the rest. 小区")
    row: strawberry.Private[RowMapping]
    day: strawberry.Private[date]

    @strawberry.field(description="The region it lies in. 所属区划")
    async def region(self, info: Info) -> RegionLink | None:
        """Read the region."""
        moved = await info.context.loader(load_places_on).load((self.row["id"], self.day))
        return await regions.region_by_id(info.context, moved or self.row["region_id"], self.day)


@strawberry.type
class Coverage:
    """Counts over a region."""

    compounds: int = strawberry.field(description="Compounds here and below. 小区数")
    covered: int = strawberry.field(description="Of these, the covered ones. 已覆盖小区数")
    place: strawberry.Private[Place]

    @property
    def known(self) -> int:
        """Of how many compounds it can be told whether they are covered."""
        return self.compounds

    @strawberry.field(description="Not covered, of those of which it can be told. 未覆盖小区数")
    def uncovered(self) -> int:
        """Subtract."""
        return self.known - self.covered

    @strawberry.field(description="Share of those of which it can be told that is covered; null without any. 覆盖率")
    def covered_percent(self, decimals: int = 1) -> float | None:
        """Divide."""
        return rounded(100 * self.covered, self.known, max(0, min(decimals, 4)))

    async def page(
        self, context: Context, asked: PageArguments, mark: str, *conditions: ColumnElement[bool]
    ) -> Connection[CompoundThere]:
        """Return a page of the compounds of the region for which the conditions hold, by region."""
        statement = compounds_there(self.place, *conditions)
        page = await paginate(await context.read(), statement, COMPOUND_ORDER, asked, mark)
        return page.connection(
            lambda row: CompoundThere(
                compound=compounds.Compound(id=strawberry.ID(str(row["id"]))), row=row, day=self.place.as_of
            )
        )
