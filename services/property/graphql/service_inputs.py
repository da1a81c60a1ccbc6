"""What the mutations of choice, contracts and assessments are given. Money is in 0.01 yuan (分), scores in 0.01."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from services.property.graphql.enums import CompoundCare
from services.property.graphql.service_enums import NoticeParty

KEY = "Same key, same answer, done once. 幂等键"
_COMPANY, _COMPOUND, _CONTRACT = "The company. 企业", "The compound. 小区", "The contract. 合同"
_SELECTION, _ASSESSMENT = "The selection. 选聘", "The assessment. 考评"
_PRICE = "0.01 yuan a square metre and month. 单价（分/平方米·月）"
_VOTE, _POSITION = "The owners' vote that decided it. 表决", "Which of its matters, from 0. 事项序号"


@strawberry.input(description="Somebody who leads a company or acts for it. 企业人员")
class AddCompanyStaffInput:
    """What addCompanyStaff is given."""

    idempotency_key: str = strawberry.field(description=KEY)
    company_id: strawberry.ID = strawberry.field(description=_COMPANY)
    person_id: strawberry.ID | None = strawberry.field(default=None, description="The same person in org. 人员")
    subject: str | None = strawberry.field(default=None, description="Token subject to act by. 账号")
    is_manager: bool = strawberry.field(default=False, description="Leads the company. 是否负责人")


@strawberry.input(description="Somebody who no longer does. 企业人员终止")
class EndCompanyStaffInput:
    """What endCompanyStaff is given."""

    id: strawberry.ID = strawberry.field(description="Which. 标识")


@strawberry.input(description="The Party branch of a company's staff. 企业党支部")
class LinkCompanyBranchInput:
    """What linkCompanyBranch is given."""

    company_id: strawberry.ID = strawberry.field(description=_COMPANY)
    organisation_id: strawberry.ID | None = strawberry.field(
        default=None, description="The branch in org; null: none. 党支部"
    )


@strawberry.input(description="What a company offers compounds of a type. 企业服务条件")
class PublishOfferInput:
    """What publishOffer is given."""

    company_id: strawberry.ID = strawberry.field(description=_COMPANY)
    compound_kind: str = strawberry.field(description="Code of the type of compound. 小区类型")
    price_fen: int = strawberry.field(description=_PRICE)
    terms: str = strawberry.field(description="Its terms. 服务条件")


@strawberry.input(description="Terms on which a compound looks for a company. 选聘公告")
class PublishSelectionInput:
    """What publishSelection is given."""

    idempotency_key: str = strawberry.field(description=KEY)
    compound_id: strawberry.ID = strawberry.field(description=_COMPOUND)
    title: str = strawberry.field(description="What it is called. 标题")
    most_price_fen: int = strawberry.field(description=_PRICE)
    months: int = strawberry.field(description="Term in months. 期限（月）")
    terms: str = strawberry.field(description="The owners' terms. 选聘条件")
    apply_by: datetime = strawberry.field(description="Until when companies apply. 应聘截止")
    standard: str | None = strawberry.field(default=None, description="Code of a service standard. 服务标准")


@strawberry.input(description="An application. 应聘")
class ApplyForSelectionInput:
    """What applyForSelection is given."""

    idempotency_key: str = strawberry.field(description=KEY)
    selection_id: strawberry.ID = strawberry.field(description=_SELECTION)
    company_id: strawberry.ID = strawberry.field(description=_COMPANY)
    price_fen: int = strawberry.field(description=_PRICE)
    terms: str = strawberry.field(default="", description="The company's own terms. 应聘条件")


@strawberry.input(description="Applications that go before the owners. 入围")
class ShortlistApplicationsInput:
    """What shortlistApplications is given."""

    selection_id: strawberry.ID = strawberry.field(description=_SELECTION)
    application_ids: list[strawberry.ID] = strawberry.field(description="Which, at most 32. 应聘")


@strawberry.input(description="The owners' vote on the companies. 选聘表决")
class HoldSelectionInput:
    """What holdSelection is given."""

    idempotency_key: str = strawberry.field(description=KEY)
    selection_id: strawberry.ID = strawberry.field(description=_SELECTION)
    opens_at: datetime = strawberry.field(description="When it opens, after the notice period. 开始时间")
    closes_at: datetime = strawberry.field(description="When it closes. 截止时间")
    rule: str | None = strawberry.field(default=None, description="Code of a local rule of votes. 规则")


@strawberry.input(description="A contract of property service. 物业服务合同")
class SignContractInput:
    """What signContract is given."""

    idempotency_key: str = strawberry.field(description=KEY)
    compound_id: strawberry.ID = strawberry.field(description=_COMPOUND)
    company_id: strawberry.ID = strawberry.field(description=_COMPANY)
    number: str = strawberry.field(description="Its number. 合同号")
    price_fen: int = strawberry.field(description=_PRICE)
    deposit_fen: int = strawberry.field(description="0.01 yuan. 保证金（分）")
    starts_on: date = strawberry.field(description="First day. 起始日期")
    ends_on: date = strawberry.field(description="First day after the term. 期满日期")
    care: CompoundCare = strawberry.field(default=CompoundCare.COMPANY, description="Way of care it makes. 管理方式")
    selection_id: strawberry.ID | None = strawberry.field(
        default=None, description="The owners' choice; null: the developer's, before there is a committee. 选聘"
    )


@strawberry.input(description="A renewal. 续订")
class RenewContractInput:
    """What renewContract is given."""

    contract_id: strawberry.ID = strawberry.field(description=_CONTRACT)
    ends_on: date = strawberry.field(description="First day after the new term. 期满日期")
    price_fen: int = strawberry.field(description=_PRICE)
    vote_id: strawberry.ID = strawberry.field(description=_VOTE)
    position: int = strawberry.field(default=0, description=_POSITION)


@strawberry.input(description="Notice that a contract ends. 解除通知")
class GiveContractNoticeInput:
    """What giveContractNotice is given."""

    contract_id: strawberry.ID = strawberry.field(description=_CONTRACT)
    by: NoticeParty = strawberry.field(description="Who ends it. 解除方")
    on: date = strawberry.field(description="Day of the written notice. 通知日期")
    leaves_on: date = strawberry.field(description="Day on which the company leaves. 退出日期")
    vote_id: strawberry.ID | None = strawberry.field(default=None, description=_VOTE)
    position: int = strawberry.field(default=0, description=_POSITION)


@strawberry.input(description="A hand-over. 退出移交")
class EndContractInput:
    """What endContract is given."""

    contract_id: strawberry.ID = strawberry.field(description=_CONTRACT)
    on: date = strawberry.field(description="Day of the hand-over. 移交日期")
    handed_over: str = strawberry.field(description="What was handed over, and to whom. 移交内容")


@strawberry.input(description="An assessment for a quarter. 考评")
class OpenAssessmentInput:
    """What openAssessment is given."""

    idempotency_key: str = strawberry.field(description=KEY)
    compound_id: strawberry.ID = strawberry.field(description=_COMPOUND)
    period: str = strawberry.field(description="The quarter, as 2026Q1. 季度")
    rule: str | None = strawberry.field(default=None, description="Code of an assessment rule. 规则")


@strawberry.input(description="An evaluator's score. 评分")
class ScoreAssessmentInput:
    """What scoreAssessment is given."""

    assessment_id: strawberry.ID = strawberry.field(description=_ASSESSMENT)
    evaluator: str = strawberry.field(description="Code of the evaluator. 评价主体代码")
    score: int = strawberry.field(description="In 0.01, to 10000. 得分（0.01 分）")
    reasons: str | None = strawberry.field(default=None, description="Why. 理由")


@strawberry.input(description="The first publicity. 结果公示")
class PubliciseAssessmentInput:
    """What publiciseAssessment is given."""

    assessment_id: strawberry.ID = strawberry.field(description=_ASSESSMENT)


@strawberry.input(description="The second publicity. 整改公示")
class ConcludeAssessmentInput:
    """What concludeAssessment is given."""

    assessment_id: strawberry.ID = strawberry.field(description=_ASSESSMENT)
    rectification: str = strawberry.field(description="What was put right. 整改情况")


@strawberry.input(description="An owner's word on the company that serves them. 业主评价")
class EvaluateServiceInput:
    """What evaluateService is given."""

    compound_id: strawberry.ID = strawberry.field(description=_COMPOUND)
    stars: int = strawberry.field(description="1 to 5. 星级")
    text: str | None = strawberry.field(default=None, description="In words; shown without a name. 评价")


@strawberry.input(description="A ticket about the company that serves a compound. 物业工单关联")
class LinkTicketInput:
    """What linkTicket is given."""

    compound_id: strawberry.ID = strawberry.field(description="The compound. 小区")
    ticket_id: strawberry.ID = strawberry.field(description="The ticket. 工单")
