"""The region tree in the graph: one interface, a type per level; other services add to the interface."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain import codes
from services.org.domain.periods import today
from services.org.graphql import (
    check_ins,
    duties,
    grid_team,
    organisations,
    registers,
    staffing,
    stations,
    teams,
)
from services.org.graphql.enums import RegionCodeKind, RegionLevel
from services.org.graphql.fund_stats import FundStats
from services.org.graphql.fund_stats import stats_in as fund_stats_in
from services.org.graphql.holder_stats import HolderStats, stats_in
from services.org.graphql.links import (
    MOST_LISTED,
    CheckInLink,
    DutyLink,
    Info,
    OrganisationLink,
    RegionLink,
    StationLink,
    uuid_of,
)
from services.org.graphql.region_careers import CareersThere
from services.org.graphql.region_models import Modelled
from services.org.graphql.region_musters import Mustered, Switched
from services.org.graphql.region_places import Held
from services.org.graphql.region_rosters import Rostered
from services.org.graphql.region_ties import Tied
from services.org.graphql.words import CommunityType
from services.org.storage import regions as reads
from services.org.storage import tables as t
from services.org.storage.in_force import held_in
from services.org.storage.organisations import load_places_on


@strawberry.type(description="What a region was called, and its code, in a period. 区划沿革")
class RegionVersion:
    """One version of a region."""

    code: str = strawberry.field(description="Its code then. 代码")
    name: str = strawberry.field(description="Its name then. 名称")
    valid_from: date = strawberry.field(description="First day. 生效日期")
    valid_to: date | None = strawberry.field(description="First day on which it no longer held. 失效日期")


@strawberry.federation.interface(keys=["id"], description="A region of the tree, from city to unit. 区划")
class Region(Held, Modelled, Tied, CareersThere, Rostered, Mustered):
    """What all levels have; lists are of the day asked about."""

    id: strawberry.ID = strawberry.field(description="Identity, which outlives code and name. 标识")
    version: int = strawberry.field(description="Counts changes; give it back as expectedVersion. 版本")
    code: str = strawberry.field(description="Its code. 区划代码")
    name: str = strawberry.field(description="Its name. 名称")
    level: RegionLevel = strawberry.field(description="Its level. 层级")
    valid_from: date = strawberry.field(description="Since when it has this code, name and parent. 生效日期")
    valid_to: date | None = strawberry.field(description="Until when: the first day without. 失效日期")

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> RegionLink | None:  # noqa: A002
        """Answer the gateway, for the interface and for each level."""
        info.context.access.admit(info.context.caller, "region")
        return await region_by_id(info.context, uuid_of(id), today())

    @strawberry.field(description="What its code says it is; for subdistricts and communities. 代码类别")
    def code_kind(self) -> RegionCodeKind | None:
        """Read it off the code."""
        kind = codes.kind_of(self.code)
        return None if kind is None else RegionCodeKind[kind.name]

    @strawberry.field(description="The region above. 上级区划")
    async def parent(self, info: Info) -> RegionLink | None:
        """Read the parent."""
        above = self.row["parent_id"]
        return None if above is None else await region_by_id(info.context, above, self.day)

    @strawberry.field(description="The regions above, the city first; at most 6. 各级上级区划")
    async def ancestors(self, info: Info) -> list[RegionLink]:
        """Read the ancestors."""
        rows = await info.context.loader(reads.load_ancestors).load((self.code, self.day))
        return [region_of(row, self.day) for row in rows]

    @strawberry.field(description="The codes and names it had, in their order; at most the last 100. 沿革")
    async def history(self, info: Info) -> list[RegionVersion]:
        """Read the versions."""
        rows = await info.context.loader(reads.load_history).load(self.row["region_id"])
        names = ("code", "name", "valid_from", "valid_to")
        return [RegionVersion(**{name: row[name] for name in names}) for row in rows[-MOST_LISTED:]]

    @strawberry.field(description="The regions directly below. 下级区划")
    async def children(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[RegionLink]:
        """Read a page of them, by code."""
        statement = reads.children_of(self.row["region_id"], self.day)
        mark = fingerprint("Region.children", self.id, self.day)
        page = await paginate(
            await info.context.read(), statement, [reads.CODE], PageArguments(first, after, last, before), mark
        )
        return page.connection(lambda row: region_of(row, self.day))

    @strawberry.field(description="All regions below, of a level if given. 下辖区划")
    async def descendants(
        self,
        info: Info,
        level: RegionLevel | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[RegionLink]:
        """Read a page of them, by code."""
        wanted = None if level is None else level.name
        statement = reads.descendants_of(self.code, wanted, self.day)
        mark = fingerprint("Region.descendants", self.id, wanted, self.day)
        page = await paginate(
            await info.context.read(), statement, [reads.CODE], PageArguments(first, after, last, before), mark
        )
        return page.connection(lambda row: region_of(row, self.day))

    @strawberry.field(description="Organisations here and below, or only here. 组织")
    async def organisations(
        self,
        info: Info,
        kind: str | None = None,
        direct: bool = False,  # noqa: FBT001, FBT002 (an argument of the graph)
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[OrganisationLink]:
        """Read a page of them."""
        which = held_in(t.organisation, self.place, direct=direct, kind=kind)
        mark = fingerprint("Region.organisations", self.id, kind, direct, self.day)
        return await organisations.page_of(
            info.context, which, self.day, PageArguments(first, after, last, before), mark
        )

    @strawberry.field(description="Duties held here and below, or only here. 任职")
    async def duties(
        self,
        info: Info,
        title: str | None = None,
        direct: bool = False,  # noqa: FBT001, FBT002
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[DutyLink]:
        """Read a page of them."""
        which = held_in(t.duty, self.place, direct=direct, title=title)
        mark = fingerprint("Region.duties", self.id, title, direct, self.day)
        return await duties.page_of(info.context, which, self.day, PageArguments(first, after, last, before), mark)

    @strawberry.field(description="Teams here and below, or only here. 队伍")
    async def teams(
        self,
        info: Info,
        kind: str | None = None,
        direct: bool = False,  # noqa: FBT001, FBT002
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> teams.TeamConnection:
        """Read a page of them."""
        which = held_in(t.team, self.place, direct=direct, kind=kind)
        mark = fingerprint("Region.teams", self.id, kind, direct, self.day)
        return await teams.page_of(info.context, which, self.day, PageArguments(first, after, last, before), mark)

    @strawberry.field(description="Stations here and below, or only here. 阵地")
    async def stations(
        self,
        info: Info,
        kind: str | None = None,
        direct: bool = False,  # noqa: FBT001, FBT002
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[StationLink]:
        """Read a page of them."""
        which = held_in(t.station, self.place, direct=direct, kind=kind)
        mark = fingerprint("Region.stations", self.id, kind, direct, self.day)
        return await stations.page_of(info.context, which, self.day, PageArguments(first, after, last, before), mark)

    @strawberry.field(description="Of which types the communities here are. 社区分类情况")
    async def community_type_stats(self, info: Info) -> registers.CommunityTypeStats:
        """Count them."""
        return await registers.type_stats_in(info.context, self.place)

    @strawberry.field(description="Grids held against the practice's staffing standards; for staff. 网格员配备情况")
    async def staffing(self, info: Info) -> list[staffing.Staffing]:
        """Count them."""
        return await staffing.staffing_in(info.context, self.place)

    @strawberry.field(description="Distinctions that regions and people here hold. 评选命名")
    async def distinctions(
        self,
        info: Info,
        kind: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[registers.Distinction]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await registers.distinctions_page(info.context, self.place, kind, asked)

    @strawberry.field(description="Partner units hooked to regions here. 共建结对")
    async def pairings(
        self,
        info: Info,
        kind: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[registers.Pairing]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await registers.pairings_page(info.context, self.place, kind, asked)

    @strawberry.field(
        description="Who reported for service here: all, or of one group, or who took on a post; for staff. 报到"
    )
    async def check_ins(
        self,
        info: Info,
        group: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        post: str | None = None,
    ) -> Connection[CheckInLink]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await check_ins.check_ins_page(info.context, self.place, group, post, asked)

    @strawberry.field(description="What the funds of organisations here come to in a year; for staff. 经费统计")
    async def fund_stats(self, info: Info, year: int, source: str | None = None) -> FundStats:
        """Sum them."""
        return await fund_stats_in(info.context, self.place, year, source)

    @strawberry.field(
        description="Who holds duties of some titles here: age, education, party; for staff. 任职人员结构"
    )
    async def holder_stats(
        self,
        info: Info,
        titles: Annotated[list[str], strawberry.argument(description="Codes of the practice's duty titles. 职务代码")],
    ) -> HolderStats:
        """Count them."""
        return await stats_in(info.context, self.place, titles)


@strawberry.federation.type(keys=["id"], description="City. 市")
class City(Region):
    """A city."""


@strawberry.federation.type(keys=["id"], description="District or county. 区县")
class District(Region):
    """A district."""


@strawberry.federation.type(keys=["id"], description="Subdistrict or town. 街道(镇)")
class Subdistrict(Region):
    """A subdistrict."""


@strawberry.federation.type(keys=["id"], description="Community. 社区")
class Community(Switched, Region):
    """A community: what musters, and goes over to emergency and back."""

    @strawberry.field(description="Of which type it is; null when it has none. 社区类型")
    async def type(self, info: Info) -> CommunityType | None:
        """Read the type of the day."""
        return await registers.type_in(info.context, self.place)


@strawberry.federation.type(keys=["id"], description="Grid. 网格")
class Grid(Region):
    """A grid: what has a 1+1+N team."""

    @strawberry.field(description="Its 1+1+N team, with vacancies and pairs. 网格服务队伍")
    def team(self) -> grid_team.GridTeam:
        """Hand over to the team's own fields."""
        return grid_team.GridTeam(place=self.place)


@strawberry.federation.type(keys=["id"], description="Building. 楼栋")
class Building(Region):
    """A building."""


@strawberry.federation.type(keys=["id"], description="Unit: an entrance of a building. 单元")
class Unit(Region):
    """A unit."""


TYPES: dict[str, type[Region]] = {
    "CITY": City,
    "DISTRICT": District,
    "SUBDISTRICT": Subdistrict,
    "COMMUNITY": Community,
    "GRID": Grid,
    "BUILDING": Building,
    "UNIT": Unit,
}


def region_of(row: RowMapping, day: date) -> Region:
    """Return the region of a row as the type of its level, for reading on `day`."""
    return TYPES[row["level"]](
        id=strawberry.ID(str(row["region_id"])),
        version=row["version"],
        code=row["code"],
        name=row["name"],
        level=RegionLevel[row["level"]],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        row=row,
        day=day,
    )


async def region_by_id(context: Context, id_: UUID, day: date) -> Region | None:
    """Return a region in scope or above it, as it was on `day`; one that is gone as it was last."""
    row = await context.loader(reads.load_regions).load((id_, day))
    return None if row is None else region_of(row, day)


async def region_then(context: Context, row: RowMapping, day: date) -> Region | None:
    """Return the region that a thing lay in on `day`: its row's, unless it was moved later."""
    moved = await context.loader(load_places_on).load((row["id"], day)) if row["version"] > 1 else None
    return await region_by_id(context, moved or row["region_id"], day)
