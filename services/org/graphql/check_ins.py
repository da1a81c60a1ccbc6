"""Members who checked in, in the graph, and what they are assigned to: read from them, the branch and the region."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import strawberry
from sqlalchemy import or_, select

from chassis.errors import BadRequest
from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.access import is_person, may, staff_regions
from services.org.domain.periods import Period, today
from services.org.graphql import organisations, people
from services.org.graphql.activities import Activity
from services.org.graphql.contacts import Contact
from services.org.graphql.links import MOST_LISTED, Info, OrganisationLink, PersonLink
from services.org.graphql.registered import Registered, register_page, register_row
from services.org.graphql.words import Kind, kind_of
from services.org.storage import assignments as reads
from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force
from services.org.storage.prefixes import in_prefix


@strawberry.type(description="Somebody who reported for service where they live, as a rule an in-service member. 报到")
class CheckIn(Registered):
    """A check-in."""

    @strawberry.field(description="Who. 人员")
    async def person(self, info: Info) -> PersonLink | None:
        """Read the person."""
        return await people.person_by_id(info.context, self.row["person_id"], self.day)

    @strawberry.field(description="The group they belong to; null for in-service party members. 新就业群体")
    async def group(self, info: Info) -> Kind | None:
        """Read the kind."""
        code = self.row["group"]
        return None if code is None else await kind_of(info.context, "check_in", code)

    @strawberry.field(description="The organisation they work for, if known and in your scope. 所在单位")
    async def unit(self, info: Info) -> OrganisationLink | None:
        """Read the unit."""
        unit = self.row["unit_id"]
        return None if unit is None else await organisations.organisation_by_id(info.context, unit, self.day)

    @strawberry.field(description="The branch and post that they are assigned to on the day. 编入组织与认领岗位")
    async def assignment(self, info: Info) -> CheckInAssignment | None:
        """Read the one that holds."""
        found = await _assignments_of(info.context, self.row["id"], self.day)
        return next((one for one in found if Period(one.valid_from, one.valid_to).holds(self.day)), None)

    @strawberry.field(description="Assignments until the day, the latest first; at most 100. 编组沿革")
    async def assignments(self, info: Info) -> list[CheckInAssignment]:
        """Read them."""
        return await _assignments_of(info.context, self.row["id"], self.day)

    @strawberry.field(description="What they look after on the day: grids, buildings, households; at most 100. 包联")
    async def contacts(self, info: Info) -> list[Contact]:
        """Read what the person looks after; it is kept once, as contacts."""
        rows = await info.context.loader(reads.load_contacts_of_people).load((self.row["person_id"], self.day))
        return [Contact.of(row, self.day) for row in rows[:MOST_LISTED]]

    @strawberry.field(
        description="What they took part in by name while they were checked in, the latest first; at most 100. 参加活动"
    )
    async def activities(self, info: Info, first: int = 20) -> list[Activity]:
        """Read them: what they did when a community called, and else."""
        rows = await info.context.loader(reads.load_activities_of_check_in).load(self.row["id"])
        held = [row for row in rows if row["on_day"] <= self.day]
        return [Activity.of(row) for row in held[: max(0, min(first, 100))]]


@strawberry.type(description="The branch or party group, and the post, of somebody who checked in. 编入组织与认领岗位")
class CheckInAssignment(Registered):
    """An assignment."""

    @strawberry.field(description="Who checked in, and where; if in your scope. 报到")
    async def check_in(self, info: Info) -> CheckIn | None:
        """Read the check-in."""
        row = await info.context.loader(reads.load_check_ins).load(self.row["check_in_id"])
        return None if row is None else CheckIn.of(row, self.day)

    @strawberry.field(description="The branch or party group; null for none. 编入党组织")
    async def organisation(self, info: Info) -> OrganisationLink | None:
        """Read it; one above the caller is told too."""
        id_ = self.row["organisation_id"]
        return None if id_ is None else await organisations.organisation_referred_to(info.context, id_, self.day)

    @strawberry.field(description="The post that they took on; null for none. 认领岗位")
    async def post(self, info: Info) -> Kind | None:
        """Read the kind."""
        code = self.row["post"]
        return None if code is None else await kind_of(info.context, "service_post", code)


@strawberry.type(description="How many took a post on. 岗位认领统计")
class PostCount:
    """A count."""

    people: int = strawberry.field(description="How many. 人数")
    code: strawberry.Private[str]

    @strawberry.field(description="The post. 岗位")
    async def post(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "service_post", self.code)


@strawberry.type(description="Who checked in in a region, and what they are assigned to. 报到与编组统计")
class CheckInStats:
    """The counts of a place on its day."""

    checked_in: int = strawberry.field(description="Who have checked in. 报到人数")
    members: int = strawberry.field(description="Of these, in-service party members. 其中在职党员")
    assigned: int = strawberry.field(description="Of all, assigned to a branch or party group. 编入党组织人数")
    branches: int = strawberry.field(description="Branches and groups that they are assigned to. 接收党组织数")
    with_post: int = strawberry.field(description="Of all, with a post. 认领岗位人数")
    looking_after: int = strawberry.field(
        description="Of all, who look after a grid, a building or a household. 包联人数"
    )
    place: strawberry.Private[Place]

    @strawberry.field(description="Of the practice's posts those that somebody took on, by code. 岗位认领情况")
    async def posts(self, info: Info) -> list[PostCount]:
        """Count them."""
        rows = await reads.count_posts(await info.context.read(), self.place)
        return [PostCount(people=row["people"], code=row["post"]) for row in rows]

    @strawberry.field(
        description="Of all, who took part by name in what was held here from a day to another (both included; left "
        "out: the year so far). 响应参加活动人数"
    )
    async def responded(self, info: Info, held_from: date | None = None, held_to: date | None = None) -> int:
        """Count them. Raises BadRequest."""
        last = held_to or self.place.as_of
        first = held_from or date(last.year, 1, 1)
        if first > last:
            raise BadRequest(reason="heldFrom lies after heldTo.")
        return await reads.count_responded(await info.context.read(), self.place, first, last)


async def check_in_stats_in(context: Context, place: Place) -> CheckInStats:
    """Count who checked in in a place; for staff of it. Raises Forbidden."""
    context.access.permit(context.caller, "checkIns", place.code, what="region")
    row = await reads.count_check_ins(await context.read(), place)
    return CheckInStats(place=place, **row)


async def assigned_page(
    context: Context, organisation_id: UUID, region_code: str, day: date, asked: PageArguments
) -> Connection[CheckInAssignment]:
    """Return a page of who is assigned to an organisation on a day; for staff of its region. Raises Forbidden."""
    context.access.permit(context.caller, "checkIns", region_code, what="organisation")
    a = t.check_in_assignment
    statement = select(a).where(a.c.organisation_id == organisation_id, in_force(a, day))
    mark = fingerprint("Organisation.assignments", organisation_id, day)
    page = await paginate(await context.read(), statement, [a.c.region_code, a.c.id], asked, mark)
    return page.connection(lambda row: CheckInAssignment.of(row, day))


async def check_ins_page(
    context: Context, place: Place, group: str | None, post: str | None, asked: PageArguments
) -> Connection[CheckIn]:
    """Return a page of who checked in in a place and below, where the caller is staff. Raises Forbidden.

    Those of a group, and those who have a post on the day, if given.
    """
    context.access.admit(context.caller, "checkIns")
    stamp, staffed = t.check_in.c.region_code, staff_regions(context.caller)
    conditions = [] if post is None else [reads.has_post(post, place.as_of)]
    if not any(place.code.startswith(region) for region in staffed):
        conditions.append(or_(*(in_prefix(stamp, region) for region in staffed)))
    page = await register_page(context, t.check_in, place, group, asked, *conditions, column="group", mark=post)
    return page.connection(lambda row: CheckIn.of(row, place.as_of))


async def check_in_by_id(context: Context, id_: UUID) -> CheckIn | None:
    """Return a check-in in scope."""
    row = await register_row(context, t.check_in, id_)
    return None if row is None else CheckIn.of(row, today())


async def check_ins_of(context: Context, person_id: UUID, region_code: str) -> list[CheckIn] | None:
    """Return a person's check-ins, the latest first: to themself and to staff; null to others.

    Staff see those where they are staff; `region_code` is where the person is registered.
    """
    own, caller = is_person(context.caller, person_id), context.caller
    rows = await context.loader(reads.load_check_ins_of_people).load(person_id)
    seen = [row for row in rows if own or may(caller, "checkIns", row["region_code"])]
    if not own and not seen and not may(caller, "checkIns", region_code):
        return None
    return [CheckIn.of(row, today()) for row in seen[:MOST_LISTED]]


async def _assignments_of(context: Context, check_in_id: UUID, day: date) -> list[CheckInAssignment]:
    rows = await context.loader(reads.load_assignments).load(check_in_id)
    return [CheckInAssignment.of(row, day) for row in rows if row["valid_from"] <= day][:MOST_LISTED]
