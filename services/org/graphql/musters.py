"""Musters in the graph (一办七组): who has which place in an emergency."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import strawberry
from sqlalchemy import exists, or_, select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.access import staff_regions
from services.org.domain.periods import today
from services.org.graphql import duties, people, regions
from services.org.graphql.links import DutyLink, Info, PersonLink, RegionLink
from services.org.graphql.rowed import Rowed
from services.org.graphql.words import MusterGroup, group_of
from services.org.storage import tables as t
from services.org.storage.in_force import Place, held, in_force, within
from services.org.storage.prefixes import in_prefix


@strawberry.type(description="A person's place in an emergency group of a community. 应急编组")
class Muster(Rowed):
    """A muster."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    post: str | None = strawberry.field(description="What they do there. 岗位")
    valid_from: date = strawberry.field(description="First day. 起始日期")
    valid_to: date | None = strawberry.field(description="First day without. 终止日期")

    @strawberry.field(description="The group. 编组")
    async def group(self, info: Info) -> MusterGroup:
        """Read the group."""
        return await group_of(info.context, self.row["group_code"])

    @strawberry.field(description="Who has the place. 人员")
    async def person(self, info: Info) -> PersonLink | None:
        """Read the person."""
        return await people.person_by_id(info.context, self.row["person_id"], self.day)

    @strawberry.field(description="The community. 社区")
    async def community(self, info: Info) -> RegionLink | None:
        """Read the community."""
        return await regions.region_by_id(info.context, self.row["region_id"], self.day)


@strawberry.type(description="An emergency group of a community with who is in it. 编组名单")
class MusterRoster:
    """A group's roster."""

    group: MusterGroup = strawberry.field(description="The group. 编组")
    place: strawberry.Private[Place]

    @strawberry.field(description="Who is in it. 成员")
    async def members(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Muster]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await page_of(info.context, self.place, self.group.code, asked)


async def roster_of(context: Context, place: Place) -> list[MusterRoster]:
    """Return all groups of the practice for a community, in their order. Raises Forbidden for who is not staff."""
    context.access.permit(context.caller, "musters", place.code, what="region")
    groups = select(t.muster_group).order_by(t.muster_group.c.position, t.muster_group.c.code)
    rows = await (await context.read()).rows(groups)
    return [MusterRoster(group=MusterGroup.of(row, context), place=place) for row in rows]


async def page_of(context: Context, place: Place, group: str | None, asked: PageArguments) -> Connection[Muster]:
    """Return a page of the musters in a place and below. Raises Forbidden for who is not staff."""
    context.access.admit(context.caller, "musters")
    m = t.muster
    # A caller with several grants sees musters only where one of staff covers them.
    staffed = or_(*(in_prefix(m.c.region_code, region) for region in staff_regions(context.caller)))
    here = within(m.c.region_id, m.c.region_code, place, direct=False)
    statement = select(m).where(here, in_force(m, place.as_of), staffed)
    if group is not None:
        statement = statement.where(m.c.group_code == group)
    mark = fingerprint("musters", place.id, group, place.as_of)
    page = await paginate(await context.read(), statement, [m.c.region_code, m.c.id], asked, mark)
    return page.connection(lambda row: Muster.of(row, place.as_of))


async def unmustered_page(context: Context, place: Place, asked: PageArguments) -> Connection[DutyLink]:
    """Return a page of the duties in a place whose holders have no muster. Raises Forbidden for who is not staff."""
    context.access.permit(context.caller, "musters", place.code, what="region")
    m, d = t.muster, t.duty
    mustered = exists().where(m.c.person_id == d.c.person_id, in_force(m, place.as_of))
    which = within(d.c.region_id, d.c.region_code, place, direct=False) & ~mustered
    free = held(d, which, place.as_of)
    mark = fingerprint("Community.unmustered", place.id, place.as_of)
    return await duties.page_of(context, free, place.as_of, asked, mark)


async def muster_by_id(context: Context, id_: UUID) -> Muster | None:
    """Return the muster that a mutation has just made."""
    row = await (await context.read()).row(select(t.muster).where(t.muster.c.id == id_))
    return None if row is None else Muster.of(row, today())
