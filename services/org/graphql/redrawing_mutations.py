"""The mutation that redraws grids, and its report (T2)."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Self

import strawberry

from chassis.graphql.mutate import perform
from services.org.commands import redraw as commands
from services.org.commands.rehearsing import Rehearsed
from services.org.domain.periods import today
from services.org.domain.redrawing import Line
from services.org.graphql.links import Info
from services.org.graphql.problem import Problem
from services.org.graphql.regions import Region, region_by_id


@strawberry.enum(description="What goes over when grids are redrawn or a region is taken over. 区划调整涉及的对象")
class RedrawnThing(Enum):
    """As `domain.redrawing.Thing`, by name."""

    BUILDING = strawberry.enum_value("BUILDING", description="Buildings, with their units and all in them. 楼栋")
    ORGANISATION = strawberry.enum_value("ORGANISATION", description="Organisations of the region. 组织")
    PERSON = strawberry.enum_value("PERSON", description="People registered in the region itself. 人员")
    DUTY = strawberry.enum_value("DUTY", description="Duties held in the region itself. 任职")
    TEAM = strawberry.enum_value("TEAM", description="Teams of the region. 队伍")
    STATION = strawberry.enum_value("STATION", description="Stations of the region. 阵地")
    ACTIVITY = strawberry.enum_value("ACTIVITY", description="What is planned in the region. 计划活动")
    REGISTER = strawberry.enum_value(
        "REGISTER", description="Rows of registers: pairings, contacts, check-ins, recommendations, ... 各类登记"
    )


@strawberry.type(description="What went from one region to another. 调整明细")
class RedrawingLine:
    """One line of the report."""

    thing: RedrawnThing = strawberry.field(description="What it counts. 对象")
    from_code: str = strawberry.field(description="The region it was in, such as a grid. 原区划")
    to_code: str = strawberry.field(description="The region it is in now. 现区划")
    moved: int = strawberry.field(description="How many went over. 转移数")
    joined: int = strawberry.field(description="How many were merged into their like there. 合并数")
    ended: int = strawberry.field(description="How many ended, since their post is taken there. 终止数")

    @classmethod
    def of(cls, line: Line) -> Self:
        """Make it from its line."""
        return cls(
            thing=RedrawnThing[line.thing.name],
            from_code=line.from_code,
            to_code=line.to_code,
            moved=line.moved,
            joined=line.joined,
            ended=line.ended,
        )


@strawberry.input(description="A grid to establish. 新设网格")
class NewGridInput:
    """A new grid."""

    code: str = strawberry.field(description="Its code. 代码")
    name: str = strawberry.field(description="Its name. 名称")


@strawberry.input(description="A building that goes to another grid. 划转楼栋")
class MovedBuildingInput:
    """A building that moves."""

    code: str = strawberry.field(description="Its code. 原代码")
    new_code: str = strawberry.field(description="Its new code, which names the grid. 新代码")


@strawberry.input(description="A grid that is merged into another and closed. 合并网格")
class MergedGridInput:
    """A grid that ends."""

    code: str = strawberry.field(description="The grid that ends. 撤销网格")
    into_code: str = strawberry.field(description="The grid that takes over all that is in it. 并入网格")


@strawberry.input(description="How grids are redrawn: founded, then buildings moved, then grids merged. 网格调整")
class RedrawGridsInput:
    """Input of redrawGrids."""

    idempotency_key: str = strawberry.field(description="The same key redraws once. 幂等键")
    within: str = strawberry.field(description="Code of the region that all of it lies in. 调整范围")
    on: date = strawberry.field(description="First day on which it is so; today or earlier. 生效日期")
    rehearse: bool = strawberry.field(
        default=False, description="Report what would happen, and let nothing happen. 仅预演"
    )
    establish: list[NewGridInput] = strawberry.field(default_factory=list, description="New grids, at most 2,000. 新设")
    move: list[MovedBuildingInput] = strawberry.field(
        default_factory=list, description="Buildings, at most 2,000. 划转"
    )
    merge: list[MergedGridInput] = strawberry.field(
        default_factory=list, description="Grids that end, at most 2,000. 合并"
    )


@strawberry.type(description="What a redrawing did, or would do. 网格调整结果")
class RedrawGridsPayload:
    """Payload of redrawGrids."""

    region: Region | None = strawberry.field(description="The region within which it was done; null when refused. 区划")
    report: list[RedrawingLine] = strawberry.field(description="What was moved. 调整明细")
    rehearsed: bool = strawberry.field(description="Whether it was a rehearsal: nothing has changed. 是否预演")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type
class RedrawingMutations:
    """The mutation."""

    @strawberry.mutation(
        description="Redraw grids at once, or rehearse it: buildings, organisations, people, duties, teams, stations. "
        "网格调整"
    )
    async def redraw_grids(self, info: Info, input: RedrawGridsInput) -> RedrawGridsPayload:  # noqa: A002
        """Redraw."""
        asked = commands.RedrawGrids(
            within=input.within,
            on=input.on,
            establish=[commands.NewGrid(grid.code, grid.name) for grid in input.establish],
            move=[(building.code, building.new_code) for building in input.move],
            merge=[(grid.code, grid.into_code) for grid in input.merge],
            rehearse=input.rehearse,
        )
        problems: list[Problem] = []
        region_id, report = None, list[Line]()
        try:
            outcome = await perform(info, "redrawGrids", commands.redraw_grids, asked, input.idempotency_key)
            problems = outcome.problems
            if outcome.id:
                region_id, report = await commands.redrawing_of(await info.context.read(), outcome.id)
        except Rehearsed as rehearsed:
            region_id, report = rehearsed.region_id, list(rehearsed.lines)
        region = await region_by_id(info.context, region_id, today()) if region_id else None
        lines = [RedrawingLine.of(line) for line in report]
        return RedrawGridsPayload(region=region, report=lines, rehearsed=input.rehearse, problems=problems)
