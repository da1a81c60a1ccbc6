"""Mutations of teams, musters and modes."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.mutate import perform
from services.org.commands import musters as muster_commands
from services.org.commands import teams as commands
from services.org.domain.muster import Mode
from services.org.domain.periods import today
from services.org.graphql.ending import EndInput
from services.org.graphql.enums import ModeKind
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.musters import Muster, muster_by_id
from services.org.graphql.problem import Problem
from services.org.graphql.regions import Community, region_by_id
from services.org.graphql.teams import Team, team_by_id


@strawberry.input(description="A team to form. 组建队伍")
class FormTeamInput:
    """Input of formTeam."""

    idempotency_key: str = strawberry.field(description="The same key forms once. 幂等键")
    kind: str = strawberry.field(description="Code of its kind in this practice. 队伍类型")
    name: str = strawberry.field(description="Its name. 名称")
    region_code: str = strawberry.field(description="The region it works in. 所在区划")
    formed_on: date = strawberry.field(description="First day; today or earlier. 组建日期")


@strawberry.input(description="Who joins a team. 队员加入")
class AddTeamMemberInput:
    """Input of addTeamMember."""

    idempotency_key: str = strawberry.field(description="The same key adds once. 幂等键")
    team_id: strawberry.ID = strawberry.field(description="The team. 队伍")
    person_id: strawberry.ID = strawberry.field(description="Who joins. 人员")
    valid_from: date = strawberry.field(description="First day. 加入日期")


@strawberry.input(description="Who leaves a team. 队员退出")
class RemoveTeamMemberInput:
    """Input of removeTeamMember."""

    team_id: strawberry.ID = strawberry.field(description="The team. 队伍")
    person_id: strawberry.ID = strawberry.field(description="Who leaves. 人员")
    on: date = strawberry.field(description="First day without. 退出日期")


@strawberry.input(description="Who leads a team. 任命队长")
class NameTeamLeaderInput:
    """Input of nameTeamLeader."""

    team_id: strawberry.ID = strawberry.field(description="The team. 队伍")
    expected_version: int = strawberry.field(description="The version of the team that you read. 版本")
    person_id: strawberry.ID | None = strawberry.field(
        default=None, description="A member of it today; null: nobody leads it. 队长"
    )


@strawberry.input(description="A person's place in an emergency group; it takes the place of the one before. 编组")
class AssignMusterInput:
    """Input of assignMuster."""

    idempotency_key: str = strawberry.field(description="The same key assigns once. 幂等键")
    person_id: strawberry.ID = strawberry.field(description="Who. 人员")
    group: str = strawberry.field(description="Code of the group. 编组")
    region_code: str = strawberry.field(description="The community. 社区")
    valid_from: date = strawberry.field(description="First day. 起始日期")
    post: str | None = strawberry.field(default=None, description="What they do there. 岗位")


@strawberry.input(description="A community's mode from now on. 平急转换")
class SwitchModeInput:
    """Input of switchMode."""

    region_code: str = strawberry.field(description="The community. 社区")
    mode: ModeKind = strawberry.field(description="The mode to go over to. 状态")
    reason: str = strawberry.field(description="Why. 原因")
    expected_version: int = strawberry.field(description="The version of the community's mode that you read. 版本")


@strawberry.type(description="What became of it. 结果")
class TeamPayload:
    """Payload of the mutations of teams."""

    team: Team | None = strawberry.field(description="The team; null when refused. 队伍")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type(description="What became of it. 结果")
class AssignMusterPayload:
    """Payload of assignMuster."""

    muster: Muster | None = strawberry.field(description="The place; null when refused. 编组")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type(description="What became of it. 结果")
class SwitchModePayload:
    """Payload of switchMode."""

    community: Community | None = strawberry.field(description="The community; null when refused. 社区")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type
class TeamMutations:
    """The mutations."""

    @strawberry.mutation(description="Form a team. 组建队伍")
    async def form_team(self, info: Info, input: FormTeamInput) -> TeamPayload:  # noqa: A002
        """Form."""
        asked = commands.FormTeam(input.kind, input.name, input.region_code, input.formed_on)
        outcome = await perform(info, "formTeam", commands.form_team, asked, input.idempotency_key)
        found = await team_by_id(info.context, outcome.id, today()) if outcome.id else None
        return TeamPayload(team=found, problems=outcome.problems)

    @strawberry.mutation(description="Let a person join a team. 队员加入")
    async def add_team_member(self, info: Info, input: AddTeamMemberInput) -> TeamPayload:  # noqa: A002
        """Add."""
        asked = commands.ChangeMember(uuid_of(input.team_id), uuid_of(input.person_id), input.valid_from)
        outcome = await perform(info, "addTeamMember", commands.add_team_member, asked, input.idempotency_key)
        found = await team_by_id(info.context, outcome.id, today()) if outcome.id else None
        return TeamPayload(team=found, problems=outcome.problems)

    @strawberry.mutation(description="Let a person leave a team. 队员退出")
    async def remove_team_member(self, info: Info, input: RemoveTeamMemberInput) -> TeamPayload:  # noqa: A002
        """Remove."""
        asked = commands.ChangeMember(uuid_of(input.team_id), uuid_of(input.person_id), input.on)
        outcome = await perform(info, "removeTeamMember", commands.remove_team_member, asked)
        found = await team_by_id(info.context, outcome.id, today()) if outcome.id else None
        return TeamPayload(team=found, problems=outcome.problems)

    @strawberry.mutation(description="Let a member lead a team, or nobody. 任命队长")
    async def name_team_leader(self, info: Info, input: NameTeamLeaderInput) -> TeamPayload:  # noqa: A002
        """Name."""
        leader = None if input.person_id is None else uuid_of(input.person_id)
        asked = commands.NameLeader(uuid_of(input.team_id), leader, input.expected_version)
        outcome = await perform(info, "nameTeamLeader", commands.name_team_leader, asked)
        found = await team_by_id(info.context, outcome.id, today()) if outcome.id else None
        return TeamPayload(team=found, problems=outcome.problems)

    @strawberry.mutation(description="Disband a team, and end all memberships of it. 解散队伍")
    async def disband_team(self, info: Info, input: EndInput) -> TeamPayload:  # noqa: A002
        """Disband."""
        outcome = await perform(info, "disbandTeam", commands.disband_team, input.asked())
        found = await team_by_id(info.context, outcome.id, today()) if outcome.id else None
        return TeamPayload(team=found, problems=outcome.problems)

    @strawberry.mutation(description="Give a person a place in an emergency group. 编组")
    async def assign_muster(self, info: Info, input: AssignMusterInput) -> AssignMusterPayload:  # noqa: A002
        """Assign."""
        asked = muster_commands.AssignMuster(
            uuid_of(input.person_id), input.group, input.region_code, input.valid_from, input.post
        )
        outcome = await perform(info, "assignMuster", muster_commands.assign_muster, asked, input.idempotency_key)
        found = await muster_by_id(info.context, outcome.id) if outcome.id else None
        return AssignMusterPayload(muster=found, problems=outcome.problems)

    @strawberry.mutation(description="Switch a community between peacetime and emergency. 平急转换")
    async def switch_mode(self, info: Info, input: SwitchModeInput) -> SwitchModePayload:  # noqa: A002
        """Switch."""
        asked = muster_commands.SwitchMode(
            input.region_code, Mode[input.mode.name], input.reason, input.expected_version
        )
        outcome = await perform(info, "switchMode", muster_commands.switch_mode, asked)
        found = await region_by_id(info.context, outcome.id, today()) if outcome.id else None
        return SwitchModePayload(community=found if isinstance(found, Community) else None, problems=outcome.problems)
