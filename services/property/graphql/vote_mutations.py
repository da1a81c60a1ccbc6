"""Mutations of votes."""

from __future__ import annotations

from datetime import datetime

import strawberry

from chassis.graphql.mutate import Outcome, mutate, perform
from services.property.commands import ballots as b
from services.property.commands import votes as c
from services.property.domain.ballots import Choice
from services.property.domain.voting import Matter
from services.property.graphql.enums import BallotChannel, BallotChoice, VoteMatter
from services.property.graphql.links import Info, VoteLink, uuid_of, uuid_or_none
from services.property.graphql.problem import Problem
from services.property.graphql.votes import vote_by_id


@strawberry.input(description="A matter to be voted on. 表决事项")
class VoteItemInput:
    """A matter as given."""

    matter: VoteMatter = strawberry.field(description="Its item in article 278. 事项类别")
    text: str = strawberry.field(description="What exactly is to be decided. 内容")
    amount_fen: int | None = strawberry.field(
        default=None, description="Money to use or raise, in 0.01 yuan; without it none can be. 金额（分）"
    )


@strawberry.input(description="A vote of a compound's owners. 表决")
class AnnounceVoteInput:
    """What announceVote is given."""

    idempotency_key: str = strawberry.field(description="Same key, same answer, done once. 幂等键")
    compound_id: strawberry.ID = strawberry.field(description="The compound. 小区")
    title: str = strawberry.field(description="What it is about. 标题")
    items: list[VoteItemInput] = strawberry.field(description="The matters, at most 32. 事项")
    opens_at: datetime = strawberry.field(description="When it opens, after the notice period. 开始时间")
    closes_at: datetime = strawberry.field(description="When it closes. 截止时间")
    rule: str | None = strawberry.field(default=None, description="Code of a local rule; else the Civil Code. 规则")
    follows: strawberry.ID | None = strawberry.field(default=None, description="The vote before, in a next round. 上轮")
    ticket_id: strawberry.ID | None = strawberry.field(
        default=None, description="The deliberated ticket that brings it here. 议事工单"
    )


@strawberry.input(description="A ballot. 选票")
class CastBallotInput:
    """What castBallot is given."""

    idempotency_key: str = strawberry.field(description="Same key, same answer, done once. 幂等键")
    vote_id: strawberry.ID = strawberry.field(description="The vote. 表决")
    elector_id: strawberry.ID = strawberry.field(description="One of `Vote.mine`. 表决权人")
    choices: list[BallotChoice] = strawberry.field(description="What is said to each matter, in their order. 意见")


@strawberry.input(description="A ballot that came on paper or at the meeting. 纸质或现场选票")
class RecordBallotInput:
    """What recordBallot is given."""

    idempotency_key: str = strawberry.field(description="Same key, same answer, done once. 幂等键")
    vote_id: strawberry.ID = strawberry.field(description="The vote. 表决")
    elector_id: strawberry.ID = strawberry.field(description="One of `Vote.electors`. 表决权人")
    choices: list[BallotChoice] = strawberry.field(description="What is said to each matter, in their order. 意见")
    channel: BallotChannel = strawberry.field(description="How it came. 方式")
    proxy: str | None = strawberry.field(
        default=None, description="Who handed it in by written authority: what tells the person again. 受托人"
    )


@strawberry.input(description="Ballots that were handed over. 送达")
class RecordDeliveryInput:
    """What recordDelivery is given."""

    vote_id: strawberry.ID = strawberry.field(description="The vote. 表决")
    elector_ids: list[strawberry.ID] = strawberry.field(description="To whom, at most 2,000. 表决权人")


@strawberry.input(description="An objection to a result. 异议")
class ObjectToVoteInput:
    """What objectToVote is given."""

    idempotency_key: str = strawberry.field(description="Same key, same answer, done once. 幂等键")
    vote_id: strawberry.ID = strawberry.field(description="The vote. 表决")
    text: str = strawberry.field(description="What is objected. 内容")


@strawberry.input(description="An answer to an objection. 答复")
class AnswerObjectionInput:
    """What answerObjection is given."""

    id: strawberry.ID = strawberry.field(description="The objection. 异议")
    answer: str = strawberry.field(description="The answer. 答复")


@strawberry.type(description="What became of it. 结果")
class VotePayload:
    """Payload of the mutations of a vote."""

    vote: VoteLink | None = strawberry.field(description="The vote; null when refused. 表决")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


async def _payload(info: Info, outcome: Outcome) -> VotePayload:
    found = await vote_by_id(info.context, outcome.id) if outcome.id else None
    return VotePayload(vote=found, problems=outcome.problems)


async def _give(info: Info, operation: str, asked: b.GiveBallot, key: str, *, own: bool) -> VotePayload:
    outcome = await mutate(
        info.context,
        operation,
        lambda session, permit: b.give_ballot(session, permit, asked, own=own),
        key=key,
        asked=asked.bound(info.context.cipher),
    )
    return await _payload(info, outcome)


@strawberry.type
class VoteMutations:
    """Mutations of votes and ballots."""

    @strawberry.mutation(description="Announce a vote. 公告表决")
    async def announce_vote(self, info: Info, input: AnnounceVoteInput) -> VotePayload:  # noqa: A002
        """Announce."""
        asked = c.AnnounceVote(
            compound_id=uuid_of(input.compound_id),
            title=input.title,
            items=tuple(
                c.AskedItem(Matter[item.matter.name].value, item.text, item.amount_fen) for item in input.items
            ),
            opens_at=input.opens_at,
            closes_at=input.closes_at,
            rule=input.rule,
            follows=uuid_or_none(input.follows),
            ticket_id=uuid_or_none(input.ticket_id),
        )
        outcome = await perform(info, "announceVote", c.announce_vote, asked, input.idempotency_key)
        return await _payload(info, outcome)

    @strawberry.mutation(description="Vote for oneself; a later ballot cancels this one where the rule says so. 投票")
    async def cast_ballot(self, info: Info, input: CastBallotInput) -> VotePayload:  # noqa: A002
        """Vote."""
        asked = b.GiveBallot(
            vote_id=uuid_of(input.vote_id),
            elector_id=uuid_of(input.elector_id),
            choices=tuple(Choice[one.name] for one in input.choices),
        )
        return await _give(info, "castBallot", asked, input.idempotency_key, own=True)

    @strawberry.mutation(description="Record a ballot that came on paper or at the meeting. 录入选票")
    async def record_ballot(self, info: Info, input: RecordBallotInput) -> VotePayload:  # noqa: A002
        """Record."""
        asked = b.GiveBallot(
            vote_id=uuid_of(input.vote_id),
            elector_id=uuid_of(input.elector_id),
            choices=tuple(Choice[one.name] for one in input.choices),
            channel=input.channel.name.lower(),
            proxy=input.proxy,
        )
        return await _give(info, "recordBallot", asked, input.idempotency_key, own=False)

    @strawberry.mutation(description="Note that ballots were handed over. 登记送达")
    async def record_delivery(self, info: Info, input: RecordDeliveryInput) -> VotePayload:  # noqa: A002
        """Note."""
        asked = b.RecordDelivery(uuid_of(input.vote_id), tuple(uuid_of(one) for one in input.elector_ids))
        outcome = await perform(info, "recordDelivery", b.record_delivery, asked)
        return await _payload(info, outcome)

    @strawberry.mutation(description="Object to a result, as an owner of its register. 提出异议")
    async def object_to_vote(self, info: Info, input: ObjectToVoteInput) -> VotePayload:  # noqa: A002
        """Object."""
        asked = c.ObjectToVote(uuid_of(input.vote_id), input.text)
        outcome = await perform(info, "objectToVote", c.object_to_vote, asked, input.idempotency_key)
        return await _payload(info, outcome)

    @strawberry.mutation(description="Answer an objection. 答复异议")
    async def answer_objection(self, info: Info, input: AnswerObjectionInput) -> VotePayload:  # noqa: A002
        """Answer."""
        asked = c.AnswerObjection(uuid_of(input.id), input.answer)
        outcome = await perform(info, "answerObjection", c.answer_objection, asked)
        return await _payload(info, outcome)
