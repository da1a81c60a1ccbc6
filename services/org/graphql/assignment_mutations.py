"""Mutations of what members who checked in are assigned to: assign (which also changes), end."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.context import Context
from chassis.graphql.mutate import Outcome, perform
from services.org.commands import assignments as commands
from services.org.graphql.check_ins import check_in_by_id
from services.org.graphql.ending import EndInput
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.register_mutations import CheckInPayload


@strawberry.input(description="To which branch and post somebody who checked in is assigned. 编入党组织、认领岗位")
class AssignCheckInInput:
    """Input of assignCheckIn."""

    idempotency_key: str = strawberry.field(description="The same key does it once. 幂等键")
    check_in_id: strawberry.ID = strawberry.field(description="The check-in. 报到")
    valid_from: date = strawberry.field(description="First day; today or earlier. 起始日期")
    organisation_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="A branch or party group in or above the region where they checked in; null for none. 编入党组织",
    )
    post: str | None = strawberry.field(default=None, description="Code of the post; null for none. 认领岗位")


@strawberry.type
class AssignmentMutations:
    """The mutations."""

    @strawberry.mutation(
        description="Assign somebody who checked in to a branch or party group, to a post, or both; what they were "
        "assigned to before ends that day. 编入党组织、认领岗位"
    )
    async def assign_check_in(self, info: Info, input: AssignCheckInInput) -> CheckInPayload:  # noqa: A002
        """Assign."""
        asked = commands.AssignCheckIn(
            uuid_of(input.check_in_id),
            input.valid_from,
            uuid_of(input.organisation_id) if input.organisation_id else None,
            input.post,
        )
        outcome = await perform(info, "assignCheckIn", commands.assign_check_in, asked, input.idempotency_key)
        return await _payload(info.context, outcome)

    @strawberry.mutation(description="End an assignment; who it was of stays checked in. 结束编组")
    async def end_assignment(self, info: Info, input: EndInput) -> CheckInPayload:  # noqa: A002
        """End."""
        outcome = await perform(info, "endAssignment", commands.end_assignment, input.asked())
        return await _payload(info.context, outcome)


async def _payload(context: Context, outcome: Outcome) -> CheckInPayload:
    found = await check_in_by_id(context, outcome.id) if outcome.id else None
    return CheckInPayload(check_in=found, problems=outcome.problems)
