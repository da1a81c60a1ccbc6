"""Filings in the graph: whom subdistricts nominate for posts, and how the district reviews them; for personnel."""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, func, select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain.filings import FilingState
from services.org.domain.periods import today
from services.org.graphql import organisations, people
from services.org.graphql.enums import DutyFilingState
from services.org.graphql.links import Info, OrganisationLink, PersonLink
from services.org.graphql.proposed import Proposed
from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force, within


@strawberry.type(description="A nomination for a post that the district reviews and files. 任职备案")
class DutyFiling(Proposed):
    """A filing."""

    state: DutyFilingState = strawberry.field(description="How far it is. 进度")
    grounds: str = strawberry.field(description="What speaks for them. 提名理由")
    submitted_on: date = strawberry.field(description="When the subdistrict nominated them. 提名日期")
    reviewed_on: date | None = strawberry.field(description="When the district reviewed it. 审核日期")
    expires_on: date | None = strawberry.field(
        description="First day on which nothing comes of it any more; null until it is filed. 失效日期"
    )
    reason: str | None = strawberry.field(description="What was said when it was reviewed or withdrawn. 审核意见")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        names = ["version", "grounds", "submitted_on", "reviewed_on", "expires_on", "reason"]
        return cls(
            id=strawberry.ID(str(row["id"])),
            state=DutyFilingState(row["state"]),
            row=row,
            **{name: row[name] for name in names},
        )

    @strawberry.field(description="In which organisation. 任职组织")
    async def organisation(self, info: Info) -> OrganisationLink | None:
        """Read the organisation."""
        return await organisations.organisation_by_id(info.context, self.row["organisation_id"], today())

    @strawberry.field(description="Who is nominated. 提名人选")
    async def person(self, info: Info) -> PersonLink | None:
        """Read the person."""
        return await people.person_by_id(info.context, self.row["person_id"], today())


@strawberry.type(description="How far the holders of a title are filed. 备案统计")
class DutyFilingStats:
    """Counts."""

    holders: int = strawberry.field(description="Hold the title on the day asked about. 在任人数")
    filed: int = strawberry.field(description="Of these, those who were given it on a filing. 其中经备案")
    submitted: int = strawberry.field(description="Await the district's review today. 待审核")
    ready: int = strawberry.field(description="Filed today, and not given the duty yet. 已备案待任命")


async def filings_page(
    context: Context, place: Place, title: str | None, state: DutyFilingState | None, asked: PageArguments
) -> Connection[DutyFiling]:
    """Return a page of the filings of a place."""
    context.access.permit(context.caller, "dutyFilings", place.code, what="region")
    f = t.duty_filing
    statement = select(f).where(within(f.c.region_id, f.c.region_code, place, direct=False))
    if title is not None:
        statement = statement.where(f.c.title == title)
    if state is not None:
        statement = statement.where(f.c.state == state.value)
    mark = fingerprint("duty filings", place.id, title, state and state.value, place.as_of)
    page = await paginate(await context.read(), statement, [f.c.region_code, f.c.id], asked, mark)
    return page.connection(DutyFiling.of)


async def filing_stats_in(context: Context, place: Place, title: str) -> DutyFilingStats:
    """Count the holders of a title in a place, and its filings."""
    context.access.permit(context.caller, "dutyFilings", place.code, what="region")
    d, f, session = t.duty, t.duty_filing, await context.read()
    held = select(func.count().label("holders"), func.count(f.c.id).label("filed")).select_from(
        d.outerjoin(f, f.c.duty_id == d.c.id)
    )
    there = within(d.c.region_id, d.c.region_code, place, direct=False)
    held = held.where(d.c.title == title, in_force(d, place.as_of), there)
    (counted,) = await session.rows(held)
    now = select(f.c.state, func.count().label("count")).where(
        within(f.c.region_id, f.c.region_code, place, direct=False), f.c.title == title
    )
    counts = {row["state"]: row["count"] for row in await session.rows(now.group_by(f.c.state))}
    return DutyFilingStats(
        holders=counted["holders"],
        filed=counted["filed"],
        submitted=counts.get(FilingState.SUBMITTED.value, 0),
        ready=counts.get(FilingState.FILED.value, 0),
    )


async def filing_by_id(context: Context, id_: UUID) -> DutyFiling | None:
    """Return a filing in scope."""
    row = await (await context.read()).row(select(t.duty_filing).where(t.duty_filing.c.id == id_))
    return None if row is None else DutyFiling.of(row)
