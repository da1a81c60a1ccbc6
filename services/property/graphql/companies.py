"""Property companies in the graph."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, Select

from chassis.graphql.connection import Connection, PageArguments, paginate
from chassis.graphql.context import Context
from chassis.graphql.mutate import Outcome, perform
from services.property.commands import companies as c
from services.property.graphql import regions, service
from services.property.graphql.links import Info, RegionLink, hundredths
from services.property.graphql.problem import Problem
from services.property.storage import reads
from services.property.storage.companies import load_offers, load_satisfaction, load_tickets

_MOST_OFFERS = 100


@strawberry.type(description="What a company offers compounds of a type. 企业服务条件")
class CompanyOffer:
    """An offer."""

    compound_kind: str = strawberry.field(description="Code of the type. 小区类型")
    price: Decimal = strawberry.field(description="From, yuan a square metre and month. 单价")
    terms: str = strawberry.field(description="Its terms. 条件")


@strawberry.type(description="Tickets about how a company serves, as tickets told of them. 物业工单")
class CompanyTickets:
    """Counts."""

    raised: int = strawberry.field(description="How many. 件数")
    done: int = strawberry.field(description="How many were done. 办结数")
    rated: int = strawberry.field(description="How many were rated, 1 to 5. 评价数")


@strawberry.type(description="A property company. 物业服务企业")
class PropertyCompany:
    """A company."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes. 版本")
    name: str = strawberry.field(description="Its registered name. 名称")
    credit_code: str = strawberry.field(description="Its unified social credit code. 统一社会信用代码")
    has_party_branch: bool = strawberry.field(description="Whether its staff have a Party branch. 是否成立党支部")
    registered_on: date = strawberry.field(description="Day of registration. 登记日期")
    region_id: strawberry.Private[UUID]
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        same = ("version", "name", "credit_code", "has_party_branch", "registered_on", "region_id")
        return cls(id=strawberry.ID(str(row["id"])), row=row, **{name: row[name] for name in same})

    @strawberry.field(description="Whether it counts as red, by the practice's rule. 是否红色物业")
    async def is_red(self, info: Info) -> bool:
        """Ask the rule."""
        return await service.company_is_red(info.context, self.row["id"], has_branch=self.has_party_branch)

    @strawberry.field(description="How far it is recommended, and why. 推荐")
    async def recommendation(self, info: Info) -> service.CompanyRecommendation:
        """Compute."""
        return await service.recommend(info.context, self.row)

    @strawberry.field(description="On what terms it serves compounds, by their type; at most 100. 服务条件")
    async def offers(self, info: Info) -> list[CompanyOffer]:
        """Read them."""
        rows = await info.context.loader(load_offers).load(self.row["id"])
        return [
            CompanyOffer(compound_kind=row["compound_kind"], price=hundredths(row["price"]), terms=row["terms"])
            for row in rows[:_MOST_OFFERS]
        ]

    @strawberry.field(description="How many owners have said how it serves. 评价人次")
    async def evaluations(self, info: Info) -> int:
        """Count."""
        return (await info.context.loader(load_satisfaction).load(self.row["id"]))[1]

    @strawberry.field(description="Tickets about it that the caller may see. 物业工单")
    async def tickets(self, info: Info) -> CompanyTickets:
        """Count."""
        row = await info.context.loader(load_tickets).load(self.row["id"])
        return CompanyTickets(**{name: row[name] if row else 0 for name in ("raised", "done", "rated")})

    @strawberry.field(description="The region that looks after it. 属地")
    def region(self) -> RegionLink:
        """Refer to it; org has the rest."""
        return regions.Region(id=strawberry.ID(str(self.region_id)))


@strawberry.input(description="A property company. 物业服务企业")
class RegisterCompanyInput:
    """What registerCompany is given."""

    idempotency_key: str = strawberry.field(description="Same key, same answer, done once. 幂等键")
    region_code: str = strawberry.field(description="Code of the region that looks after it. 区划代码")
    name: str = strawberry.field(description="Its registered name. 名称")
    credit_code: str = strawberry.field(description="Its unified social credit code. 统一社会信用代码")
    has_party_branch: bool = strawberry.field(default=False, description="Has it a Party branch? 是否成立党支部")


@strawberry.type(description="What became of it. 结果")
class PropertyCompanyPayload:
    """Payload of the mutations of a property company."""

    company: PropertyCompany | None = strawberry.field(description="The company; null when refused. 企业")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


async def company_payload(info: Info, outcome: Outcome) -> PropertyCompanyPayload:
    """Return what became of a company."""
    row = await info.context.loader(reads.load_companies).load(outcome.id) if outcome.id else None
    return PropertyCompanyPayload(company=PropertyCompany.of(row) if row else None, problems=outcome.problems)


@strawberry.type
class CompanyMutations:
    """Mutations of property companies."""

    @strawberry.mutation(description="Register a property company. 登记物业服务企业")
    async def register_company(self, info: Info, input: RegisterCompanyInput) -> PropertyCompanyPayload:  # noqa: A002
        """Register."""
        asked = c.RegisterCompany(input.region_code, input.name, input.credit_code, input.has_party_branch)
        outcome = await perform(info, "registerCompany", c.register_company, asked, input.idempotency_key)
        return await company_payload(info, outcome)


async def page_of(
    context: Context, statement: Select[tuple[object, ...]], asked: PageArguments, mark: str
) -> Connection[PropertyCompany]:
    """Return a page of companies by region."""
    page = await paginate(await context.read(), statement, reads.COMPANY_ORDER, asked, mark)
    return page.connection(PropertyCompany.of)
