"""Mutations of assessments, of what owners say of their company, and of who acts for a company."""

from __future__ import annotations

import strawberry

from chassis.graphql.mutate import Outcome, perform
from services.property.commands import assessments as a
from services.property.commands import company_staff as p
from services.property.commands import company_tickets as w
from services.property.graphql import service_inputs as i
from services.property.graphql.companies import PropertyCompanyPayload, company_payload
from services.property.graphql.household_mutations import CompoundPayload, compound_payload
from services.property.graphql.links import Info, uuid_of, uuid_or_none
from services.property.graphql.problem import Problem
from services.property.graphql.service import CompanyAssessment
from services.property.storage import companies as reads


@strawberry.type(description="What became of it. 结果")
class AssessmentPayload:
    """Payload of the mutations of an assessment."""

    assessment: CompanyAssessment | None = strawberry.field(description="The assessment; null when refused. 考评")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


async def _assessment(info: Info, outcome: Outcome) -> AssessmentPayload:
    row = await info.context.loader(reads.load_assessments).load(outcome.id) if outcome.id else None
    return AssessmentPayload(assessment=CompanyAssessment.of(row) if row else None, problems=outcome.problems)


@strawberry.type
class AssessmentMutations:
    """Mutations of assessments and of companies' staff."""

    @strawberry.mutation(description="Say that a ticket is about the company that serves a compound. 关联物业工单")
    async def link_ticket(self, info: Info, input: i.LinkTicketInput) -> CompoundPayload:  # noqa: A002
        """Link it."""
        asked = w.LinkTicket(uuid_of(input.compound_id), uuid_of(input.ticket_id))
        return await compound_payload(info, await perform(info, "linkTicket", w.link_ticket, asked))

    @strawberry.mutation(description="Open the assessment of the company that serves a compound. 启动考评")
    async def open_assessment(self, info: Info, input: i.OpenAssessmentInput) -> AssessmentPayload:  # noqa: A002
        """Open."""
        asked = a.OpenAssessment(uuid_of(input.compound_id), input.period, input.rule)
        outcome = await perform(info, "openAssessment", a.open_assessment, asked, input.idempotency_key)
        return await _assessment(info, outcome)

    @strawberry.mutation(description="Evaluate for one of the evaluators. 评分")
    async def score_assessment(self, info: Info, input: i.ScoreAssessmentInput) -> AssessmentPayload:  # noqa: A002
        """Evaluate."""
        asked = a.ScoreAssessment(uuid_of(input.assessment_id), input.evaluator, input.score, input.reasons)
        return await _assessment(info, await perform(info, "scoreAssessment", a.score_assessment, asked))

    @strawberry.mutation(description="Make the result public: the first publicity. 结果公示")
    async def publicise_assessment(
        self,
        info: Info,
        input: i.PubliciseAssessmentInput,  # noqa: A002
    ) -> AssessmentPayload:
        """Make it public."""
        asked = a.PubliciseAssessment(uuid_of(input.assessment_id))
        return await _assessment(info, await perform(info, "publiciseAssessment", a.publicise_assessment, asked))

    @strawberry.mutation(description="Conclude with what was put right: the second publicity. 整改公示")
    async def conclude_assessment(self, info: Info, input: i.ConcludeAssessmentInput) -> AssessmentPayload:  # noqa: A002
        """Conclude."""
        asked = a.ConcludeAssessment(uuid_of(input.assessment_id), input.rectification)
        return await _assessment(info, await perform(info, "concludeAssessment", a.conclude_assessment, asked))

    @strawberry.mutation(description="Say how the company serves, as an owner; the last word counts. 业主评价")
    async def evaluate_service(self, info: Info, input: i.EvaluateServiceInput) -> CompoundPayload:  # noqa: A002
        """Say."""
        asked = a.Evaluate(uuid_of(input.compound_id), input.stars, input.text)
        return await compound_payload(info, await perform(info, "evaluateService", a.evaluate, asked))

    @strawberry.mutation(description="Note who leads a company or acts for it. 登记企业人员")
    async def add_company_staff(self, info: Info, input: i.AddCompanyStaffInput) -> PropertyCompanyPayload:  # noqa: A002
        """Note."""
        asked = p.AddCompanyStaff(
            uuid_of(input.company_id), uuid_or_none(input.person_id), input.subject, input.is_manager
        )
        outcome = await perform(info, "addCompanyStaff", p.add_company_staff, asked, input.idempotency_key)
        return await company_payload(info, outcome)

    @strawberry.mutation(description="Note that somebody no longer does. 企业人员终止")
    async def end_company_staff(self, info: Info, input: i.EndCompanyStaffInput) -> PropertyCompanyPayload:  # noqa: A002
        """Note."""
        asked = p.EndCompanyStaff(uuid_of(input.id))
        return await company_payload(info, await perform(info, "endCompanyStaff", p.end_company_staff, asked))

    @strawberry.mutation(description="Note which Party branch of org is a company's. 关联企业党支部")
    async def link_company_branch(
        self,
        info: Info,
        input: i.LinkCompanyBranchInput,  # noqa: A002
    ) -> PropertyCompanyPayload:
        """Note."""
        asked = p.LinkCompanyBranch(uuid_of(input.company_id), uuid_or_none(input.organisation_id))
        return await company_payload(info, await perform(info, "linkCompanyBranch", p.link_company_branch, asked))

    @strawberry.mutation(description="Publish on what terms a company serves compounds of a type. 发布企业服务条件")
    async def publish_offer(self, info: Info, input: i.PublishOfferInput) -> PropertyCompanyPayload:  # noqa: A002
        """Publish."""
        asked = p.PublishOffer(uuid_of(input.company_id), input.compound_kind, input.price_fen, input.terms)
        return await company_payload(info, await perform(info, "publishOffer", p.publish_offer, asked))
