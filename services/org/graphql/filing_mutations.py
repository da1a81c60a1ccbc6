"""Mutations of filings: the subdistrict submits, the district reviews, and either is over."""

from __future__ import annotations

import strawberry

from chassis.graphql.mutate import Outcome, perform
from services.org.commands import filings as commands
from services.org.domain.filings import FilingVerdict
from services.org.graphql.enums import DutyFilingVerdict
from services.org.graphql.filings import DutyFiling, filing_by_id
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.problem import Problem

_WHICH = "The filing. 备案"
_VERSION = "The version you read. 版本"


@strawberry.input(description="Whom the subdistrict nominates for a post. 提名备案")
class SubmitDutyFilingInput:
    """Input of submitDutyFiling."""

    idempotency_key: str = strawberry.field(description="The same key does it once. 幂等键")
    title: str = strawberry.field(description="Code of the duty title; one that is given on a filing alone. 职务")
    region_code: str = strawberry.field(description="Where the duty is held. 任职区划")
    organisation_id: strawberry.ID = strawberry.field(description="In which organisation. 任职组织")
    person_id: strawberry.ID = strawberry.field(description="Who. 人员")
    grounds: str = strawberry.field(description="What speaks for them, in at most 200 characters. 提名理由")


@strawberry.input(description="What the district finds. 审核备案")
class ReviewDutyFilingInput:
    """Input of reviewDutyFiling."""

    id: strawberry.ID = strawberry.field(description=_WHICH)
    expected_version: int = strawberry.field(description=_VERSION)
    verdict: DutyFilingVerdict = strawberry.field(description="Filed, or returned. 审核结果")
    reason: str | None = strawberry.field(
        default=None, description="What is to be said; needed when it is returned. 审核意见"
    )


@strawberry.input(description="The filing to withdraw, and why. 撤回备案")
class WithdrawDutyFilingInput:
    """Input of withdrawDutyFiling."""

    id: strawberry.ID = strawberry.field(description=_WHICH)
    expected_version: int = strawberry.field(description=_VERSION)
    reason: str = strawberry.field(description="Why. 撤回原因")


@strawberry.type(description="What became of it. 结果")
class DutyFilingPayload:
    """Payload of the mutations of filings."""

    filing: DutyFiling | None = strawberry.field(description="The filing; null when refused. 备案")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type
class FilingMutations:
    """The mutations."""

    @strawberry.mutation(description="Nominate somebody for a post, for the district's review. 提名报备")
    async def submit_duty_filing(self, info: Info, input: SubmitDutyFilingInput) -> DutyFilingPayload:  # noqa: A002
        """Submit."""
        asked = commands.SubmitDutyFiling(
            input.title, input.region_code, uuid_of(input.organisation_id), uuid_of(input.person_id), input.grounds
        )
        done = await perform(info, "submitDutyFiling", commands.submit_duty_filing, asked, input.idempotency_key)
        return await _payload(info, done)

    @strawberry.mutation(description="File a nomination, or return it; not by who submitted it. 审核备案")
    async def review_duty_filing(self, info: Info, input: ReviewDutyFilingInput) -> DutyFilingPayload:  # noqa: A002
        """Review."""
        verdict = FilingVerdict[input.verdict.name]
        asked = commands.ReviewDutyFiling(uuid_of(input.id), input.expected_version, verdict, input.reason)
        return await _payload(info, await perform(info, "reviewDutyFiling", commands.review_duty_filing, asked))

    @strawberry.mutation(description="Withdraw a nomination before the duty is given. 撤回备案")
    async def withdraw_duty_filing(self, info: Info, input: WithdrawDutyFilingInput) -> DutyFilingPayload:  # noqa: A002
        """Withdraw."""
        asked = commands.WithdrawDutyFiling(uuid_of(input.id), input.expected_version, input.reason)
        return await _payload(info, await perform(info, "withdrawDutyFiling", commands.withdraw_duty_filing, asked))


async def _payload(info: Info, done: Outcome) -> DutyFilingPayload:
    found = await filing_by_id(info.context, done.id) if done.id else None
    return DutyFilingPayload(filing=found, problems=done.problems)
