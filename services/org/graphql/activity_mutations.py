"""Mutations of activities: plan, record, hold, call off."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

import strawberry

from chassis.graphql.context import Context
from chassis.graphql.mutate import Outcome, perform
from services.org.commands import activities as commands
from services.org.graphql.activities import Activity, activity_by_id
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.problem import Problem

_KEY = "The same key does it once. 幂等键"
_VERSION = "The version you read; refused when it is another now. 版本"
_COUNTED = "How many took part, in person-times. 参加人次"
_NAMED = "Who of them is known, at most 500. 参加人员"
_RESULT = "What came of it. 成效"


@strawberry.input(description="What is held, where, when and by whom. 活动内容")
class ActivityPlanInput:
    """What planActivity and recordActivity take."""

    kind: str = strawberry.field(description="Code of its kind in this practice. 类型")
    title: str = strawberry.field(description="What it is called. 名称")
    region_code: str = strawberry.field(description="Where. 区划")
    on: date = strawberry.field(description="The day. 日期")
    starts_at: time | None = strawberry.field(default=None, description="At what time, where the city is. 开始时间")
    organisation_id: strawberry.ID | None = strawberry.field(default=None, description="Who holds it. 主办组织")
    team_id: strawberry.ID | None = strawberry.field(default=None, description="Who holds it. 主办队伍")
    station_id: strawberry.ID | None = strawberry.field(default=None, description="Where it is held. 举办阵地")
    team_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Teams that take part, at most 50. 参加队伍"
    )
    communities: list[str] = strawberry.field(
        default_factory=list, description="Codes of other communities that take part, at most 50. 参加社区"
    )
    ticket_id: strawberry.ID | None = strawberry.field(default=None, description="The ticket it is about. 议事单")

    def asked(self) -> commands.PlanActivity:
        """Return it as the commands take it. Raises BadRequest."""

        def id_of(given: strawberry.ID | None) -> UUID | None:
            return uuid_of(given) if given else None

        return commands.PlanActivity(
            kind=self.kind,
            title=self.title,
            region_code=self.region_code,
            on=self.on,
            starts_at=self.starts_at,
            organisation_id=id_of(self.organisation_id),
            team_id=id_of(self.team_id),
            station_id=id_of(self.station_id),
            team_ids=[uuid_of(one) for one in self.team_ids],
            communities=self.communities,
            ticket_id=id_of(self.ticket_id),
        )


@strawberry.input(description="An activity to plan. 活动计划")
class PlanActivityInput:
    """Input of planActivity."""

    idempotency_key: str = strawberry.field(description=_KEY)
    plan: ActivityPlanInput = strawberry.field(description="What is held. 活动内容")


@strawberry.input(description="An activity that was held without having been planned. 活动登记")
class RecordActivityInput:
    """Input of recordActivity."""

    idempotency_key: str = strawberry.field(description=_KEY)
    plan: ActivityPlanInput = strawberry.field(description="What was held, today or earlier. 活动内容")
    participants: int = strawberry.field(description=_COUNTED)
    people: list[strawberry.ID] = strawberry.field(default_factory=list, description=_NAMED)
    result: str | None = strawberry.field(default=None, description=_RESULT)


@strawberry.input(description="A planned activity that was held. 活动举办")
class HoldActivityInput:
    """Input of holdActivity."""

    id: strawberry.ID = strawberry.field(description="The activity. 活动")
    expected_version: int = strawberry.field(description=_VERSION)
    participants: int = strawberry.field(description=_COUNTED)
    on: date | None = strawberry.field(default=None, description="The day, where it was not the planned one. 日期")
    people: list[strawberry.ID] = strawberry.field(default_factory=list, description=_NAMED)
    result: str | None = strawberry.field(default=None, description=_RESULT)


@strawberry.input(description="A planned activity to call off. 活动取消")
class CancelActivityInput:
    """Input of cancelActivity."""

    id: strawberry.ID = strawberry.field(description="The activity. 活动")
    expected_version: int = strawberry.field(description=_VERSION)
    reason: str = strawberry.field(description="Why. 事由")


@strawberry.type(description="What became of it. 结果")
class ActivityPayload:
    """Payload of the mutations of activities."""

    activity: Activity | None = strawberry.field(description="The activity; null when refused. 活动")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type
class ActivityMutations:
    """The mutations."""

    @strawberry.mutation(description="Plan an activity. 活动计划")
    async def plan_activity(self, info: Info, input: PlanActivityInput) -> ActivityPayload:  # noqa: A002
        """Plan."""
        asked = input.plan.asked()
        outcome = await perform(info, "planActivity", commands.plan_activity, asked, input.idempotency_key)
        return await _payload(info.context, outcome)

    @strawberry.mutation(description="Record an activity that was held without having been planned. 活动登记")
    async def record_activity(self, info: Info, input: RecordActivityInput) -> ActivityPayload:  # noqa: A002
        """Record."""
        named = [uuid_of(one) for one in input.people]
        asked = commands.RecordActivity(input.plan.asked(), input.participants, named, input.result)
        outcome = await perform(info, "recordActivity", commands.record_activity, asked, input.idempotency_key)
        return await _payload(info.context, outcome)

    @strawberry.mutation(description="Record that a planned activity was held. 活动举办")
    async def hold_activity(self, info: Info, input: HoldActivityInput) -> ActivityPayload:  # noqa: A002
        """Hold."""
        asked = commands.HoldActivity(
            id=uuid_of(input.id),
            expected_version=input.expected_version,
            participants=input.participants,
            on=input.on,
            people=[uuid_of(one) for one in input.people],
            result=input.result,
        )
        outcome = await perform(info, "holdActivity", commands.hold_activity, asked)
        return await _payload(info.context, outcome)

    @strawberry.mutation(description="Call a planned activity off. 活动取消")
    async def cancel_activity(self, info: Info, input: CancelActivityInput) -> ActivityPayload:  # noqa: A002
        """Call off."""
        asked = commands.CancelActivity(uuid_of(input.id), input.expected_version, input.reason)
        outcome = await perform(info, "cancelActivity", commands.cancel_activity, asked)
        return await _payload(info.context, outcome)


async def _payload(context: Context, outcome: Outcome) -> ActivityPayload:
    found = await activity_by_id(context, outcome.id) if outcome.id else None
    return ActivityPayload(activity=found, problems=outcome.problems)
