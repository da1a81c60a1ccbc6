"""What property publishes of companies: choice, contracts, assessment. Companies are bodies: no personal data."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from chassis.events.event import Event
from chassis.events.fields import told
from services.property.domain.care import Care as CareWay
from services.property.domain.contracts import ContractKind, NoticeBy
from services.property.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    Care,
    CompanyId,
    CompoundId,
    CreditCode,
    HasBranch,
    On,
    RegionCode,
    RegionId,
)

SelectionId = Annotated[UUID, told("the choice of a company (选聘)", "01981a2b-7c3d-7e4f-8a5b-000000000027")]
SelectionTitle = Annotated[str, told("what it is called", "云和苑选聘物业服务企业")]
MostPrice = Annotated[int, told("at most, in 0.01 yuan a square metre and month", 180)]
ApplyBy = Annotated[datetime, told("until when companies apply, with offset", "2026-03-08T17:00:00+08:00")]
Chosen = Annotated[UUID | None, told("the company that the owners chose; null: none", None)]
Applications = Annotated[int, told("how many companies were voted on", 3)]
ContractId = Annotated[UUID, told("the contract", "01981a2b-7c3d-7e4f-8a5b-000000000028")]
Kind = Annotated[ContractKind, told("whose choice the company was", "service")]
Price = Annotated[int, told("in 0.01 yuan a square metre and month", 168)]
StartsOn = Annotated[date, told("first day", "2026-04-01")]
EndsOn = Annotated[date, told("first day after the term", "2029-04-01")]
By = Annotated[NoticeBy, told("who ends it", "owners")]
LeavesOn = Annotated[date, told("day on which the company leaves", "2026-07-01")]
Before = Annotated[CareWay, told("how it was cared for before", "none")]
LinkedTicket = Annotated[UUID, told("the ticket", "01981a2b-7c3d-7e4f-8a5b-00000000002c")]
AssessmentId = Annotated[UUID, told("the assessment", "01981a2b-7c3d-7e4f-8a5b-000000000029")]
Period = Annotated[str, told("the quarter", "2026Q1")]
Evaluators = Annotated[tuple[str, ...], told("codes of who evaluates", ["owners", "community", "subdistrict"])]
Score = Annotated[int, told("the score, in 0.01 of 100", 9150)]
GradeCode = Annotated[str, told("code of the grade", "excellent")]


class CompanyChanged(Event, entity="company", fact="changed"):
    """物业服务企业变更: a company has a Party branch of its staff, or has none any more.

    When: it is noted, or org dissolves the branch.

    For: whoever keeps books on bodies by their credit code.
    """

    company_id: CompanyId
    region_code: RegionCode
    credit_code: CreditCode
    has_party_branch: HasBranch


class CareChanged(Event, entity="compound", fact="care_changed"):
    """管理方式变更: a compound is cared for in another way.

    When: a contract is signed or ends, or another solution is carried out.

    For: whoever follows compounds without service (无物业小区).
    """

    compound_id: CompoundId
    region_id: RegionId
    region_code: RegionCode
    care: Care
    previous_care: Before


class SelectionPublished(Event, entity="selection", fact="published"):
    """选聘公告: a compound looks for a property company.

    When: its terms are published.

    For: companies, which apply in time.
    """

    selection_id: SelectionId
    compound_id: CompoundId
    region_code: RegionCode
    title: SelectionTitle
    most_price: MostPrice
    apply_by: ApplyBy


class SelectionDecided(Event, entity="selection", fact="decided"):
    """选聘结果: the owners chose a company, or none.

    When: their vote closed with a result.

    For: notice boards, and the contract.
    """

    selection_id: SelectionId
    compound_id: CompoundId
    region_code: RegionCode
    company_id: Chosen
    applications: Applications


class ContractEvent(Event):
    """Base: which contract, of which company, for which compound."""

    contract_id: ContractId
    compound_id: CompoundId
    company_id: CompanyId
    region_code: RegionCode


class ContractSigned(ContractEvent, entity="contract", fact="signed"):
    """物业服务合同签订: a company serves a compound by contract.

    When: the contract is entered.

    For: whoever follows who cares for which compound.
    """

    credit_code: CreditCode
    kind: Kind
    price: Price
    starts_on: StartsOn
    ends_on: EndsOn


class ContractRenewed(ContractEvent, entity="contract", fact="renewed"):
    """物业服务合同续订: a contract goes on.

    When: the owners decided it.

    For: whoever follows who cares for which compound.
    """

    price: Price
    ends_on: EndsOn


class ContractNoticeGiven(ContractEvent, entity="contract", fact="notice_given"):
    """物业服务合同解除通知: a contract will end.

    When: the owners or the company gave the notice that the law asks for.

    For: the community, which has another solution ready by then.
    """

    by: By
    leaves_on: LeavesOn


class ContractEnded(ContractEvent, entity="contract", fact="ended"):
    """物业服务企业退出: a company left and handed over.

    When: the hand-over is noted.

    For: whoever follows compounds without service.
    """

    on: On


class CompoundTicketLinked(Event, entity="compound", fact="ticket_linked"):
    """物业工单关联: a ticket is about the company that serves a compound.

    When: who keeps the register said so, or the practice's rule for the ticket's category.

    For: the company; and whoever follows how it serves.
    """

    compound_id: CompoundId
    region_code: RegionCode
    company_id: CompanyId
    ticket_id: LinkedTicket


class AssessmentEvent(Event):
    """Base: which assessment, of which company, in which compound."""

    assessment_id: AssessmentId
    compound_id: CompoundId
    company_id: CompanyId
    region_code: RegionCode


class AssessmentOpened(AssessmentEvent, entity="assessment", fact="opened"):
    """物业考评启动: a company is assessed.

    When: the community opens it for a quarter.

    For: the evaluators.
    """

    period: Period
    evaluators: Evaluators


class AssessmentPublicised(AssessmentEvent, entity="assessment", fact="publicised"):
    """考评结果公示: the result of an assessment was made public.

    When: all have evaluated; the first of the two publicities.

    For: notice boards.
    """

    score: Score
    grade: GradeCode


class AssessmentConcluded(AssessmentEvent, entity="assessment", fact="concluded"):
    """整改结果公示: an assessment is concluded, with what was put right.

    When: the days of publicity are over; the second of the two publicities.

    For: credit, which books the result for legal persons.
    """

    credit_code: CreditCode
    period: Period
    score: Score
    grade: GradeCode


COMPANY_EVENTS: tuple[type[Event], ...] = (
    CompanyChanged,
    CareChanged,
    SelectionPublished,
    SelectionDecided,
    ContractSigned,
    ContractRenewed,
    ContractNoticeGiven,
    ContractEnded,
    CompoundTicketLinked,
    AssessmentOpened,
    AssessmentPublicised,
    AssessmentConcluded,
)
