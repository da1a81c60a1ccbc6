"""Mutations of preparations and elections."""

from __future__ import annotations

import strawberry

from chassis.graphql.mutate import perform
from services.property.commands import candidates as n
from services.property.commands import elections as e
from services.property.commands import preparing as p
from services.property.domain.committee_rules import Form
from services.property.domain.elections import Verdict
from services.property.domain.seats import Capacity, Nomination, Office
from services.property.graphql import committee_inputs as i
from services.property.graphql.committee_mutations import CommitteePayload, committee_payload
from services.property.graphql.links import Info, uuid_of, uuid_or_none


def _member(one: i.BodyMemberInput) -> p.BodyMember:
    return p.BodyMember(
        capacity=Capacity[one.capacity.name],
        owner_id=uuid_or_none(one.owner_id),
        name=one.name,
        person_id=uuid_or_none(one.person_id),
        is_party_member=one.is_party_member,
        is_public_employee=one.is_public_employee,
        office=Office[one.office.name],
    )


@strawberry.type
class ElectionMutations:
    """Mutations of preparations and elections."""

    @strawberry.mutation(description="Form a preparatory group for an owners' committee. 成立筹备组")
    async def prepare_committee(self, info: Info, input: i.PrepareCommitteeInput) -> CommitteePayload:  # noqa: A002
        """Form it."""
        members = tuple(p.GroupMember(one.name, Capacity[one.capacity.name]) for one in input.members)
        asked = p.PrepareCommittee(uuid_of(input.compound_id), input.seats, members, input.rule)
        outcome = await perform(info, "prepareCommittee", p.prepare_committee, asked, input.idempotency_key)
        return await committee_payload(info, outcome)

    @strawberry.mutation(description="Form a body where owners cannot elect a committee. 组建物管会或自管小组")
    async def form_body(self, info: Info, input: i.FormBodyInput) -> CommitteePayload:  # noqa: A002
        """Form it."""
        members = tuple(_member(one) for one in input.members)
        asked = p.FormBody(uuid_of(input.compound_id), Form[input.form.name], members, input.rule)
        return await committee_payload(info, await perform(info, "formBody", p.form_body, asked, input.idempotency_key))

    @strawberry.mutation(description="Nominate a candidate; an owner may nominate themself. 提名候选人")
    async def nominate_candidate(self, info: Info, input: i.NominateCandidateInput) -> CommitteePayload:  # noqa: A002
        """Nominate."""
        asked = n.Nominate(
            election_id=uuid_of(input.election_id),
            owner_id=uuid_of(input.owner_id),
            nominated_by=Nomination[input.nominated_by.name],
            agrees_to_publication=input.agrees_to_publication,
            person_id=uuid_or_none(input.person_id),
            is_party_member=input.is_party_member,
            is_public_employee=input.is_public_employee,
        )
        outcome = await perform(info, "nominateCandidate", n.nominate, asked, input.idempotency_key)
        return await committee_payload(info, outcome)

    @strawberry.mutation(description="Take a candidate back. 候选人退出")
    async def withdraw_candidate(self, info: Info, input: i.WithdrawCandidateInput) -> CommitteePayload:  # noqa: A002
        """Take back."""
        asked = n.WithdrawCandidate(uuid_of(input.candidate_id))
        return await committee_payload(info, await perform(info, "withdrawCandidate", n.withdraw_candidate, asked))

    @strawberry.mutation(description="Ask the departments about the candidates. 启动人选联审")
    async def start_review(self, info: Info, input: i.StartReviewInput) -> CommitteePayload:  # noqa: A002
        """Ask."""
        asked = n.StartReview(uuid_of(input.election_id))
        return await committee_payload(info, await perform(info, "startReview", n.start_review, asked))

    @strawberry.mutation(description="Answer for a department. 部门联审答复")
    async def answer_review(self, info: Info, input: i.AnswerReviewInput) -> CommitteePayload:  # noqa: A002
        """Answer."""
        verdict = Verdict[input.verdict.name]
        asked = n.AnswerReview(uuid_of(input.candidate_id), input.department, verdict, input.reasons)
        return await committee_payload(info, await perform(info, "answerReview", n.answer_review, asked))

    @strawberry.mutation(description="Reply to the departments, as a candidate. 候选人说明")
    async def reply_to_review(self, info: Info, input: i.ReplyToReviewInput) -> CommitteePayload:  # noqa: A002
        """Reply."""
        asked = n.ReplyToReview(uuid_of(input.candidate_id), input.text)
        return await committee_payload(info, await perform(info, "replyToReview", n.reply_to_review, asked))

    @strawberry.mutation(description="Announce the vote on the admitted candidates. 公告选举表决")
    async def hold_election(self, info: Info, input: i.HoldElectionInput) -> CommitteePayload:  # noqa: A002
        """Announce."""
        asked = e.HoldElection(uuid_of(input.election_id), input.title, input.opens_at, input.closes_at, input.rule)
        outcome = await perform(info, "holdElection", e.hold_election, asked, input.idempotency_key)
        return await committee_payload(info, outcome)

    @strawberry.mutation(description="Open an election for empty seats. 启动补选")
    async def open_by_election(self, info: Info, input: i.OpenByElectionInput) -> CommitteePayload:  # noqa: A002
        """Open."""
        asked = e.OpenByElection(uuid_of(input.committee_id))
        outcome = await perform(info, "openByElection", e.open_by_election, asked, input.idempotency_key)
        return await committee_payload(info, outcome)
