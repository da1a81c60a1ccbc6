"""Teams and their members in the graph."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement, RowMapping, Select, func, select

from chassis.graphql.connection import Connection, Edge, PageArguments, Shaped, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain.periods import today
from services.org.graphql import guides, organisations, people, regions
from services.org.graphql.above import row_above
from services.org.graphql.links import (
    MOST_LISTED,
    DutyGuideLink,
    Info,
    OrganisationLink,
    PersonLink,
    RegionLink,
    uuid_of,
)
from services.org.graphql.rowed import Rowed
from services.org.graphql.words import kind_of
from services.org.storage import tables as t
from services.org.storage.in_force import in_force
from services.org.storage.reads import load_are_members, load_team_organisations, load_teams


@strawberry.type(description="A person's membership of a team. 队员")
class TeamMembership(Rowed):
    """A membership."""

    valid_from: date = strawberry.field(description="First day. 加入日期")
    valid_to: date | None = strawberry.field(description="First day without. 退出日期")

    @strawberry.field(description="Who is a member. 人员")
    async def person(self, info: Info) -> PersonLink | None:
        """Read the person."""
        return await people.person_by_id(info.context, self.row["person_id"], self.day)


@strawberry.type(description="Where members of a team hold duties. 队员所在单位")
class TeamOrganisation:
    """An organisation, with how many members come from it."""

    members: int = strawberry.field(description="Members who hold a duty there. 人数")
    row: strawberry.Private[RowMapping]
    day: strawberry.Private[date]

    @strawberry.field(description="The organisation, if in your scope. 单位")
    async def organisation(self, info: Info) -> OrganisationLink | None:
        """Read it."""
        return await organisations.organisation_by_id(info.context, self.row["organisation_id"], self.day)


@strawberry.federation.type(keys=["id"], description="A team: volunteers, a service team. 队伍")
class Team(Rowed):
    """A team."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes; give it back as expectedVersion. 版本")
    kind: str = strawberry.field(description="Code of its kind in this practice. 队伍类型")
    name: str = strawberry.field(description="Its name. 名称")
    formed_on: date = strawberry.field(description="First day. 组建日期")
    disbanded_on: date | None = strawberry.field(description="First day without it. 解散日期")

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Team | None:  # noqa: A002
        """Answer the gateway."""
        info.context.access.admit(info.context.caller, "team")
        context, id_, day = info.context, uuid_of(id), today()
        found = await team_by_id(context, id_, day)
        if found is not None:
            return found
        row = await row_above(context, load_teams, id_)
        return None if row is None else cls.of(row, day)

    @strawberry.field(description="Name of its kind in the language of Accept-Language. 队伍类型名称")
    async def kind_name(self, info: Info) -> str:
        """Read the kind."""
        return (await kind_of(info.context, "team", self.kind)).name

    @strawberry.field(description="What teams of its kind are there for on the day; null when not said. 职责指南")
    async def guide(self, info: Info) -> DutyGuideLink | None:
        """Read the version of the day."""
        return await guides.guide_of(info.context, "team", self.kind, self.day)

    @strawberry.field(description="The region it works in. 所在区划")
    async def region(self, info: Info) -> RegionLink | None:
        """Read the region."""
        return await regions.region_then(info.context, self.row, self.day)

    @strawberry.field(description="Who leads it; null for nobody, or who is no member now or not in scope. 队长")
    async def leader(self, info: Info) -> PersonLink | None:
        """Read the person, as long as they are a member."""
        leader = self.row["leader_id"]
        key = self.row["id"], leader, self.day
        if leader is None or not await info.context.loader(load_are_members).load(key):
            return None
        return await people.person_by_id(info.context, leader, self.day)

    @strawberry.field(
        description="The organisations in which its members hold duties, most members first, at most 100: the "
        "departments that a task force is made of. 队员所在单位"
    )
    async def organisations(self, info: Info) -> list[TeamOrganisation]:
        """Read them."""
        rows = await info.context.loader(load_team_organisations).load((self.row["id"], self.day))
        return [TeamOrganisation(members=row["members"], row=row, day=self.day) for row in rows[:MOST_LISTED]]

    @strawberry.field(description="Its members. 队员")
    async def members(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[TeamMembership]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        mine = t.team_member.c.team_id == self.row["id"]
        return await members_page(info.context, mine, self.day, asked, fingerprint("Team.members", self.id, self.day))


@strawberry.type(description="A page of teams. 队伍列表")
class TeamConnection(Connection[Team]):
    """A connection that can count the members too."""

    member_counter: strawberry.Private[Callable[[], Awaitable[int]]]
    kind_counter: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="How many memberships all these teams have together. 队员总数")
    async def total_members(self) -> int:
        """Count the memberships in force of everything the connection would list."""
        return await self.member_counter()

    @strawberry.field(description="Of how many kinds these teams are. 队伍类型数")
    async def total_kinds(self) -> int:
        """Count the kinds of everything the connection would list."""
        return await self.kind_counter()


async def team_by_id(context: Context, id_: UUID, day: date) -> Team | None:
    """Return a team in scope."""
    row = await context.loader(load_teams).load(id_)
    return None if row is None else Team.of(row, day)


async def page_of(
    context: Context, statement: Select[Any] | Shaped, day: date, asked: PageArguments, mark: str
) -> TeamConnection:
    """Return a page of teams as they are on `day`."""
    session = await context.read()
    page = await paginate(session, statement, [t.team.c.region_code, t.team.c.id], asked, mark)

    def everything() -> Select[Any]:
        return statement if isinstance(statement, Select) else statement.everything()

    async def count_members() -> int:
        return int(await session.scalar(_members_of(everything(), day)))

    async def count_kinds() -> int:
        found = everything().with_only_columns(t.team.c.kind).distinct().subquery()
        return int(await session.scalar(select(func.count()).select_from(found)))

    edges = [Edge(node=Team.of(row, day), cursor=cursor) for row, cursor in zip(page.rows, page.cursors, strict=True)]
    return TeamConnection(
        edges=edges, page_info=page.info, counter=page.count, member_counter=count_members, kind_counter=count_kinds
    )


async def members_page(
    context: Context, which: ColumnElement[bool], day: date, asked: PageArguments, mark: str
) -> Connection[TeamMembership]:
    """Return a page of the memberships in force on `day` that `which` chooses."""
    member = t.team_member
    statement = select(member).where(which, in_force(member, day))
    page = await paginate(
        await context.read(), statement, [member.c.valid_from, member.c.team_id, member.c.person_id], asked, mark
    )
    return page.connection(lambda row: TeamMembership.of(row, day))


def _members_of(teams: Select[Any], day: date) -> Select[int]:
    ids = teams.with_only_columns(t.team.c.id)
    member = t.team_member
    return select(func.count()).select_from(member).where(member.c.team_id.in_(ids), in_force(member, day))
