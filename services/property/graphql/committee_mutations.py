"""Mutations of committees in office, and of their major matters."""

from __future__ import annotations

import strawberry

from chassis.graphql.mutate import Outcome, perform
from services.property.commands import committees as c
from services.property.commands import matters as j
from services.property.commands import members as m
from services.property.commands.matters import Reviewer
from services.property.domain.seats import Departure, Ending
from services.property.graphql import committee_inputs as i
from services.property.graphql.committees import Committee, committee_by_id
from services.property.graphql.links import Info, uuid_of, uuid_or_none
from services.property.graphql.problem import Problem


@strawberry.type(description="What became of it. 结果")
class CommitteePayload:
    """Payload of the mutations of a committee."""

    committee: Committee | None = strawberry.field(description="The committee; null when refused. 业主组织")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


async def committee_payload(info: Info, outcome: Outcome) -> CommitteePayload:
    """Return what became of a committee."""
    found = await committee_by_id(info.context, outcome.id) if outcome.id else None
    return CommitteePayload(committee=found, problems=outcome.problems)


@strawberry.type
class CommitteeMutations:
    """Mutations of committees."""

    @strawberry.mutation(description="Choose chair and deputies. 推选主任、副主任")
    async def choose_officers(self, info: Info, input: i.ChooseOfficersInput) -> CommitteePayload:  # noqa: A002
        """Choose."""
        deputies = tuple(uuid_of(one) for one in input.deputy_ids)
        asked = m.ChooseOfficers(uuid_of(input.committee_id), uuid_of(input.chair_id), deputies)
        return await committee_payload(info, await perform(info, "chooseOfficers", m.choose_officers, asked))

    @strawberry.mutation(description="Note that a member leaves; a recall needs the owners' decision. 委员离任")
    async def end_membership(self, info: Info, input: i.EndMembershipInput) -> CommitteePayload:  # noqa: A002
        """Note."""
        asked = m.EndMembership(
            member_id=uuid_of(input.member_id),
            reason=Departure[input.reason.name],
            vote_id=uuid_or_none(input.vote_id),
            position=input.position,
        )
        return await committee_payload(info, await perform(info, "endMembership", m.end_membership, asked))

    @strawberry.mutation(description="Note that a committee was filed. 业委会备案")
    async def file_committee(self, info: Info, input: i.FileCommitteeInput) -> CommitteePayload:  # noqa: A002
        """Note."""
        asked = c.FileCommittee(uuid_of(input.committee_id), input.on, input.number)
        return await committee_payload(info, await perform(info, "fileCommittee", c.file_committee, asked))

    @strawberry.mutation(description="Note which Party organisation of org is a committee's. 关联党组织")
    async def link_party_organisation(
        self,
        info: Info,
        input: i.LinkPartyOrganisationInput,  # noqa: A002
    ) -> CommitteePayload:
        """Note."""
        asked = c.LinkPartyOrganisation(uuid_of(input.committee_id), uuid_or_none(input.organisation_id))
        outcome = await perform(info, "linkPartyOrganisation", c.link_party_organisation, asked)
        return await committee_payload(info, outcome)

    @strawberry.mutation(description="End a committee, or its preparation. 终止业主组织")
    async def end_committee(self, info: Info, input: i.EndCommitteeInput) -> CommitteePayload:  # noqa: A002
        """End."""
        asked = c.EndCommittee(
            uuid_of(input.committee_id), Ending[input.reason.name], uuid_or_none(input.vote_id), input.position
        )
        return await committee_payload(info, await perform(info, "endCommittee", c.end_body, asked))

    @strawberry.mutation(description="Note that a committee that ended has handed over. 登记移交")
    async def hand_over_committee(self, info: Info, input: i.HandOverCommitteeInput) -> CommitteePayload:  # noqa: A002
        """Note."""
        asked = c.HandOverCommittee(uuid_of(input.committee_id), input.on, input.text)
        return await committee_payload(info, await perform(info, "handOverCommittee", c.hand_over, asked))

    @strawberry.mutation(description="Bring a major matter before the community's two committees. 重大事项报告")
    async def report_matter(self, info: Info, input: i.ReportMatterInput) -> CommitteePayload:  # noqa: A002
        """Report."""
        asked = j.ReportMatter(uuid_of(input.committee_id), input.title, input.text)
        outcome = await perform(info, "reportMatter", j.report_matter, asked, input.idempotency_key)
        return await committee_payload(info, outcome)

    @strawberry.mutation(description="Answer a major matter for one of the two committees. 重大事项答复")
    async def answer_matter(self, info: Info, input: i.AnswerMatterInput) -> CommitteePayload:  # noqa: A002
        """Answer."""
        asked = j.AnswerMatter(uuid_of(input.matter_id), Reviewer[input.of.name], input.opinion)
        return await committee_payload(info, await perform(info, "answerMatter", j.answer_matter, asked))

    @strawberry.mutation(description="Decide a major matter that both committees have answered. 重大事项决定")
    async def decide_matter(self, info: Info, input: i.DecideMatterInput) -> CommitteePayload:  # noqa: A002
        """Decide."""
        asked = j.DecideMatter(uuid_of(input.matter_id), input.decision)
        return await committee_payload(info, await perform(info, "decideMatter", j.decide_matter, asked))
