"""Organisations in the graph."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Select

from chassis.graphql.connection import Connection, PageArguments, Shaped, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain.levels import Level
from services.org.domain.organisations import OrganisationVersion
from services.org.domain.periods import Period, today
from services.org.graphql import alliances, assessments, check_ins, compounds, duties, funds, regions
from services.org.graphql.above import row_above
from services.org.graphql.enums import RegionLevel
from services.org.graphql.links import (
    MOST_LISTED,
    AllianceMembershipLink,
    AssignmentLink,
    CapacityScoreLink,
    CompoundLink,
    DutyLink,
    FundLink,
    Info,
    OrganisationLink,
    RegionLink,
    uuid_of,
)
from services.org.graphql.rowed import Rowed
from services.org.graphql.words import kind_of
from services.org.storage import tables as t
from services.org.storage.covering import load_covered
from services.org.storage.in_force import held
from services.org.storage.organisations import (
    below_on,
    load_histories,
    load_predecessors,
    load_successors,
    load_versions_on,
)
from services.org.storage.reads import load_organisations

_LEVELS = {level.code_length: level.name for level in Level}


@strawberry.type(description="What an organisation was called, and which was above it, in a period. 组织沿革")
class OrganisationPeriod:
    """One version of an organisation."""

    name: str = strawberry.field(description="Its name then. 名称")
    valid_from: date = strawberry.field(description="First day. 起始日期")
    valid_to: date | None = strawberry.field(description="First day on which another followed. 终止日期")
    version: strawberry.Private[OrganisationVersion]
    day: strawberry.Private[date]

    @classmethod
    def of(cls, version: OrganisationVersion, day: date) -> Self:
        """Make it from its version, for reading on `day`."""
        period = version.period
        return cls(name=version.name, valid_from=period.start, valid_to=period.until, version=version, day=day)

    @strawberry.field(description="The organisation above then, if in your scope. 上级组织")
    async def parent(self, info: Info) -> OrganisationLink | None:
        """Read the parent."""
        above = self.version.parent_id
        return None if above is None else await organisation_by_id(info.context, above, self.day)


@strawberry.federation.type(keys=["id"], description="An organisation: party, government, mass or partner. 组织")
class Organisation(Rowed):
    """An organisation."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes; give it back as expectedVersion. 版本")
    kind: str = strawberry.field(description="Code of its kind in this practice. 组织类型")
    credit_code: str | None = strawberry.field(description="Unified social credit code. 统一社会信用代码")
    established_on: date = strawberry.field(description="First day. 成立日期")
    dissolved_on: date | None = strawberry.field(description="First day without it. 撤销日期")
    is_above: strawberry.Private[bool] = False

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Organisation | None:  # noqa: A002
        """Answer the gateway."""
        info.context.access.admit(info.context.caller, "organisation")
        return await organisation_referred_to(info.context, uuid_of(id), today())

    @strawberry.field(description="Its name on the day asked about. 名称")
    async def name(self, info: Info) -> str:
        """Read the name of the day."""
        return (await self._then(info.context)).name

    @strawberry.field(description="Its names and what was above it, in order of time; at most the last 100. 沿革")
    async def history(self, info: Info) -> list[OrganisationPeriod]:
        """Read the versions."""
        found = await info.context.loader(load_histories).load(self.row["id"])
        return [OrganisationPeriod.of(version, self.day) for version in found[-MOST_LISTED:]]

    @strawberry.field(description="Those merged into it, and the one it was split off from; at most 100. 前身组织")
    async def predecessors(self, info: Info) -> list[OrganisationLink]:
        """Read them."""
        rows = await info.context.loader(load_predecessors).load(self.row["id"])
        return [Organisation.of(row, self.day) for row in rows[:MOST_LISTED]]

    @strawberry.field(description="The one it was merged into, and those split off from it; at most 100. 后续组织")
    async def successors(self, info: Info) -> list[OrganisationLink]:
        """Read them."""
        rows = await info.context.loader(load_successors).load(self.row["id"])
        return [Organisation.of(row, self.day) for row in rows[:MOST_LISTED]]

    @strawberry.field(description="Name of its kind in the language of Accept-Language. 组织类型名称")
    async def kind_name(self, info: Info) -> str:
        """Read the kind."""
        return (await kind_of(info.context, "organisation", self.kind)).name

    @strawberry.field(description="Level of its region. 层级")
    def level(self) -> RegionLevel:
        """Tell it by the region's code."""
        return RegionLevel[_LEVELS[len(self.row["region_code"])]]

    @strawberry.field(description="The region it belongs to. 所属区划")
    async def region(self, info: Info) -> RegionLink | None:
        """Read the region."""
        return await regions.region_then(info.context, self.row, self.day)

    @strawberry.field(description="The organisation above, if in your scope. 上级组织")
    async def parent(self, info: Info) -> OrganisationLink | None:
        """Read the parent."""
        above = (await self._then(info.context)).parent_id
        return None if above is None else await organisation_by_id(info.context, above, self.day)

    @strawberry.field(description="The organisations directly below. 下级组织")
    async def children(
        self,
        info: Info,
        kind: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[OrganisationLink]:
        """Read a page of them."""
        below = t.organisation.c.id.in_(below_on(self.row["id"], self.day))
        mine = held(t.organisation, below, self.day, kind=kind)
        asked = PageArguments(first, after, last, before)
        mark = fingerprint("Organisation.children", self.id, kind, self.day)
        return await page_of(info.context, mine, self.day, asked, mark)

    @strawberry.field(description="Duties held in it. 任职")
    async def duties(
        self,
        info: Info,
        title: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[DutyLink]:
        """Read a page of them."""
        mine = held(t.duty, t.duty.c.organisation_id == self.row["id"], self.day, title=title)
        asked = PageArguments(first, after, last, before)
        mark = fingerprint("Organisation.duties", self.id, title, self.day)
        return await duties.page_of(info.context, mine, self.day, asked, mark)

    @strawberry.field(description="Who checked in and is assigned to it; for staff. 编入的报到党员")
    async def assignments(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[AssignmentLink]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await check_ins.assigned_page(info.context, self.row["id"], self.row["region_code"], self.day, asked)

    @strawberry.field(
        description="Who belongs to it, if it is an alliance, the earliest first; with past also who had left. 成员单位"
    )
    async def members(
        self,
        info: Info,
        past: bool = False,  # noqa: FBT001, FBT002 (an argument of the graph)
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[AllianceMembershipLink]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await alliances.members_page(info.context, self.row["id"], self.day, past=past, asked=asked)

    @strawberry.field(
        description="Alliances that it belongs to, the earliest first; with past also those that it had left. 所属联盟"
    )
    async def alliances(
        self,
        info: Info,
        past: bool = False,  # noqa: FBT001, FBT002 (an argument of the graph)
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[AllianceMembershipLink]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await alliances.alliances_page(info.context, self.row["id"], self.day, past=past, asked=asked)

    @strawberry.field(description="The compounds that it covers, at most 50; property has the rest. 覆盖小区")
    async def compounds(self, info: Info) -> list[CompoundLink]:
        """Read them."""
        ids = await info.context.loader(load_covered).load((self.row["id"], self.day))
        return [compounds.Compound(id=strawberry.ID(str(id_))) for id_ in ids]

    @strawberry.field(description="Whether it is joint: over more than one compound. 是否联合组建")
    async def is_joint(self, info: Info) -> bool:
        """Count its compounds."""
        return len(await info.context.loader(load_covered).load((self.row["id"], self.day))) > 1

    @strawberry.field(
        description="What an assessment of a year would count of contributions now, by the practice's capacities; for "
        "staff. 按贡献计分"
    )
    async def counted_scores(self, info: Info, year: int) -> list[CapacityScoreLink]:
        """Count them."""
        return list(await assessments.counted_scores(info.context, self.row, year))

    @strawberry.field(description="Its funds, of a year if given, the latest first, at most 100; for staff. 经费账户")
    async def funds(self, info: Info, year: int | None = None) -> list[FundLink]:
        """Read them: one for each year and source."""
        return await funds.funds_of(info.context, self.row, year, self.day)

    async def _then(self, context: Context) -> OrganisationVersion:
        """Return name and parent of the day; what never changed has them in its row."""
        # Of one above the caller, only what it is called now is told.
        if self.version == 1 or self.is_above:
            return OrganisationVersion(self.row["name"], self.row["parent_id"], Period(self.established_on))
        return await context.loader(load_versions_on).load((self.row["id"], self.day))


async def organisation_by_id(context: Context, id_: UUID, day: date) -> Organisation | None:
    """Return an organisation in scope."""
    row = await context.loader(load_organisations).load(id_)
    return None if row is None else Organisation.of(row, day)


async def organisation_referred_to(context: Context, id_: UUID, day: date) -> Organisation | None:
    """Return an organisation in scope, or of a region above the caller's."""
    found = await organisation_by_id(context, id_, day)
    row = await row_above(context, load_organisations, id_) if found is None else None
    return found if row is None else replace(Organisation.of(row, day), is_above=True)


async def page_of(
    context: Context, statement: Select[Any] | Shaped, day: date, asked: PageArguments, mark: str
) -> Connection[Organisation]:
    """Return a page of organisations as they are on `day`."""
    page = await paginate(
        await context.read(), statement, [t.organisation.c.region_code, t.organisation.c.id], asked, mark
    )
    return page.connection(lambda row: Organisation.of(row, day))
