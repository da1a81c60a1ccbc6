"""Statistics of tickets in the graph; each group of figures is read when one of it is asked for."""

from __future__ import annotations

from typing import Annotated, Any, Self

import strawberry

from chassis.graphql.context import Context
from services.tickets.graphql.enums import DeadlineKind, TicketActionKind
from services.tickets.graphql.links import Info, named, processes_of
from services.tickets.storage import stats as reads
from services.tickets.storage.stats import Key, Which


@strawberry.type(description="How many tickets are at a step or end. 环节数量")
class TicketsAtStep:
    """A count by step."""

    process: str = strawberry.field(description="Code of the process. 流程代码")
    step: str = strawberry.field(description="Code of the step or end. 环节代码")
    name: str = strawberry.field(description="Its name in the newest version that has it. 环节名称")
    tickets: int = strawberry.field(description="How many. 数量")


@strawberry.type(description="How deadlines of a kind were met. 按期情况")
class TicketPunctuality:
    """A count of stopped clocks."""

    kind: DeadlineKind = strawberry.field(description="What the deadlines were for. 类别")
    met_or_missed: int = strawberry.field(description="How many have stopped. 已结束时限数")
    met: int = strawberry.field(description="How many of them in time. 按期数")


@strawberry.type(description="Counts of tickets. 议事单统计")
class TicketStats:
    """Counts of one region and what is below it."""

    key: strawberry.Private[Key]

    @classmethod
    def of(cls, prefix: str, which: Which) -> Self:
        """Prepare the counts of a region."""
        return cls(key=Key(prefix, which))

    async def _count(self, context: Context, name: str) -> int:
        row = await context.loader(reads.load_counts).load(self.key)
        return 0 if row is None else int(row[name])

    @strawberry.field(description="How many were raised. 提单数")
    async def raised(self, info: Info) -> int:
        """Count."""
        return await self._count(info.context, "raised")

    @strawberry.field(description="How many are under way. 办理中")
    async def open(self, info: Info) -> int:
        """Count."""
        return await self._count(info.context, "open")

    @strawberry.field(description="How many have a deadline that passed. 逾期中")
    async def overdue(self, info: Info) -> int:
        """Count."""
        return await self._count(info.context, "overdue")

    @strawberry.field(description="How many were carried through. 办结")
    async def done(self, info: Info) -> int:
        """Count."""
        return await self._count(info.context, "done")

    @strawberry.field(description="How many were refused. 不予受理")
    async def refused(self, info: Info) -> int:
        """Count."""
        return await self._count(info.context, "refused")

    @strawberry.field(description="How many were taken back. 撤回")
    async def withdrawn(self, info: Info) -> int:
        """Count."""
        return await self._count(info.context, "withdrawn")

    @strawberry.field(description="How many were reopened at least once. 重新办理")
    async def reopened(self, info: Info) -> int:
        """Count."""
        return await self._count(info.context, "reopened")

    @strawberry.field(description="How many everyone may see. 已公开")
    async def public(self, info: Info) -> int:
        """Count."""
        return await self._count(info.context, "public")

    @strawberry.field(description="On how many something of a kind was done at least once. 经过某类动作的单数")
    async def performed(
        self, info: Info, kind: Annotated[TicketActionKind, strawberry.argument(description="The kind. 动作类别")]
    ) -> int:
        """Count."""
        rows = await info.context.loader(reads.load_performed).load(self.key)
        return next((row["tickets"] for row in rows if row["kind"] == kind.name.lower()), 0)

    @strawberry.field(description="How many are at each step and end. 各环节数量")
    async def steps(self, info: Info) -> list[TicketsAtStep]:
        """Count."""
        rows = await info.context.loader(reads.load_steps).load(self.key)
        known = await _names(info.context)
        return [
            TicketsAtStep(
                process=row["process"],
                step=row["step"],
                name=known.get((row["process"], row["step"]), row["step"]),
                tickets=row["tickets"],
            )
            for row in rows
        ]

    async def _rating(self, context: Context) -> tuple[int, float | None]:
        rows = await context.loader(reads.load_ratings).load(self.key)
        return (rows[0]["count"], float(rows[0]["mean"])) if rows else (0, None)

    @strawberry.field(description="How many evaluations there are. 评价数")
    async def ratings(self, info: Info) -> int:
        """Count."""
        return (await self._rating(info.context))[0]

    @strawberry.field(description="Mean rating of the evaluations. 平均评分")
    async def mean_rating(self, info: Info) -> float | None:
        """Take the mean."""
        return (await self._rating(info.context))[1]

    @strawberry.field(description="How deadlines that have stopped were met, by kind. 按期情况")
    async def punctuality(self, info: Info) -> list[TicketPunctuality]:
        """Count."""
        rows: list[Any] = await info.context.loader(reads.load_kept).load(self.key)
        return [
            TicketPunctuality(kind=DeadlineKind[row["kind"].upper()], met_or_missed=row["stopped"], met=row["kept"])
            for row in rows
        ]


async def _names(context: Context) -> dict[tuple[str, str], str]:
    """Return the names of steps and ends, of the newest version that has each."""
    every = await processes_of(context).every(await context.read())
    names: dict[tuple[str, str], str] = {}
    for process in sorted(every, key=lambda one: one.version):
        for step in process.steps:
            names[process.code, step.code] = named(context, step)
        for end in process.ends:
            names[process.code, end.code] = named(context, end)
    return names
