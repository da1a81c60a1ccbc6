"""What credit adds to org's regions, at every level at once."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from chassis.graphql.connection import Connection, PageArguments, fingerprint
from chassis.graphql.context import Context
from services.credit.access import RESIDENT
from services.credit.commands.actors import duty_regions
from services.credit.domain.catalogue import Period
from services.credit.domain.levels import DIGITS, DISTRICT
from services.credit.domain.periods import after_months, beginning, period_of
from services.credit.graphql.applications import CreditApplication, page_of_applications
from services.credit.graphql.catalogue import CreditCatalogue
from services.credit.graphql.enums import CreditRankLevel
from services.credit.graphql.governance import CreditGridRank
from services.credit.graphql.links import Info, catalogues_of, uuid_of
from services.credit.graphql.market import CreditFund, CreditOffer, funds, page_of_offers
from services.credit.graphql.selections import CreditAward, CreditSelection, page_of_awards, page_of_selections
from services.credit.graphql.stats import CreditMonth, CreditStats
from services.credit.storage import governance, reads, trends
from services.credit.storage.applications import waiting_in
from services.credit.storage.books import book_at
from services.credit.storage.stats import Key

_NOWHERE = "-"
"""Lies in no region: for a region that org has not told of yet, in which there can be no account."""


@strawberry.federation.interface_object(keys=["id"], description="A region of the tree, from city to unit. 区划")
class Region:
    """A region, as far as credit knows it."""

    id: strawberry.ID = strawberry.field(description="Identity, which outlives code and name. 标识")

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Region:  # noqa: A002
        """Answer the gateway."""
        return Region(id=id)

    @strawberry.field(description="Figures of credit here and below that the caller may see. 积分统计")
    async def credit_stats(
        self,
        info: Info,
        group: Annotated[str | None, strawberry.argument(description="Code of one group. 群体")] = None,
        since: Annotated[date | None, strawberry.argument(description="First day of the time. 起始日期")] = None,
        until: Annotated[date | None, strawberry.argument(description="First day after it. 截止日期（不含）")] = None,
    ) -> CreditStats:
        """Count when asked for a count."""
        info.context.access.admit(info.context.caller, "creditStats")
        code = await code_of(info.context, self.id)
        first, after = (beginning(day) if day else None for day in (since, until))
        return CreditStats.of(Key(code, group, first, after))

    @strawberry.field(description="The indicator catalogue in force here, the district's; null: none. 现行积分指标目录")
    async def credit_catalogue(self, info: Info) -> CreditCatalogue | None:
        """Read it."""
        info.context.access.admit(info.context.caller, "creditCatalogue")
        code, session = await code_of(info.context, self.id), await info.context.read()
        book = await book_at(session, code) if len(code) >= DISTRICT else None
        if book is None:
            return None
        found = await catalogues_of(info.context).latest(session, book["id"])
        return CreditCatalogue.of(found, info.context)

    @strawberry.field(
        description="Applications that wait here and below, where the caller approves; oldest first. 待审批申请"
    )
    async def credit_applications(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CreditApplication]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "creditApplications")
        code, session = await code_of(info.context, self.id), await info.context.read()
        book = await book_at(session, code) if len(code) >= DISTRICT else None
        catalogue = await catalogues_of(info.context).latest(session, book["id"]) if book else None
        titles = catalogue.approving() if catalogue else frozenset()
        statement = waiting_in(code, await duty_regions(session, info.context.caller, titles))
        asked = PageArguments(first, after, last, before)
        return await page_of_applications(
            info, statement, asked, fingerprint("Region.creditApplications", self.id), oldest_first=True
        )

    @strawberry.field(description="What can be had for points in the district; empty where there is none. 兑换项目")
    async def credit_offers(
        self,
        info: Info,
        scenario: Annotated[str | None, strawberry.argument(description="Code of one scenario. 应用场景")] = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CreditOffer]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "creditOffers")
        book = await book_at(await info.context.read(), await code_of(info.context, self.id))
        asked = PageArguments(first, after, last, before)
        mark = fingerprint("Region.creditOffers", self.id, scenario)
        return await page_of_offers(info, book["id"] if book else UUID(int=0), scenario, asked, mark)

    @strawberry.field(
        description="The dedicated fund by year, at most the last 50; for whose scope is the whole district. 专项资金"
    )
    async def credit_funds(self, info: Info) -> list[CreditFund]:
        """Read them."""
        info.context.access.admit(info.context.caller, "creditFund")
        book = await book_at(await info.context.read(), await code_of(info.context, self.id))
        may = book is not None and any(
            grant.role != RESIDENT and grant.covers(book["region_code"]) for grant in info.context.caller.grants
        )
        return await funds(info, book["id"]) if book is not None and may else []

    @strawberry.field(description="Selections held here and below, the newest first. 评选")
    async def credit_selections(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CreditSelection]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "creditSelections")
        asked = PageArguments(first, after, last, before)
        code = await near_code_of(info.context, self.id)
        return await page_of_selections(info, code, asked, fingerprint("Region.creditSelections", self.id))

    @strawberry.field(description="Awards of the fund here and below, the newest first. 奖励")
    async def credit_awards(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CreditAward]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "creditAwards")
        asked = PageArguments(first, after, last, before)
        code = await near_code_of(info.context, self.id)
        book = await book_at(await info.context.read(), code)
        mark = fingerprint("Region.creditAwards", self.id)
        return await page_of_awards(info, book["id"] if book else UUID(int=0), code, asked, mark)

    @strawberry.field(
        description="Regions here, ranked for a quarter by their people's mean points; at most 100. 季度排名"
    )
    async def credit_ranking(
        self,
        info: Info,
        day: Annotated[date, strawberry.argument(description="Any day of the quarter. 季度内任一日")],
        most: Annotated[int, strawberry.argument(description="How many, 1 to 100. 条数")] = 20,
        level: Annotated[
            CreditRankLevel, strawberry.argument(description="What is ranked. 层级")
        ] = CreditRankLevel.GRID,
    ) -> list[CreditGridRank]:
        """Read them, the best first; empty before the quarter was ranked. Grids of a district have their own place."""
        info.context.access.admit(info.context.caller, "creditRanking")
        code, session = await near_code_of(info.context, self.id), await info.context.read()
        book = await book_at(session, code) if len(code) >= DISTRICT else None
        first, _ = period_of(day, Period.QUARTER)
        at_most = min(max(most, 1), 100)
        if level is CreditRankLevel.GRID and book is not None:
            rows = await governance.ranking(session, book["id"], first, code, at_most)
        else:
            rows = await trends.ranking_above(session, first, code, DIGITS[level.name], at_most)
        return [CreditGridRank.of(row) for row in rows]

    @strawberry.field(
        description="Points by month here and below; months without any are left out, at most 36. 积分趋势"
    )
    async def credit_trend(
        self,
        info: Info,
        since: Annotated[date, strawberry.argument(description="A day of the first month. 起始月份内任一日")],
        months: Annotated[int, strawberry.argument(description="How many, 1 to 36. 月数")] = 12,
    ) -> list[CreditMonth]:
        """Sum them when asked."""
        info.context.access.admit(info.context.caller, "creditStats")
        code, session = await code_of(info.context, self.id), await info.context.read()
        first = since.replace(day=1)
        after = after_months(first, min(max(months, 1), 36))
        rows = await trends.months_of(session, code, beginning(first), beginning(after))
        return [CreditMonth(**row) for row in rows]


async def code_of(context: Context, id_: strawberry.ID) -> str:
    """Return a region's present code."""
    return await context.loader(reads.load_region_codes).load(uuid_of(id_)) or _NOWHERE


async def near_code_of(context: Context, id_: strawberry.ID) -> str:
    """Return a region's present code when the caller's scope lies in it or it in theirs; else that of no region.

    For what people of a region see of all of it: what is chosen, awarded and ranked.
    """
    code = await code_of(context, id_)
    caller = context.caller
    return code if caller.sees(code) or any(one.startswith(code) for one in caller.scope) else _NOWHERE
