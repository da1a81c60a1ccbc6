"""What regions of every level have of who looks after them, and of partner units: fields of `Region`."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry

from chassis.graphql.connection import Connection, PageArguments
from services.org.graphql import check_ins, contacts, filings, partners, recommendations
from services.org.graphql.enums import DutyFilingState, RecommendationState
from services.org.graphql.links import (
    CheckInStatsLink,
    ContactLink,
    ContactStatsLink,
    DutyFilingLink,
    DutyFilingStatsLink,
    Info,
    RecommendationLink,
    uuid_of,
)
from services.org.graphql.region_lists import Placed


@strawberry.type
class Tied(Placed):
    """A region, with who looks after it."""

    @strawberry.field(description="Who looks after grids, buildings and households here; for staff. 包片联户")
    async def contacts(
        self,
        info: Info,
        kind: str | None = None,
        compound_id: Annotated[strawberry.ID | None, strawberry.argument(description="Of this compound. 小区")] = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[ContactLink]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        compound = None if compound_id is None else uuid_of(compound_id)
        return await contacts.contacts_page(info.context, self.place, kind, compound, asked)

    @strawberry.field(
        description="How far units and people look after this region, and visited it from a day to another "
        "(both included; left out: the year so far); for staff. 包片联户统计"
    )
    async def contact_stats(
        self,
        info: Info,
        visited_from: date | None = None,
        visited_to: date | None = None,
        kind: Annotated[
            str | None, strawberry.argument(description="Contacts and visits of this kind alone. 类型")
        ] = None,
    ) -> ContactStatsLink:
        """Count them."""
        return await contacts.contact_stats_in(info.context, self.place, visited_from, visited_to, kind)

    @strawberry.field(
        description="How many checked in here, are assigned to a branch and have a post; for staff. 报到与编组统计"
    )
    async def check_in_stats(self, info: Info) -> CheckInStatsLink:
        """Count them."""
        return await check_ins.check_in_stats_in(info.context, self.place)

    @strawberry.field(description="Whom branches recommend for duties here. 推选")
    async def recommendations(
        self,
        info: Info,
        title: str | None = None,
        state: RecommendationState | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[RecommendationLink]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await recommendations.recommendations_page(info.context, self.place, title, state, asked)

    @strawberry.field(description="Whom subdistricts nominated for duties here; for personnel. 任职备案")
    async def duty_filings(
        self,
        info: Info,
        title: str | None = None,
        state: DutyFilingState | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[DutyFilingLink]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await filings.filings_page(info.context, self.place, title, state, asked)

    @strawberry.field(
        description="How many hold a title here, were filed for it, and await their filing; for personnel. 任职备案统计"
    )
    async def duty_filing_stats(
        self, info: Info, title: Annotated[str, strawberry.argument(description="Code of the duty title. 职务")]
    ) -> DutyFilingStatsLink:
        """Count them."""
        return await filings.filing_stats_in(info.context, self.place, title)

    @strawberry.field(description="What partner units did here in a year; for staff. 共建贡献")
    async def contributions(
        self,
        info: Info,
        year: int,
        kind: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[partners.Contribution]:
        """Read a page of it."""
        asked = PageArguments(first, after, last, before)
        return await partners.contributions_page(info.context, self.place, year, kind, asked)

    @strawberry.field(description="What units did here in a year, and what it counts for; for staff. 共建参与统计")
    async def partner_stats(self, info: Info, year: int) -> partners.PartnerStats:
        """Count it."""
        return await partners.partner_stats_in(info.context, self.place, year)

    @strawberry.field(description="Outstanding problems that partner units took on here; for staff. 突出问题")
    async def joint_problems(
        self,
        info: Info,
        settled: bool | None = None,  # noqa: FBT001
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[partners.JointProblem]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await partners.joint_problems_page(info.context, self.place, settled, asked)

    @strawberry.field(
        description="Problems that paired units settled here in a year, and who has not yet; for staff. 突出问题统计"
    )
    async def joint_problem_stats(self, info: Info, year: int) -> partners.JointProblemStats:
        """Count them."""
        return await partners.joint_problem_stats_in(info.context, self.place, year)
