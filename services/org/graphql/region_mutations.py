"""Mutations of the region tree."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.mutate import mutate, perform
from services.org.commands import regions as commands
from services.org.commands.recode import recode_region
from services.org.commands.region_tree import ChangeRegion
from services.org.commands.rehearsing import Rehearsed
from services.org.domain.periods import today
from services.org.domain.redrawing import Line
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.problem import Problem
from services.org.graphql.redrawing_mutations import RedrawingLine
from services.org.graphql.regions import Region, region_by_id

_ID = "The region. 区划"
_VERSION = "The version you read; refused when it is another by now. 版本"
_ON = "First day on which it is so; today or earlier. 生效日期"


@strawberry.input(description="A region to establish; its level and parent follow from the code. 设立区划")
class EstablishRegionInput:
    """Input of establishRegion."""

    idempotency_key: str = strawberry.field(description="The same key establishes once. 幂等键")
    code: str = strawberry.field(description="Its code. 区划代码")
    name: str = strawberry.field(description="Its name. 名称")
    valid_from: date = strawberry.field(description=_ON)


@strawberry.input(description="A region's new name. 区划更名")
class RenameRegionInput:
    """Input of renameRegion."""

    region_id: strawberry.ID = strawberry.field(description=_ID)
    expected_version: int = strawberry.field(description=_VERSION)
    name: str = strawberry.field(description="The new name. 新名称")
    effective_on: date = strawberry.field(description=_ON)


@strawberry.input(description="A region's new code; what is below is recoded with it. 区划代码变更")
class RecodeRegionInput:
    """Input of recodeRegion."""

    region_id: strawberry.ID = strawberry.field(description=_ID)
    expected_version: int = strawberry.field(description=_VERSION)
    new_code: str = strawberry.field(description="The new code; it names the parent too. 新代码")
    effective_on: date = strawberry.field(description=_ON)


@strawberry.input(description="The end of a region. 撤销区划")
class CloseRegionInput:
    """Input of closeRegion."""

    region_id: strawberry.ID = strawberry.field(description=_ID)
    expected_version: int = strawberry.field(description=_VERSION)
    effective_on: date = strawberry.field(description="First day without it; today or earlier. 撤销日期")
    into_code: str | None = strawberry.field(
        default=None,
        description="Code of the region that takes over what lies directly in it: another one of its level in its"
        " district. Without it, nothing may be left in it. 承接区划代码",
    )
    rehearse: bool = strawberry.field(
        default=False, description="Report what would happen, and let nothing happen. 仅预演"
    )


@strawberry.type(description="What became of it. 结果")
class RegionPayload:
    """Payload of every mutation of a region."""

    region: Region | None = strawberry.field(description="The region; null when refused. 区划")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type(description="What the end of a region did, or would do. 撤销区划结果")
class CloseRegionPayload:
    """Payload of closeRegion."""

    region: Region | None = strawberry.field(description="The region; null when refused. 区划")
    report: list[RedrawingLine] = strawberry.field(
        description="What went over to the region that takes over; empty when none does. 调整明细"
    )
    rehearsed: bool = strawberry.field(description="Whether it was a rehearsal: nothing has changed. 是否预演")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type
class RegionMutations:
    """The mutations."""

    @strawberry.mutation(description="Add a region to the tree. 设立区划")
    async def establish_region(self, info: Info, input: EstablishRegionInput) -> RegionPayload:  # noqa: A002
        """Establish."""
        asked = commands.EstablishRegion(input.code, input.name, input.valid_from)
        outcome = await perform(info, "establishRegion", commands.establish_region, asked, input.idempotency_key)
        region = await region_by_id(info.context, outcome.id, today()) if outcome.id else None
        return RegionPayload(region=region, problems=outcome.problems)

    @strawberry.mutation(description="Give a region another name. 区划更名")
    async def rename_region(self, info: Info, input: RenameRegionInput) -> RegionPayload:  # noqa: A002
        """Rename."""
        return await _change(info, "renameRegion", commands.rename_region, input, input.name)

    @strawberry.mutation(description="Give a region, and all below, another code. 区划代码变更")
    async def recode_region(self, info: Info, input: RecodeRegionInput) -> RegionPayload:  # noqa: A002
        """Recode."""
        return await _change(info, "recodeRegion", recode_region, input, input.new_code)

    @strawberry.mutation(
        description="End a region in which nothing is left, or that another takes over from; or rehearse it. "
        "撤销区划、撤并区划"
    )
    async def close_region(self, info: Info, input: CloseRegionInput) -> CloseRegionPayload:  # noqa: A002
        """Close."""
        change = ChangeRegion(uuid_of(input.region_id), input.expected_version, input.effective_on)
        asked = commands.CloseRegion(change, input.into_code or "", input.rehearse)
        report, problems = list[Line](), list[Problem]()
        try:
            outcome = await mutate(
                info.context,
                "closeRegion",
                lambda session, permit: commands.close_region(session, permit, asked, report),
            )
            closed, problems = outcome.id, outcome.problems
        except Rehearsed as rehearsed:
            closed = rehearsed.region_id
        region = await region_by_id(info.context, closed, today()) if closed else None
        lines = [RedrawingLine.of(line) for line in report] if closed else []
        return CloseRegionPayload(region=region, report=lines, rehearsed=input.rehearse, problems=problems)


async def _change(
    info: Info,
    operation: str,
    command: commands.Change,
    given: RenameRegionInput | RecodeRegionInput,
    value: str,
) -> RegionPayload:
    asked = ChangeRegion(uuid_of(given.region_id), given.expected_version, given.effective_on, value)
    outcome = await perform(info, operation, command, asked)
    region = await region_by_id(info.context, outcome.id, today()) if outcome.id else None
    return RegionPayload(region=region, problems=outcome.problems)
