"""Who looks after grids, buildings and households in the graph, their visits, and how far they cover a region."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, select

from chassis.errors import BadRequest, Forbidden, NotFound
from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain.levels import Level
from services.org.domain.measures import rounded
from services.org.domain.periods import today
from services.org.graphql import people, regions
from services.org.graphql.compounds import Compound
from services.org.graphql.links import Info, PersonLink, RegionLink
from services.org.graphql.lists import Ticket
from services.org.graphql.registered import Registered
from services.org.graphql.registers import Pairing, pairing_by_id
from services.org.graphql.words import Kind, kind_of
from services.org.storage import contacts as reads
from services.org.storage import tables as t
from services.org.storage.in_force import Place


@strawberry.type(description="Somebody who looks after a grid, a building or a household. 包片联户")
class Contact(Registered):
    """A contact."""

    @strawberry.field(description="Its kind in this practice. 类型")
    async def kind(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "contact", self.row["kind"])

    @strawberry.field(description="Who. 包联人员")
    async def person(self, info: Info) -> PersonLink | None:
        """Read the person."""
        return await people.person_by_id(info.context, self.row["person_id"], self.day)

    @strawberry.field(description="The door of the household, when it is about one. 住户门牌")
    def household(self) -> str | None:
        """Read it off the row."""
        household: str | None = self.row["household"]
        return household

    @strawberry.field(description="The compound, when it is about one. 小区")
    def compound(self) -> Compound | None:
        """Refer to it."""
        id_ = self.row["compound_id"]
        return None if id_ is None else Compound(id=strawberry.ID(str(id_)))

    @strawberry.field(description="The pairing by which their unit took on the area. 单位包片")
    async def pairing(self, info: Info) -> Pairing | None:
        """Read the pairing."""
        id_ = self.row["pairing_id"]
        return None if id_ is None else await pairing_by_id(info.context, id_)

    @strawberry.field(description="Visits made, the latest first; at most 100. 走访记录")
    async def visits(self, info: Info, first: int = 20) -> list[Visit]:
        """Read them."""
        v = t.visit
        mine = select(v).where(v.c.contact_id == self.row["id"]).order_by(v.c.visited_on.desc(), v.c.id.desc())
        rows = await (await info.context.read()).rows(mine.limit(max(0, min(first, 100))))
        return [Visit.of(row, self.day) for row in rows]


@strawberry.type(description="A visit by who looks after a place. 走访")
class Visit:
    """A visit."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes; give it back as expectedVersion. 版本")
    on: date = strawberry.field(description="When. 走访日期")
    household: str | None = strawberry.field(description="The door of the household, when one was visited. 住户门牌")
    finding: str | None = strawberry.field(description="What was found; null for nothing. 走访发现")
    row: strawberry.Private[RowMapping]
    day: strawberry.Private[date]

    @classmethod
    def of(cls, row: RowMapping, day: date) -> Self:
        """Make it from its row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            version=row["version"],
            on=row["visited_on"],
            household=row["household"],
            finding=row["finding"],
            row=row,
            day=day,
        )

    @strawberry.field(description="Where. 区划")
    async def region(self, info: Info) -> RegionLink | None:
        """Read the region."""
        return await regions.region_by_id(info.context, self.row["region_id"], self.day)

    @strawberry.field(description="By whom, and what they look after. 包联")
    async def contact(self, info: Info) -> Contact | None:
        """Read the contact."""
        return await contact_by_id(info.context, self.row["contact_id"])

    @strawberry.field(description="The ticket that handles what was found. 转办工单")
    def ticket(self) -> Ticket | None:
        """Refer to it."""
        id_ = self.row["ticket_id"]
        return None if id_ is None else Ticket(id=strawberry.ID(str(id_)))


@strawberry.type(description="How many regions of a level are covered. 覆盖情况")
class Coverage:
    """A coverage."""

    regions: int = strawberry.field(description="All of them. 总数")
    covered: int = strawberry.field(description="Covered ones. 已覆盖")
    percent: float | None = strawberry.field(
        description="Their share, to two decimals; null where there are none. 覆盖率"
    )
    ids: strawberry.Private[list[UUID]]
    day: strawberry.Private[date]

    @classmethod
    def of(cls, found: reads.Coverage, day: date) -> Self:
        """Make it from what was counted."""
        percent = rounded(found.covered * 100, found.regions, 2)
        return cls(regions=found.regions, covered=found.covered, percent=percent, ids=found.without, day=day)

    @strawberry.field(description="Those that are not covered, by code; at most 200. 未覆盖")
    async def without(self, info: Info, first: int = 50) -> list[RegionLink]:
        """Read them."""
        wanted = self.ids[: max(0, min(first, reads.MOST_SHOWN))]
        found = [await regions.region_by_id(info.context, id_, self.day) for id_ in wanted]
        return [region for region in found if region is not None]


@strawberry.type(description="How far units and people look after a region. 包片联户统计")
class ContactStats:
    """The counts of a place; what costs more is counted when it is asked for."""

    contacts: int = strawberry.field(description="Contacts that hold. 包联关系数")
    members: int = strawberry.field(description="People in them. 包联人数")
    households: int = strawberry.field(description="Households named in them. 联户数")
    compounds: int = strawberry.field(description="Compounds named in them. 包联小区数")
    visits: int = strawberry.field(description="Visits in the time. 走访次数")
    findings: int = strawberry.field(description="Of these, with something found. 发现问题数")
    tickets: int = strawberry.field(description="Of these, handled by a ticket. 转办数")
    place: strawberry.Private[Place]
    first: strawberry.Private[date]
    last: strawberry.Private[date]
    kind: strawberry.Private[str | None]

    @strawberry.field(description="Units that have taken on areas here: grids, or parts of them. 包片单位数")
    async def units(self, info: Info) -> int:
        """Count them."""
        return await reads.load_units(await info.context.read(), self.place)

    @strawberry.field(description="Grids that units have taken on, whole or in part. 网格包片覆盖")
    async def grids(self, info: Info) -> Coverage:
        """Count them."""
        return Coverage.of(await reads.load_grids(await info.context.read(), self.place), self.place.as_of)

    @strawberry.field(description="Grids that somebody looks after, whole or in part. 网格包联覆盖")
    async def areas(self, info: Info) -> Coverage:
        """Count them."""
        return await self._looked_after(info, Level.GRID)

    @strawberry.field(description="Buildings that somebody looks after, whole or in part. 楼栋包联覆盖")
    async def buildings(self, info: Info) -> Coverage:
        """Count them."""
        return await self._looked_after(info, Level.BUILDING)

    async def _looked_after(self, info: Info, level: Level) -> Coverage:
        found = await reads.load_looked_after(await info.context.read(), self.place, level, self.kind)
        return Coverage.of(found, self.place.as_of)

    @strawberry.field(description="Buildings visited in the time. 楼栋走访覆盖")
    async def visited(self, info: Info) -> Coverage:
        """Count them."""
        found = await reads.load_visited(await info.context.read(), self.place, self.first, self.last, self.kind)
        return Coverage.of(found, self.place.as_of)


async def contact_stats_in(
    context: Context, place: Place, visited_from: date | None, visited_to: date | None, kind: str | None
) -> ContactStats:
    """Count a place's contacts on its day, and visits in a time, of a kind if given; for staff of it.

    Raises BadRequest, Forbidden.
    """
    context.access.permit(context.caller, "contacts", place.code, what="region")
    last = visited_to or place.as_of
    first = visited_from or date(last.year, 1, 1)
    if first > last:
        raise BadRequest(reason="visitedFrom lies after visitedTo.")
    counts = await reads.load_counts(await context.read(), place, first, last, kind)
    return ContactStats(place=place, first=first, last=last, kind=kind, **counts)


async def contacts_page(
    context: Context, place: Place, kind: str | None, compound: UUID | None, asked: PageArguments
) -> Connection[Contact]:
    """Return a page of who looks after what, or a compound, in a place; for staff of it. Raises Forbidden."""
    context.access.permit(context.caller, "contacts", place.code, what="region")
    statement = reads.contacts_in(place, kind)
    if compound is not None:
        statement = statement.where(t.contact.c.compound_id == compound)
    mark = fingerprint("contacts", place.id, kind, compound, place.as_of)
    page = await paginate(await context.read(), statement, [t.contact.c.region_code, t.contact.c.id], asked, mark)
    return page.connection(lambda row: Contact.of(row, place.as_of))


async def contact_by_id(context: Context, id_: UUID) -> Contact | None:
    """Return a contact in scope."""
    row = await (await context.read()).row(select(t.contact).where(t.contact.c.id == id_))
    return None if row is None else Contact.of(row, today())


async def visit_by_id(context: Context, id_: UUID) -> Visit | None:
    """Return a visit in scope."""
    row = await (await context.read()).row(select(t.visit).where(t.visit.c.id == id_))
    return None if row is None else Visit.of(row, today())


async def visits_of_ticket(context: Context, ticket_id: UUID) -> list[Visit]:
    """Return the visits whose findings a ticket handles, of regions of which the caller is staff."""
    rows = await context.loader(reads.load_visits_of_tickets).load(ticket_id)
    found = []
    for row in rows:
        with suppress(Forbidden, NotFound):
            context.access.permit(context.caller, "contacts", row["region_code"])
            found.append(Visit.of(row, today()))
    return found
