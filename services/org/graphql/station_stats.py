"""How many stations a place has, what for, and how its communities are covered."""

from __future__ import annotations

import strawberry

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.graphql import regions
from services.org.graphql.links import Info, RegionLink
from services.org.graphql.words import CommunityType, type_of
from services.org.storage import regions as region_reads
from services.org.storage.in_force import Place
from services.org.storage.prefixes import in_prefix
from services.org.storage.station_counts import count_by_type, count_functions, count_stations, without


@strawberry.type(description="How many stations have a function. 阵地功能统计")
class StationFunctionCount:
    """A count."""

    function: str = strawberry.field(description="The function. 功能")
    stations: int = strawberry.field(description="Stations that have it. 阵地数")


@strawberry.type(description="How the communities of a type are covered with stations. 分类型阵地覆盖")
class StationTypeCount:
    """Counts of a type of community."""

    communities: int = strawberry.field(description="Communities of the type. 社区数")
    covered: int = strawberry.field(description="Communities with one station at the least. 已覆盖社区数")
    stations: int = strawberry.field(description="Stations in them. 阵地数")
    code: strawberry.Private[str]

    @strawberry.field(description="Communities without any. 未覆盖社区数")
    def without(self) -> int:
        """Subtract."""
        return self.communities - self.covered

    @strawberry.field(description="The type. 类型")
    async def type(self, info: Info) -> CommunityType:
        """Read the type."""
        return await type_of(info.context, self.code)


@strawberry.type(description="How many stations there are, what for, and how communities are covered. 阵地统计")
class StationStats:
    """Counts over a region."""

    stations: int = strawberry.field(description="Stations. 阵地数")
    kinds: int = strawberry.field(description="Kinds that there are any of. 类型数")
    located: int = strawberry.field(description="Stations of which it is known where they stand. 有坐标的阵地数")
    place: strawberry.Private[Place]
    kind: strawberry.Private[str | None]
    wanted: strawberry.Private[str | None]

    @strawberry.field(description="By function; at most 200. 功能统计")
    async def functions(self, info: Info) -> list[StationFunctionCount]:
        """Count them."""
        rows = await count_functions(await info.context.read(), self.place, self.kind, self.wanted)
        return [StationFunctionCount(function=row["name"], stations=row["stations"]) for row in rows[:200]]

    @strawberry.field(description="Different functions that stations have. 功能数")
    async def function_count(self, info: Info) -> int:
        """Count them."""
        return len(await count_functions(await info.context.read(), self.place, self.kind, self.wanted))

    @strawberry.field(description="By the practice's types of community, of those that have a type. 分类型覆盖")
    async def by_type(self, info: Info) -> list[StationTypeCount]:
        """Count them."""
        rows = await count_by_type(await info.context.read(), self.place, self.kind, self.wanted)
        names = ("communities", "covered", "stations")
        return [StationTypeCount(code=row["type"], **{name: row[name] for name in names}) for row in rows]

    @strawberry.field(description="The communities without any. 未覆盖社区")
    async def communities_without(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[RegionLink]:
        """Read a page of them, by code."""
        place, asked = self.place, PageArguments(first, after, last, before)
        statement = region_reads.regions_in_force(place.as_of).where(
            in_prefix(region_reads.CODE, place.code), without(place, self.kind, self.wanted)
        )
        mark = fingerprint("communitiesWithout", place.id, self.kind, self.wanted, place.as_of)
        page = await paginate(await info.context.read(), statement, [region_reads.CODE], asked, mark)
        return page.connection(lambda row: regions.region_of(row, place.as_of))


async def station_stats_in(context: Context, place: Place, kind: str | None, function: str | None) -> StationStats:
    """Count the stations of a place and below."""
    context.access.admit(context.caller, "station")
    row = await count_stations(await context.read(), place, kind, function)
    return StationStats(place=place, kind=kind, wanted=function, **dict(row))
