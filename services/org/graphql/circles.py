"""Service circles in the graph: the practice's, and how the compounds of a region are covered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Self

import strawberry
from sqlalchemy import ColumnElement, RowMapping, not_, select

from chassis.errors import BadRequest
from chassis.graphql.connection import Connection, PageArguments, fingerprint
from chassis.graphql.context import Context
from chassis.problems import Refused
from services.org.domain.circles import Reach, reach_of
from services.org.domain.circles import ServiceCircle as Known
from services.org.graphql.coverage import CompoundThere, Coverage
from services.org.graphql.links import Info
from services.org.graphql.words import Kind, in_language, kind_of
from services.org.storage import circles as reads
from services.org.storage import tables as t
from services.org.storage.in_force import Place

if TYPE_CHECKING:
    from chassis.database import ReadSession

Minutes = Annotated[
    int | None, strawberry.argument(description="How far, on foot: 1 to 60; the circle's when left out. 步行分钟数")
]
Circle = Annotated[
    str | None,
    strawberry.argument(description="Code of a circle of the practice; its first when left out. 服务圈"),
]
Kinds = Annotated[
    list[str] | None,
    strawberry.argument(
        description="Stations of one of these kinds of the practice; the circle's when left out. 阵地类型"
    ),
]
Functions = Annotated[
    list[str] | None, strawberry.argument(description="Stations with one of these functions, at most 2,000. 阵地功能")
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query says of how far and what for."""

    circle: str | None = None
    minutes: int | None = None
    kinds: list[str] | None = None
    functions: list[str] | None = None


@strawberry.type(description="Within how many minutes on foot there is to be a station. 服务圈")
class ServiceCircle:
    """A circle of the practice."""

    code: str = strawberry.field(description="Its code. 代码")
    name: str = strawberry.field(description="Its name in the language of Accept-Language. 名称")
    minutes: int = strawberry.field(description="On foot. 步行分钟数")
    kinds: strawberry.Private[tuple[str, ...]]

    @classmethod
    def of(cls, row: RowMapping, context: Context) -> Self:
        """Make it from its row."""
        name, kinds = in_language(row, context), tuple(row["station_kinds"])
        return cls(code=row["code"], name=name, minutes=row["minutes"], kinds=kinds)

    @strawberry.field(description="Stations of which of the practice's kinds count; none named: of any. 阵地类型")
    async def station_kinds(self, info: Info) -> list[Kind]:
        """Read the kinds."""
        return [await kind_of(info.context, "station", code) for code in self.kinds]


@strawberry.type(description="How many compounds have a station with a function within the walk. 服务功能覆盖")
class FunctionCoverage:
    """A count."""

    function: str = strawberry.field(description="The function. 功能")
    compounds: int = strawberry.field(description="Compounds that have one. 小区数")


@strawberry.type(description="How the compounds of a region are covered by stations within a walk. 服务圈覆盖")
class CircleCoverage(Coverage):
    """Counts over a region: straight lines times 1.3, stations of its districts, compounds with a known place."""

    minutes: int = strawberry.field(description="How far, on foot. 步行分钟数")
    located: int = strawberry.field(description="Compounds of which it is known where they lie. 有坐标的小区数")
    reach: strawberry.Private[Reach]

    @property
    def known(self) -> int:
        """Those with a known place."""
        return self.located

    @strawberry.field(description="The practice's circle; null when minutes were asked for. 服务圈")
    async def circle(self, info: Info) -> ServiceCircle | None:
        """Choose it."""
        rows = await info.context.loader(load_circles).load(0)
        return next((ServiceCircle.of(row, info.context) for row in rows if row["code"] == self.reach.circle), None)

    @strawberry.field(description="By function of the stations within the walk; at most 200. 分功能覆盖")
    async def functions(self, info: Info) -> list[FunctionCoverage]:
        """Count them."""
        rows = await reads.count_by_function(await info.context.read(), self.place, self.reach)
        return [FunctionCoverage(function=row["name"], compounds=row["compounds"]) for row in rows[:200]]

    @strawberry.field(description="The compounds with a known place without any station in the walk. 未覆盖小区")
    async def uncovered_compounds(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CompoundThere]:
        """Read a page of them, by region."""
        missing = not_(reads.served(self.reach, self.place.as_of))
        return await self._page(info.context, PageArguments(first, after, last, before), reads.HAS_PLACE, missing)

    @strawberry.field(description="The compounds of which nobody recorded where they lie. 无坐标小区")
    async def unlocated_compounds(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CompoundThere]:
        """Read a page of them, by region."""
        return await self._page(info.context, PageArguments(first, after, last, before), not_(reads.HAS_PLACE))

    async def _page(
        self, context: Context, asked: PageArguments, *conditions: ColumnElement[bool]
    ) -> Connection[CompoundThere]:
        mark = fingerprint("compounds", len(conditions), self.place.id, self.reach, self.place.as_of)
        return await self.page(context, asked, mark, *conditions)


async def load_circles(session: ReadSession, keys: list[int]) -> list[list[RowMapping]]:
    """Return the practice's circles in their order, once for a request."""
    c = t.service_circle.c
    rows = list(await session.rows(select(t.service_circle).order_by(c.position, c.code)))
    return [rows for _ in keys]


async def circles(context: Context) -> list[ServiceCircle]:
    """Return the practice's circles in their order."""
    return [ServiceCircle.of(row, context) for row in await context.loader(load_circles).load(0)]


async def settle(context: Context, asked: Asked) -> Reach | None:
    """Return what is looked for; None when neither the query nor the practice says how far. Raises BadRequest."""
    rows = await context.loader(load_circles).load(0)
    known = [Known(row["code"], row["minutes"], tuple(row["station_kinds"])) for row in rows]
    try:
        return reach_of(known, asked.circle, asked.minutes, asked.kinds, asked.functions)
    except Refused as refused:
        raise BadRequest(reason=refused.problem.text("en", **refused.values)) from refused


async def coverage_in(context: Context, place: Place, asked: Asked) -> CircleCoverage | None:
    """Count the compounds of a place and below; None when nobody says how far. Raises BadRequest."""
    context.access.admit(context.caller, "serviceCircle")
    wanted = await settle(context, asked)
    if wanted is None:
        return None
    row = await reads.count_covered(await context.read(), place, wanted)
    return CircleCoverage(minutes=wanted.minutes, place=place, reach=wanted, **dict(row))
