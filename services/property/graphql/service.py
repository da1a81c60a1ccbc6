"""Choice of companies, contracts and assessments in the graph. Money is in yuan, scores of 100, as exact decimals."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

import msgspec
import strawberry
from sqlalchemy import RowMapping

from chassis.graphql.connection import Connection, PageArguments
from chassis.graphql.context import Context
from services.property.domain.company_rules import (
    DEFAULT_RECOMMENDATION,
    AssessmentRule,
    RecommendationRule,
    ServiceStandard,
    party_score,
    recommendation,
    rounded,
    satisfaction_of,
)
from services.property.domain.content import today
from services.property.domain.contracts import goes_on_without_term
from services.property.domain.red import Facts, is_red
from services.property.domain.shares import ratio
from services.property.graphql import votes
from services.property.graphql.links import CompanyLink, CompoundLink, Info, VoteLink, hundredths
from services.property.graphql.service_enums import (
    ApplicationStatus,
    AssessmentStatus,
    NoticeParty,
    SelectionStatus,
    ServiceContractKind,
)
from services.property.storage import companies as reads
from services.property.storage import histories
from services.property.storage.reads import load_companies
from services.property.storage.red import load_standards, red_rule


async def company_of(context: Context, id_: UUID) -> CompanyLink | None:
    """Return a company that the caller may see."""
    from services.property.graphql.companies import PropertyCompany  # noqa: PLC0415 (they refer to each other)

    row = await context.loader(load_companies).load(id_)
    return PropertyCompany.of(row) if row else None


async def compound_of(context: Context, id_: UUID) -> CompoundLink | None:
    """Return a compound in scope."""
    from services.property.graphql.compounds import compound_by_id  # noqa: PLC0415 (they refer to each other)

    return await compound_by_id(context, id_)


@strawberry.type(description="A service and how it is to be done. 服务项目")
class StandardItem:
    """One item of a standard."""

    name: str = strawberry.field(description="The service. 内容")
    standard: str = strawberry.field(description="How often or how well. 标准")


@strawberry.type(description="Contents and standards of service for a type of compound. 服务内容与标准")
class CompoundStandard:
    """A standard, in the language of Accept-Language."""

    code: str = strawberry.field(description="Code. 代码")
    name: str = strawberry.field(description="Name. 名称")
    items: list[StandardItem] = strawberry.field(description="The services, by the practice. 项目")


def standards_for(rows: list[RowMapping], kind: str, language: str) -> list[CompoundStandard]:
    """Return the standards that are for a type of compound."""
    end = "zh" if language == "zh-CN" else "en"
    standards = [msgspec.convert(row["definition"], ServiceStandard) for row in rows]
    return [
        CompoundStandard(
            code=one.code,
            name=getattr(one, f"name_{end}"),
            items=[
                StandardItem(name=getattr(item, f"name_{end}"), standard=getattr(item, f"standard_{end}"))
                for item in one.items
            ],
        )
        for one in standards
        if kind in one.compound_kinds
    ]


@strawberry.type(description="Why a company is recommended: the formula and what goes into it. 推荐依据")
class CompanyRecommendation:
    """A score with its parts; null where nothing is known, and then `unknown` counts."""

    score: Decimal = strawberry.field(description="The weighted score. 推荐得分")
    party: Decimal = strawberry.field(description="Party building: branch, and red by the practice's rule. 党建")
    service: Decimal | None = strawberry.field(description="Latest concluded assessments, mean. 服务")
    satisfaction: Decimal | None = strawberry.field(description="What owners say, mean. 满意度")
    party_weight: int = strawberry.field(description="Weight of Party building, of 100. 党建权重")
    service_weight: int = strawberry.field(description="Weight of service, of 100. 服务权重")
    tickets: Decimal | None = strawberry.field(description="How tickets about it were rated, mean. 工单评价")
    tickets_weight: int = strawberry.field(description="Weight of tickets, of 100. 工单权重")
    satisfaction_weight: int = strawberry.field(description="Weight of satisfaction, of 100. 满意度权重")
    unknown: Decimal = strawberry.field(description="What counts where nothing is known. 缺省值")


async def company_is_red(context: Context, id_: UUID, *, has_branch: bool) -> bool:
    """Tell whether a company counts as red, by the practice's rule."""
    rule = await red_rule(context)
    row = await context.loader(reads.load_company_cross).load((id_, rule.titles))
    if row is None:
        return False
    # Party members among a company's staff are not recorded: only the cross-appointed are known to be.
    facts = Facts(row["members"], row["crossed"], row["crossed"], row["chair_crossed"], has_branch)
    return is_red(rule, facts)


async def recommend(context: Context, company: RowMapping) -> CompanyRecommendation:
    """Compute a company's recommendation."""
    stored = await context.loader(load_standards).load(("recommendation", DEFAULT_RECOMMENDATION.code))
    rule = msgspec.convert(stored["definition"], RecommendationRule) if stored else DEFAULT_RECOMMENDATION
    id_, has_branch = company["id"], company["has_party_branch"]
    party = party_score(has_branch=has_branch, is_red=await company_is_red(context, id_, has_branch=has_branch))
    total, number = await context.loader(reads.load_service_scores).load(id_)
    service = rounded(ratio(total, number)) if number else None
    satisfaction = satisfaction_of(*await context.loader(reads.load_satisfaction).load(id_))
    told = await context.loader(reads.load_tickets).load(id_)
    tickets = satisfaction_of(int(told["stars"]), int(told["rated"])) if told else None
    return CompanyRecommendation(
        score=hundredths(recommendation(rule, party, service, satisfaction, tickets)),
        tickets=None if tickets is None else hundredths(tickets),
        tickets_weight=rule.tickets,
        party=hundredths(party),
        service=None if service is None else hundredths(service),
        satisfaction=None if satisfaction is None else hundredths(satisfaction),
        party_weight=rule.party,
        service_weight=rule.service,
        satisfaction_weight=rule.satisfaction,
        unknown=hundredths(rule.unknown),
    )


@strawberry.type(description="A company that applies. 应聘")
class CompanyApplication:
    """An application."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    status: ApplicationStatus = strawberry.field(description="Where it stands. 状态")
    price: Decimal = strawberry.field(description="Yuan a square metre and month. 报价")
    terms: str = strawberry.field(description="The company's own terms. 应聘条件")
    position: int | None = strawberry.field(description="Place on the ballot. 选票序号")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            status=ApplicationStatus[row["status"].upper()],
            price=hundredths(row["price"]),
            terms=row["terms"],
            position=row["position"],
            row=row,
        )

    @strawberry.field(description="The company. 企业")
    async def company(self, info: Info) -> CompanyLink | None:
        """Read it."""
        return await company_of(info.context, self.row["company_id"])

    @strawberry.field(description="How far it is recommended, and why. 推荐")
    async def recommendation(self, info: Info) -> CompanyRecommendation | None:
        """Compute."""
        row = await info.context.loader(load_companies).load(self.row["company_id"])
        return await recommend(info.context, row) if row else None


@strawberry.type(description="The choice of a property company by the owners. 选聘")
class Selection:
    """A selection."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes. 版本")
    status: SelectionStatus = strawberry.field(description="Where it stands. 状态")
    title: str = strawberry.field(description="What it is called. 标题")
    standard: str | None = strawberry.field(description="Code of the service standard. 服务标准")
    most_price: Decimal = strawberry.field(description="At most, yuan a square metre and month. 最高限价")
    months: int = strawberry.field(description="Term in months. 期限（月）")
    terms: str = strawberry.field(description="The owners' terms. 选聘条件")
    apply_by: datetime = strawberry.field(description="Until when companies apply. 应聘截止")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        same = ("version", "title", "standard", "months", "terms", "apply_by")
        return cls(
            id=strawberry.ID(str(row["id"])),
            status=SelectionStatus[row["status"].upper()],
            most_price=hundredths(row["most_price"]),
            row=row,
            **{name: row[name] for name in same},
        )

    @strawberry.field(description="The compound. 小区")
    async def compound(self, info: Info) -> CompoundLink | None:
        """Read it."""
        return await compound_of(info.context, self.row["compound_id"])

    @strawberry.field(description="The companies that apply, in the order in which they did. 应聘企业")
    async def applications(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CompanyApplication]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        page = await histories.APPLICATIONS.page(info.context, self.row["id"], asked)
        return page.connection(CompanyApplication.of)

    @strawberry.field(description="The owners' vote. 表决")
    async def vote(self, info: Info) -> VoteLink | None:
        """Read it."""
        return await votes.vote_by_id(info.context, self.row["vote_id"]) if self.row["vote_id"] else None


@strawberry.type(description="A contract of property service. 物业服务合同")
class ServiceContract:
    """A contract."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes. 版本")
    kind: ServiceContractKind = strawberry.field(description="Whose choice the company was. 类型")
    number: str = strawberry.field(description="Its number. 合同号")
    price: Decimal = strawberry.field(description="Yuan a square metre and month. 物业费标准")
    deposit: Decimal = strawberry.field(description="Yuan. 保证金")
    starts_on: date = strawberry.field(description="First day. 起始日期")
    ends_on: date = strawberry.field(description="First day after the term. 期满日期")
    renewals: int = strawberry.field(description="How often it was renewed. 续订次数")
    notice_on: date | None = strawberry.field(description="When notice was given. 通知日期")
    leaves_on: date | None = strawberry.field(description="When the company leaves. 退出日期")
    ended_on: date | None = strawberry.field(description="When it had handed over. 移交日期")
    handed_over: str | None = strawberry.field(description="What was handed over, and to whom. 移交内容")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        same = (
            "version", "number", "starts_on", "ends_on", "renewals", "notice_on", "leaves_on", "ended_on",
            "handed_over",
        )  # fmt: skip
        return cls(
            id=strawberry.ID(str(row["id"])),
            kind=ServiceContractKind[row["kind"].upper()],
            price=hundredths(row["price"]),
            deposit=hundredths(row["deposit"]),
            row=row,
            **{name: row[name] for name in same},
        )

    @strawberry.field(description="Who gave notice. 解除方")
    def notice_by(self) -> NoticeParty | None:
        """Read it."""
        return NoticeParty[self.row["notice_by"].upper()] if self.row["notice_by"] else None

    @strawberry.field(description="Whether it goes on without a term: Civil Code, article 948. 是否不定期")
    def is_without_term(self) -> bool:
        """Compare."""
        return self.row["ended_on"] is None and goes_on_without_term(self.row["ends_on"], today())

    @strawberry.field(description="The company. 企业")
    async def company(self, info: Info) -> CompanyLink | None:
        """Read it."""
        return await company_of(info.context, self.row["company_id"])

    @strawberry.field(description="The compound. 小区")
    async def compound(self, info: Info) -> CompoundLink | None:
        """Read it."""
        return await compound_of(info.context, self.row["compound_id"])


@strawberry.type(description="What one evaluator says. 评价")
class AssessmentScore:
    """A score."""

    evaluator: str = strawberry.field(description="Code of the evaluator. 评价主体代码")
    name: str = strawberry.field(description="Its name, in the language of Accept-Language. 评价主体")
    weight: int = strawberry.field(description="Its weight, of 100. 权重")
    score: Decimal | None = strawberry.field(description="Its score; null: none yet. 得分")
    reasons: str | None = strawberry.field(description="Why. 理由")


@strawberry.type(description="An assessment of a company in a compound. 三评两公示")
class CompanyAssessment:
    """An assessment."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes. 版本")
    period: str = strawberry.field(description="The quarter, as 2026Q1. 季度")
    status: AssessmentStatus = strawberry.field(description="Where it stands. 状态")
    score: Decimal | None = strawberry.field(description="The result. 得分")
    grade: str | None = strawberry.field(description="Code of the grade. 等次")
    publicised_on: date | None = strawberry.field(description="When its result was made public. 结果公示日期")
    concluded_on: date | None = strawberry.field(description="When it was concluded. 整改公示日期")
    rectification: str | None = strawberry.field(description="What was put right. 整改情况")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        same = ("version", "period", "grade", "publicised_on", "concluded_on", "rectification")
        return cls(
            id=strawberry.ID(str(row["id"])),
            status=AssessmentStatus[row["status"].upper()],
            score=None if row["score"] is None else hundredths(row["score"]),
            row=row,
            **{name: row[name] for name in same},
        )

    @strawberry.field(description="The company. 企业")
    async def company(self, info: Info) -> CompanyLink | None:
        """Read it."""
        return await company_of(info.context, self.row["company_id"])

    @strawberry.field(description="The compound. 小区")
    async def compound(self, info: Info) -> CompoundLink | None:
        """Read it."""
        return await compound_of(info.context, self.row["compound_id"])

    @strawberry.field(description="What each evaluator of the practice's rule says; public with the result. 评价明细")
    async def scores(self, info: Info) -> list[AssessmentScore]:
        """Read them; none while others still evaluate."""
        rule = msgspec.convert(self.row["rule"], AssessmentRule)
        is_public = self.row["status"] != "scoring"
        rows = await info.context.loader(reads.load_scores).load(self.row["id"]) if is_public else []
        given = {row["evaluator"]: row for row in rows}
        name = "name_zh" if info.context.language == "zh-CN" else "name_en"
        return [
            AssessmentScore(
                evaluator=one.code,
                name=getattr(one, name),
                weight=one.weight,
                score=hundredths(given[one.code]["score"]) if one.code in given else None,
                reasons=given[one.code]["reasons"] if one.code in given else None,
            )
            for one in rule.evaluators
        ]
