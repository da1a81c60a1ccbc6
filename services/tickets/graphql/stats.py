"""Statistics of tickets in the graph; each group of figures is read when one of it is asked for."""

from __future__ import annotations

from typing import Annotated, Self

import strawberry

from chassis.graphql.context import Context
from services.tickets.graphql.deliverables import DeliveredInRegion, in_region
from services.tickets.graphql.enums import DeadlineKind, TicketActionKind
from services.tickets.graphql.links import Info, named, plain, processes_of
from services.tickets.storage import stats as reads
from services.tickets.storage.stats import Counts, Key, Which, by, total


@strawberry.type(description="How many tickets are at a step or end. 环节数量")
class TicketsAtStep:
    """A count by step."""

    process: str = strawberry.field(description="Code of the process. 流程代码")
    step: str = strawberry.field(description="Code of the step or end. 环节代码")
    name: str = strawberry.field(description="Its name in the newest version that has it. 环节名称")
    tickets: int = strawberry.field(description="How many. 数量")


@strawberry.type(description="How many tickets are of a category. 类别数量")
class TicketsOfCategory:
    """A count by category."""

    process: str = strawberry.field(description="Code of the process. 流程代码")
    category: str = strawberry.field(description="Code of the category. 类别代码")
    name: str = strawberry.field(description="Its name in the newest version that has it. 类别名称")
    raised: int = strawberry.field(description="How many were raised. 提单数")
    done: int = strawberry.field(description="How many of them were carried through. 办结数")


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

    async def _counts(self, context: Context) -> Counts:
        return await context.loader(reads.load_stats).load(self.key)

    async def _count(self, context: Context, name: str) -> int:
        return total(await self._counts(context), name)

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
        marked = await self._count(info.context, "overdue")
        return marked + await info.context.loader(reads.load_not_marked).load(self.key)

    @strawberry.field(description="How many were carried through. 办结")
    async def done(self, info: Info) -> int:
        """Count."""
        return await self._count(info.context, "outcome:done")

    @strawberry.field(description="How many were refused. 不予受理")
    async def refused(self, info: Info) -> int:
        """Count."""
        return await self._count(info.context, "outcome:refused")

    @strawberry.field(description="How many were taken back. 撤回")
    async def withdrawn(self, info: Info) -> int:
        """Count."""
        return await self._count(info.context, "outcome:withdrawn")

    @strawberry.field(description="How many were joined to others about the same matter. 并案")
    async def joined(self, info: Info) -> int:
        """Count."""
        return await self._count(info.context, "outcome:joined")

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
        return await self._count(info.context, f"performed:{kind.name.lower()}")

    @strawberry.field(description="How many are of each of the processes' categories, and carried through. 各类别数量")
    async def categories(self, info: Info) -> list[TicketsOfCategory]:
        """Count."""
        counts = await self._counts(info.context)
        settled = {(process, code): n for process, code, n in by(counts, "settled")}
        known = await _names(info.context, "categories")
        return [
            TicketsOfCategory(
                process=process,
                category=code,
                name=known.get((process, code), code),
                raised=raised,
                done=settled.get((process, code), 0),
            )
            for process, code, raised in by(counts, "category")
        ]

    @strawberry.field(description="How many of a category were carried through. 某类别办结数")
    async def settled(
        self, info: Info, category: Annotated[str, strawberry.argument(description="Code of the category. 类别代码")]
    ) -> int:
        """Count."""
        return await self._count(info.context, f"settled:{plain(category, 'category')}")

    @strawberry.field(description="What they delivered, by the processes' kinds. 成果")
    async def deliverables(self, info: Info) -> list[DeliveredInRegion]:
        """Count."""
        every = await processes_of(info.context).every(await info.context.read())
        return in_region(by(await self._counts(info.context), "delivered"), every, info.context)

    @strawberry.field(description="How many of a kind of things they delivered. 某类成果数量")
    async def delivered(
        self, info: Info, kind: Annotated[str, strawberry.argument(description="Code of the kind. 种类代码")]
    ) -> int:
        """Count."""
        return await self._count(info.context, f"delivered:{plain(kind, 'kind')}")

    @strawberry.field(description="How many tickets are about them, such as complaints. 投诉数")
    async def complaints(self, info: Info) -> int:
        """Count."""
        return await self._count(info.context, "complaints")

    @strawberry.field(description="How many are at each of the processes' steps and ends. 各环节数量")
    async def steps(self, info: Info) -> list[TicketsAtStep]:
        """Count."""
        known = await _names(info.context, "steps", "ends")
        return [
            TicketsAtStep(process=process, step=step, name=known.get((process, step), step), tickets=tickets)
            for process, step, tickets in by(await self._counts(info.context), "step")
        ]

    @strawberry.field(description="How many evaluations there are. 评价数")
    async def ratings(self, info: Info) -> int:
        """Count."""
        return await self._count(info.context, "ratings")

    @strawberry.field(description="Mean rating of the evaluations. 平均评分")
    async def mean_rating(self, info: Info) -> float | None:
        """Take the mean."""
        counts = await self._counts(info.context)
        ratings = total(counts, "ratings")
        return total(counts, "rating") / ratings if ratings else None

    @strawberry.field(description="How deadlines that have stopped were met, by kind. 按期情况")
    async def punctuality(self, info: Info) -> list[TicketPunctuality]:
        """Count."""
        counts = await self._counts(info.context)
        return [
            TicketPunctuality(kind=DeadlineKind[kind.upper()], met_or_missed=stopped, met=total(counts, f"kept:{kind}"))
            for kind in sorted({kind for _, kind, _ in by(counts, "stopped")})
            if (stopped := total(counts, f"stopped:{kind}"))
        ]


async def _names(context: Context, *parts: str) -> dict[tuple[str, str], str]:
    """Return the names of parts of processes, such as `steps`, of the newest version that has each."""
    every = await processes_of(context).every(await context.read())
    names: dict[tuple[str, str], str] = {}
    for process in sorted(every, key=lambda one: one.version):
        for one in (one for part in parts for one in getattr(process, part)):
            names[process.code, one.code] = named(context, one)
    return names
