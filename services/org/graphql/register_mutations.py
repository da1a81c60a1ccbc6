"""Mutations of the registers: classify, count, award, pair, check in, and end each."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.mutate import perform
from services.org.commands import pairings
from services.org.commands import registers as commands
from services.org.domain.periods import today
from services.org.graphql.check_ins import CheckIn, check_in_by_id
from services.org.graphql.ending import EndInput
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.problem import Problem
from services.org.graphql.regions import Community, Grid, region_by_id
from services.org.graphql.registers import (
    Distinction,
    Pairing,
    distinction_by_id,
    pairing_by_id,
)

_KEY = "The same key does it once. 幂等键"
_FROM = "First day; today or earlier. 起始日期"
_REFUSED = "Why it was refused; empty when done. 问题"


@strawberry.input(description="A community's type. 社区分类")
class ClassifyCommunityInput:
    """Input of classifyCommunity."""

    idempotency_key: str = strawberry.field(description=_KEY)
    region_code: str = strawberry.field(description="The community. 社区")
    type: str = strawberry.field(description="Code of its type in this practice. 社区类型")
    valid_from: date = strawberry.field(description=_FROM)


@strawberry.type(description="What became of it. 结果")
class ClassifyCommunityPayload:
    """Payload of classifyCommunity."""

    community: Community | None = strawberry.field(description="The community; null when refused. 社区")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.input(description="How many live in a grid. 网格人口户数")
class RecordCensusInput:
    """Input of recordCensus."""

    idempotency_key: str = strawberry.field(description=_KEY)
    region_code: str = strawberry.field(description="The grid. 网格")
    households: int = strawberry.field(description="Households that live there. 户数")
    residents: int = strawberry.field(description="People who live there. 人数")
    valid_from: date = strawberry.field(description=_FROM)


@strawberry.type(description="What became of it. 结果")
class RecordCensusPayload:
    """Payload of recordCensus."""

    grid: Grid | None = strawberry.field(description="The grid; null when refused. 网格")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.input(description="A distinction to award. 评选命名")
class AwardDistinctionInput:
    """Input of awardDistinction."""

    idempotency_key: str = strawberry.field(description=_KEY)
    kind: str = strawberry.field(description="Code of its kind in this practice. 类型")
    region_code: str = strawberry.field(description="The region that holds it, or where who holds it is. 区划")
    valid_from: date = strawberry.field(description=_FROM)
    person_id: strawberry.ID | None = strawberry.field(default=None, description="Who holds it, if a person. 人员")
    reason: str | None = strawberry.field(default=None, description="What for. 事由")


@strawberry.type(description="What became of it. 结果")
class DistinctionPayload:
    """Payload of the mutations of distinctions."""

    distinction: Distinction | None = strawberry.field(description="The distinction; null when refused. 命名")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.input(description="A partner unit to hook to a region. 共建结对")
class PairPartnerInput:
    """Input of pairPartner."""

    idempotency_key: str = strawberry.field(description=_KEY)
    kind: str = strawberry.field(description="Code of its kind in this practice. 类型")
    organisation_id: strawberry.ID = strawberry.field(description="The partner unit. 共建单位")
    region_code: str = strawberry.field(description="The region. 区划")
    valid_from: date = strawberry.field(description=_FROM)
    project: str | None = strawberry.field(default=None, description="What they do together. 共建项目")


@strawberry.input(description="Which compounds a paired unit looks after. 挂钩小区")
class HookCompoundsInput:
    """Input of hookCompounds."""

    id: strawberry.ID = strawberry.field(description="The pairing. 结对")
    expected_version: int = strawberry.field(description="The version you read. 版本")
    compound_ids: list[strawberry.ID] = strawberry.field(description="In place of those before; at most 2. 小区")


@strawberry.type(description="What became of it. 结果")
class PairingPayload:
    """Payload of the mutations of pairings."""

    pairing: Pairing | None = strawberry.field(description="The pairing; null when refused. 结对")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.input(description="An in-service party member who checks in. 党员报到")
class CheckInInput:
    """Input of checkIn."""

    idempotency_key: str = strawberry.field(description=_KEY)
    person_id: strawberry.ID = strawberry.field(description="Who. 人员")
    region_code: str = strawberry.field(description="Where they live and serve. 报到区划")
    valid_from: date = strawberry.field(description=_FROM)
    unit_id: strawberry.ID | None = strawberry.field(default=None, description="Where they work. 所在单位")
    group: str | None = strawberry.field(
        default=None, description="Code of a group of new employment; null for an in-service member. 新就业群体"
    )
    organisation_id: strawberry.ID | None = strawberry.field(
        default=None, description="The branch or party group that they are assigned to, if said. 编入党组织"
    )
    post: str | None = strawberry.field(default=None, description="Code of the post that they take on. 认领岗位")


@strawberry.type(description="What became of it. 结果")
class CheckInPayload:
    """Payload of the mutations of check-ins."""

    check_in: CheckIn | None = strawberry.field(description="The check-in; null when refused. 报到")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type
class RegisterMutations:
    """The mutations."""

    @strawberry.mutation(description="Give a community a type; the one it had ends. 社区分类")
    async def classify_community(self, info: Info, input: ClassifyCommunityInput) -> ClassifyCommunityPayload:  # noqa: A002
        """Classify."""
        asked = commands.ClassifyCommunity(input.region_code, input.type, input.valid_from)
        outcome = await perform(info, "classifyCommunity", commands.classify_community, asked, input.idempotency_key)
        found = await region_by_id(info.context, outcome.id, today()) if outcome.id else None
        community = found if isinstance(found, Community) else None
        return ClassifyCommunityPayload(community=community, problems=outcome.problems)

    @strawberry.mutation(description="Record how many live in a grid; the count before it ends. 网格人口户数登记")
    async def record_census(self, info: Info, input: RecordCensusInput) -> RecordCensusPayload:  # noqa: A002
        """Record."""
        asked = commands.RecordCensus(input.region_code, input.households, input.residents, input.valid_from)
        outcome = await perform(info, "recordCensus", commands.record_census, asked, input.idempotency_key)
        found = await region_by_id(info.context, outcome.id, today()) if outcome.id else None
        return RecordCensusPayload(grid=found if isinstance(found, Grid) else None, problems=outcome.problems)

    @strawberry.mutation(description="Award a distinction. 评选命名")
    async def award_distinction(self, info: Info, input: AwardDistinctionInput) -> DistinctionPayload:  # noqa: A002
        """Award."""
        person_id = uuid_of(input.person_id) if input.person_id else None
        asked = commands.AwardDistinction(input.kind, input.region_code, input.valid_from, person_id, input.reason)
        outcome = await perform(info, "awardDistinction", commands.award_distinction, asked, input.idempotency_key)
        found = await distinction_by_id(info.context, outcome.id) if outcome.id else None
        return DistinctionPayload(distinction=found, problems=outcome.problems)

    @strawberry.mutation(description="Take a distinction back. 取消命名")
    async def end_distinction(self, info: Info, input: EndInput) -> DistinctionPayload:  # noqa: A002
        """End."""
        outcome = await perform(info, "endDistinction", commands.end_distinction, input.asked())
        found = await distinction_by_id(info.context, outcome.id) if outcome.id else None
        return DistinctionPayload(distinction=found, problems=outcome.problems)

    @strawberry.mutation(description="Hook a partner unit to a region. 共建结对")
    async def pair_partner(self, info: Info, input: PairPartnerInput) -> PairingPayload:  # noqa: A002
        """Pair."""
        unit = uuid_of(input.organisation_id)
        asked = pairings.PairPartner(input.kind, unit, input.region_code, input.valid_from, input.project)
        outcome = await perform(info, "pairPartner", pairings.pair_partner, asked, input.idempotency_key)
        found = await pairing_by_id(info.context, outcome.id) if outcome.id else None
        return PairingPayload(pairing=found, problems=outcome.problems)

    @strawberry.mutation(description="Say which one or two compounds a paired unit looks after. 挂钩小区")
    async def hook_compounds(self, info: Info, input: HookCompoundsInput) -> PairingPayload:  # noqa: A002
        """Say which."""
        compounds = [uuid_of(one) for one in input.compound_ids]
        asked = pairings.HookCompounds(uuid_of(input.id), input.expected_version, compounds)
        outcome = await perform(info, "hookCompounds", pairings.hook_compounds, asked)
        found = await pairing_by_id(info.context, outcome.id) if outcome.id else None
        return PairingPayload(pairing=found, problems=outcome.problems)

    @strawberry.mutation(description="End a pairing. 结束结对")
    async def end_pairing(self, info: Info, input: EndInput) -> PairingPayload:  # noqa: A002
        """End."""
        outcome = await perform(info, "endPairing", pairings.end_pairing, input.asked())
        found = await pairing_by_id(info.context, outcome.id) if outcome.id else None
        return PairingPayload(pairing=found, problems=outcome.problems)

    @strawberry.mutation(description="Check an in-service party member in. 党员报到")
    async def check_in(self, info: Info, input: CheckInInput) -> CheckInPayload:  # noqa: A002
        """Check in."""
        asked = commands.CheckIn(
            uuid_of(input.person_id),
            input.region_code,
            input.valid_from,
            uuid_of(input.unit_id) if input.unit_id else None,
            input.group,
            uuid_of(input.organisation_id) if input.organisation_id else None,
            input.post,
        )
        outcome = await perform(info, "checkIn", commands.check_in, asked, input.idempotency_key)
        found = await check_in_by_id(info.context, outcome.id) if outcome.id else None
        return CheckInPayload(check_in=found, problems=outcome.problems)

    @strawberry.mutation(description="End a check-in. 结束报到")
    async def end_check_in(self, info: Info, input: EndInput) -> CheckInPayload:  # noqa: A002
        """End."""
        outcome = await perform(info, "endCheckIn", commands.end_check_in, input.asked())
        found = await check_in_by_id(info.context, outcome.id) if outcome.id else None
        return CheckInPayload(check_in=found, problems=outcome.problems)
