"""Mutations of recommendations: open, nominate, vote, count, withdraw."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import strawberry

from chassis.database import WriteSession
from chassis.graphql.mutate import Permit, perform
from services.org.commands import recommendations as commands
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.problem import Problem
from services.org.graphql.recommendations import Recommendation, recommendation_by_id

_KEY = "The same key does it once. 幂等键"
_WHICH = "The recommendation. 推选"
_VERSION = "The version you read. 版本"

A = TypeVar("A")


@strawberry.input(description="For which post people are to be recommended. 发起推选")
class OpenRecommendationInput:
    """Input of openRecommendation."""

    idempotency_key: str = strawberry.field(description=_KEY)
    title: str = strawberry.field(description="Code of the duty title; the practice has a rule for it. 职务")
    region_code: str = strawberry.field(description="Where the duty is held. 任职区划")
    organisation_id: strawberry.ID = strawberry.field(description="The branch that votes. 投票支部")


@strawberry.input(description="Who is to be nominated. 提名")
class NominateInput:
    """Input of nominate."""

    idempotency_key: str = strawberry.field(description=_KEY)
    recommendation_id: strawberry.ID = strawberry.field(description=_WHICH)
    person_id: strawberry.ID = strawberry.field(description="Who. 人员")
    reason: str | None = strawberry.field(default=None, description="What speaks for them. 推荐理由")


@strawberry.input(description="A vote of the branch. 支部投票")
class OpenBranchVoteInput:
    """Input of openBranchVote."""

    id: strawberry.ID = strawberry.field(description=_WHICH)
    expected_version: int = strawberry.field(description=_VERSION)
    closes_at: datetime = strawberry.field(description="Until when votes are taken. 投票截止")


@strawberry.input(description="Your ballot; nobody else sees it. 投票")
class CastBranchVoteInput:
    """Input of castBranchVote."""

    idempotency_key: str = strawberry.field(description=_KEY)
    recommendation_id: strawberry.ID = strawberry.field(description=_WHICH)
    person_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who is to have the duty; null for nobody of them. 所选人员"
    )


@strawberry.input(description="The vote to count. 计票")
class CountBranchVoteInput:
    """Input of countBranchVote."""

    id: strawberry.ID = strawberry.field(description=_WHICH)
    expected_version: int = strawberry.field(description=_VERSION)


@strawberry.input(description="The recommendation to withdraw, and why. 撤回推选")
class WithdrawRecommendationInput:
    """Input of withdrawRecommendation."""

    id: strawberry.ID = strawberry.field(description=_WHICH)
    expected_version: int = strawberry.field(description=_VERSION)
    reason: str = strawberry.field(description="Why; whoever may read it sees it. 撤回原因")


@strawberry.type(description="What became of it. 结果")
class RecommendationPayload:
    """Payload of the mutations of recommendations."""

    recommendation: Recommendation | None = strawberry.field(description="The recommendation; null when refused. 推选")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type
class RecommendationMutations:
    """The mutations."""

    @strawberry.mutation(description="Open a recommendation: people can be nominated. 发起推选")
    async def open_recommendation(self, info: Info, input: OpenRecommendationInput) -> RecommendationPayload:  # noqa: A002
        """Open."""
        asked = commands.OpenRecommendation(input.title, input.region_code, uuid_of(input.organisation_id))
        return await _do(info, "openRecommendation", commands.open_recommendation, asked, input.idempotency_key)

    @strawberry.mutation(description="Nominate somebody: yourself, or another where you work. 提名")
    async def nominate(self, info: Info, input: NominateInput) -> RecommendationPayload:  # noqa: A002
        """Nominate."""
        asked = commands.Nominate(uuid_of(input.recommendation_id), uuid_of(input.person_id), input.reason)
        return await _do(info, "nominate", commands.nominate, asked, input.idempotency_key)

    @strawberry.mutation(
        description="Let the branch vote: the party members who hold a duty in it today, three at least. 支部投票"
    )
    async def open_branch_vote(self, info: Info, input: OpenBranchVoteInput) -> RecommendationPayload:  # noqa: A002
        """Open the vote."""
        asked = commands.OpenBranchVote(uuid_of(input.id), input.expected_version, input.closes_at)
        return await _do(info, "openBranchVote", commands.open_branch_vote, asked)

    @strawberry.mutation(description="Vote, once, in secret. 投票")
    async def cast_branch_vote(self, info: Info, input: CastBranchVoteInput) -> RecommendationPayload:  # noqa: A002
        """Vote."""
        choice = uuid_of(input.person_id) if input.person_id else None
        asked = commands.CastBranchVote(uuid_of(input.recommendation_id), choice)
        return await _do(info, "castBranchVote", commands.cast_branch_vote, asked, input.idempotency_key)

    @strawberry.mutation(description="Count the votes, once it is closed or everybody has voted. 计票")
    async def count_branch_vote(self, info: Info, input: CountBranchVoteInput) -> RecommendationPayload:  # noqa: A002
        """Count."""
        asked = commands.CountBranchVote(uuid_of(input.id), input.expected_version)
        return await _do(info, "countBranchVote", commands.count_branch_vote, asked)

    @strawberry.mutation(description="Withdraw a recommendation; ballots that were not counted are destroyed. 撤回推选")
    async def withdraw_recommendation(
        self,
        info: Info,
        input: WithdrawRecommendationInput,  # noqa: A002
    ) -> RecommendationPayload:
        """Withdraw."""
        asked = commands.WithdrawRecommendation(uuid_of(input.id), input.expected_version, input.reason)
        return await _do(info, "withdrawRecommendation", commands.withdraw_recommendation, asked)


async def _do(
    info: Info,
    operation: str,
    command: Callable[[WriteSession, Permit, A], Awaitable[UUID]],
    asked: A,
    key: str | None = None,
) -> RecommendationPayload:
    outcome = await perform(info, operation, command, asked, key)
    found = await recommendation_by_id(info.context, outcome.id) if outcome.id else None
    return RecommendationPayload(recommendation=found, problems=outcome.problems)
