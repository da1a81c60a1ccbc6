"""Grids held against the practice's staffing standard, in the graph."""

from __future__ import annotations

from enum import Enum

import strawberry

from chassis.graphql.context import Context
from services.org.domain import staffing as rules
from services.org.graphql import regions
from services.org.graphql.links import Info, RegionLink
from services.org.graphql.words import DutyTitle, title_of
from services.org.storage.in_force import Place
from services.org.storage.staffing import load_counts, load_standards

MOST_SHOWN = 200


@strawberry.enum(description="How the households of a grid compare with the standard. 网格规模")
class GridSize(Enum):
    """As `domain.staffing.GridSize`, by name."""

    TOO_SMALL = strawberry.enum_value("TOO_SMALL", description="Fewer than the standard's fewest. 偏小")
    WITHIN = strawberry.enum_value("WITHIN", description="Within the standard. 合规")
    TOO_LARGE = strawberry.enum_value("TOO_LARGE", description="More than the standard's most. 偏大")


@strawberry.type(description="A grid that has fewer workers than it needs. 缺员网格")
class StaffingShortfall:
    """A shortfall."""

    households: int = strawberry.field(description="Households that live there. 户数")
    residents: int = strawberry.field(description="People who live there. 人数")
    size: GridSize = strawberry.field(description="How its households compare with the standard. 规模")
    needed: int = strawberry.field(description="Workers that it needs. 应配")
    held: int = strawberry.field(description="Workers that it has. 实配")
    missing: int = strawberry.field(description="Workers that are missing. 缺员")
    grid: strawberry.Private[rules.GridCount]
    place: strawberry.Private[Place]

    @strawberry.field(description="The grid. 网格")
    async def region(self, info: Info) -> RegionLink | None:
        """Read the grid."""
        return await regions.region_by_id(info.context, self.grid.region_id, self.place.as_of)


@strawberry.type(description="Grids held against a standard for full-time workers. 网格员配备情况")
class Staffing:
    """The counts of a place."""

    fewest_households: int = strawberry.field(description="Fewest households for one worker. 每员户数下限")
    most_households: int = strawberry.field(description="Most households for one worker. 每员户数上限")
    fewest_residents: int = strawberry.field(description="Fewest residents for one worker. 每员人数下限")
    most_residents: int = strawberry.field(description="Most residents for one worker. 每员人数上限")
    grids: int = strawberry.field(description="Grids. 网格数")
    counted: int = strawberry.field(description="Grids whose households and residents were counted. 已登记网格数")
    households: int = strawberry.field(description="Households in them. 户数")
    residents: int = strawberry.field(description="People in them. 人数")
    too_small: int = strawberry.field(description="Grids with fewer households than the standard's fewest. 偏小网格")
    too_large: int = strawberry.field(description="Grids with more households than the standard's most. 偏大网格")
    needed: int = strawberry.field(description="Workers needed in the counted grids. 应配")
    held: int = strawberry.field(description="Workers in all grids. 实配")
    missing: int = strawberry.field(
        description="Workers missing; what one grid has too many does not make up for another. 缺员"
    )
    title_code: strawberry.Private[str]
    found: strawberry.Private[rules.Staffing]
    standard: strawberry.Private[rules.Standard]
    place: strawberry.Private[Place]

    @strawberry.field(description="The duty title whose holders are counted. 职务")
    async def title(self, info: Info) -> DutyTitle:
        """Read the title."""
        return await title_of(info.context, self.title_code)

    @strawberry.field(description="Grids where workers are missing, the worst first; at most 200. 缺员网格")
    def shortfalls(self, first: int = 50) -> list[StaffingShortfall]:
        """List them."""
        return [self._shortfall(one) for one in self.found.shortfalls[: max(0, min(first, MOST_SHOWN))]]

    def _shortfall(self, one: rules.Shortfall) -> StaffingShortfall:
        households, residents = one.grid.households or 0, one.grid.residents or 0
        return StaffingShortfall(
            households=households,
            residents=residents,
            size=GridSize[rules.size_of(self.standard, households).name],
            needed=one.needed,
            held=one.grid.held,
            missing=one.missing,
            grid=one.grid,
            place=self.place,
        )


async def staffing_in(context: Context, place: Place) -> list[Staffing]:
    """Hold the grids of a place against each standard of the practice. Raises Forbidden for who is not staff there."""
    context.access.permit(context.caller, "staffing", place.code, what="region")
    session = await context.read()
    return [
        _staffing(standard, place, rules.staffing(standard, await load_counts(session, place, standard.title)))
        for standard in await load_standards(session)
    ]


def _staffing(standard: rules.Standard, place: Place, found: rules.Staffing) -> Staffing:
    return Staffing(
        fewest_households=standard.fewest_households,
        most_households=standard.most_households,
        fewest_residents=standard.fewest_residents,
        most_residents=standard.most_residents,
        grids=found.grids,
        counted=found.counted,
        households=found.households,
        residents=found.residents,
        too_small=found.sizes[rules.GridSize.TOO_SMALL],
        too_large=found.sizes[rules.GridSize.TOO_LARGE],
        needed=found.needed,
        held=found.held,
        missing=found.missing,
        title_code=standard.title,
        found=found,
        standard=standard,
        place=place,
    )
