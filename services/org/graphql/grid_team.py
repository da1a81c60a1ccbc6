"""A grid's 1+1+N team in the graph (网格服务队伍)."""

from __future__ import annotations

import strawberry
from sqlalchemy import ColumnElement, select

from chassis.graphql.connection import Connection, PageArguments, fingerprint
from chassis.graphql.context import Context
from services.org.domain import grid_team as rules
from services.org.graphql import duties, regions, teams
from services.org.graphql.enums import GridTeamRole
from services.org.graphql.links import MOST_LISTED, DutyLink, Info, RegionLink, TeamMembershipLink
from services.org.graphql.words import DutyTitle, title_of
from services.org.storage import tables as t
from services.org.storage.grid_teams import load_holders, load_vacancies, pairs_in
from services.org.storage.in_force import Place, held, in_force, within


@strawberry.type(description="A title of which fewer are held in a region than there should be. 空缺")
class Vacancy:
    """A vacancy."""

    expected: int = strawberry.field(description="How many there should be at least. 应配人数")
    held: int = strawberry.field(description="How many there are. 实配人数")
    missing: int = strawberry.field(description="How many are missing. 缺额")
    found: strawberry.Private[rules.Vacancy]
    place: strawberry.Private[Place]

    @strawberry.field(description="The title. 职务")
    async def title(self, info: Info) -> DutyTitle:
        """Read the title."""
        return await title_of(info.context, self.found.title)

    @strawberry.field(description="Where it is missing. 区划")
    async def region(self, info: Info) -> RegionLink | None:
        """Read the region."""
        return await regions.region_by_id(info.context, self.found.region_id, self.place.as_of)


@strawberry.type(description="One in-service member and one other with the same duty in a grid. 在职与非在职结对")
class DutyPair:
    """A pair."""

    in_service: DutyLink = strawberry.field(description="The in-service party member's duty. 在职党员任职")
    other: DutyLink = strawberry.field(description="The other's duty. 非在职党员任职")


@strawberry.type(description="A grid's 1+1+N team. 网格服务队伍")
class GridTeam:
    """The team."""

    place: strawberry.Private[Place]

    @strawberry.field(description="The grid leader. 网格长")
    async def leader(self, info: Info) -> DutyLink | None:
        """Read the one who holds it longest, if the practice allows several."""
        return await self._first(info.context, GridTeamRole.GRID_LEADER)

    @strawberry.field(description="The grid worker. 网格员")
    async def worker(self, info: Info) -> DutyLink | None:
        """Read the one who holds it longest, if the practice allows several."""
        return await self._first(info.context, GridTeamRole.GRID_WORKER)

    @strawberry.field(description="The building leaders. 楼长")
    async def building_leaders(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[DutyLink]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await self._page(info.context, GridTeamRole.BUILDING_LEADER, asked)

    @strawberry.field(description="The unit leaders. 单元长")
    async def unit_leaders(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[DutyLink]:
        """Read a page of them."""
        return await self._page(info.context, GridTeamRole.UNIT_LEADER, PageArguments(first, after, last, before))

    @strawberry.field(description="Members of the grid's volunteer teams. 志愿者")
    async def volunteers(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[TeamMembershipLink]:
        """Read a page of them."""
        kinds = select(t.kind.c.code).where(t.kind.c.category == "team", t.kind.c.volunteers)
        here = within(t.team.c.region_id, t.team.c.region_code, self.place, direct=False)
        ids = select(t.team.c.id).where(here, in_force(t.team, self.place.as_of), t.team.c.kind.in_(kinds))
        mark = fingerprint("GridTeam.volunteers", self.place)
        asked = PageArguments(first, after, last, before)
        which = t.team_member.c.team_id.in_(ids)
        return await teams.members_page(info.context, which, self.place.as_of, asked, mark)

    @strawberry.field(description="What is missing by the practice's titles, in the grid and below. 空缺")
    async def vacancies(self, info: Info) -> list[Vacancy]:
        """Compare what should be held with what is."""
        found = await info.context.loader(load_vacancies).load(self.place)
        return [
            Vacancy(expected=one.expected, held=one.held, missing=one.missing, found=one, place=self.place)
            for one in found
        ]

    @strawberry.field(description="Pairs of an in-service and another member; at most 100. 结对")
    async def pairs(self, info: Info) -> list[DutyPair]:
        """Read the pairs of which both hold on the day."""
        rows = (await pairs_in(await info.context.read(), self.place))[:MOST_LISTED]
        day = self.place.as_of
        return [DutyPair(in_service=duties.Duty.of(one, day), other=duties.Duty.of(other, day)) for one, other in rows]

    async def _first(self, context: Context, role: GridTeamRole) -> duties.Duty | None:
        row = await context.loader(load_holders).load((self.place, role.name))
        return None if row is None else duties.Duty.of(row, self.place.as_of)

    async def _page(self, context: Context, role: GridTeamRole, asked: PageArguments) -> Connection[duties.Duty]:
        mark = fingerprint("GridTeam", role.name, self.place)
        mine = held(t.duty, self._held(role), self.place.as_of)
        return await duties.page_of(context, mine, self.place.as_of, asked, mark)

    def _held(self, role: GridTeamRole) -> ColumnElement[bool]:
        titles = select(t.duty_title.c.code).where(t.duty_title.c.team_role == role.name)
        here = within(t.duty.c.region_id, t.duty.c.region_code, self.place, direct=False)
        return here & t.duty.c.title.in_(titles)
