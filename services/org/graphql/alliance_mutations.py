"""Mutations of alliances: join, leave."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.context import Context
from chassis.graphql.mutate import Outcome, perform
from services.org.commands import alliances as commands
from services.org.graphql.alliances import AllianceMembership, membership_by_id
from services.org.graphql.ending import EndInput
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.problem import Problem


@strawberry.input(description="Which organisation joins which alliance. 加入联盟")
class JoinAllianceInput:
    """Input of joinAlliance."""

    idempotency_key: str = strawberry.field(description="The same key does it once. 幂等键")
    alliance_id: strawberry.ID = strawberry.field(description="An organisation of a kind that is an alliance. 联盟")
    organisation_id: strawberry.ID = strawberry.field(description="Who joins. 成员单位")
    valid_from: date = strawberry.field(description="First day; today or earlier. 起始日期")


@strawberry.type(description="What became of it. 结果")
class AllianceMembershipPayload:
    """Payload of joinAlliance and leaveAlliance."""

    membership: AllianceMembership | None = strawberry.field(description="The membership; null when refused. 成员关系")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type
class AllianceMutations:
    """The mutations."""

    @strawberry.mutation(description="Let an organisation join an alliance. 加入联盟")
    async def join_alliance(self, info: Info, input: JoinAllianceInput) -> AllianceMembershipPayload:  # noqa: A002
        """Join."""
        asked = commands.JoinAlliance(uuid_of(input.alliance_id), uuid_of(input.organisation_id), input.valid_from)
        outcome = await perform(info, "joinAlliance", commands.join_alliance, asked, input.idempotency_key)
        return await _payload(info.context, outcome)

    @strawberry.mutation(description="Let a membership in an alliance end. 退出联盟")
    async def leave_alliance(self, info: Info, input: EndInput) -> AllianceMembershipPayload:  # noqa: A002
        """Leave."""
        outcome = await perform(info, "leaveAlliance", commands.leave_alliance, input.asked())
        return await _payload(info.context, outcome)


async def _payload(context: Context, outcome: Outcome) -> AllianceMembershipPayload:
    found = await membership_by_id(context, outcome.id) if outcome.id else None
    return AllianceMembershipPayload(membership=found, problems=outcome.problems)
