"""Assessments in the graph: by the practice's capacities, with levels and their movement from year to year."""

from __future__ import annotations

from collections import Counter
from datetime import date
from enum import Enum
from typing import Self
from uuid import UUID

import msgspec
import strawberry
from sqlalchemy import RowMapping, select

from chassis.errors import BadRequest
from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain import assessment as rules
from services.org.domain.periods import today
from services.org.graphql import organisations, words
from services.org.graphql.links import Info, OrganisationLink
from services.org.graphql.words import in_language
from services.org.storage import tables as t
from services.org.storage.by_type import load_before, load_capacities, load_points, results_in
from services.org.storage.in_force import Place
from services.org.storage.prefixes import in_prefix

_HUNDREDTHS = 100


@strawberry.enum(description="How a level compares with the year before. 升降")
class LevelMovement(Enum):
    """As `domain.assessment.Movement`, by name."""

    FIRST = strawberry.enum_value("FIRST", description="Not assessed the year before. 首次评估")
    RISEN = strawberry.enum_value("RISEN", description="Better. 晋级")
    SAME = strawberry.enum_value("SAME", description="The same. 持平")
    FALLEN = strawberry.enum_value("FALLEN", description="Worse. 降级")


@strawberry.enum(description="Whose contributions in the year a score is counted from. 计分来源")
class CountedFrom(Enum):
    """As `domain.assessment.CountedFrom`, by name."""

    UNIT = strawberry.enum_value("UNIT", description="The organisation's own, where it lies. 本单位贡献")
    REGION = strawberry.enum_value("REGION", description="All partner units' where it lies. 本区域共建单位贡献")


@strawberry.type(description="What organisations are assessed by. 评估能力项")
class Capacity:
    """A capacity."""

    code: str = strawberry.field(description="Its code. 代码")
    name: str = strawberry.field(description="Its name in the language of Accept-Language. 名称")
    weight: int = strawberry.field(description="What it weighs beside the others. 权重")
    counted_from: CountedFrom | None = strawberry.field(
        description="From whose contributions its score is counted; null when people give it. 计分来源"
    )
    full_points: int | None = strawberry.field(description="Points that are a full score, when counted. 满分所需积分")

    @classmethod
    def of(cls, row: RowMapping, context: Context) -> Self:
        """Make it from its row."""
        return cls(
            code=row["code"],
            name=in_language(row, context),
            weight=row["weight"],
            counted_from=CountedFrom[row["counted"]] if row["counted"] else None,
            full_points=row["full_points"],
        )


@strawberry.type(description="A level that assessments reach. 评估等次")
class AssessmentLevel:
    """A level."""

    code: str = strawberry.field(description="Its code. 代码")
    name: str = strawberry.field(description="Its name in the language of Accept-Language. 名称")
    least: float = strawberry.field(description="The lowest result that reaches it, of 100. 最低得分")

    @classmethod
    def of(cls, row: RowMapping, context: Context) -> Self:
        """Make it from its row."""
        return cls(code=row["code"], name=in_language(row, context), least=row["least"] / _HUNDREDTHS)


@strawberry.type(description="What an organisation scored in one capacity. 能力项得分")
class CapacityScore:
    """A score."""

    capacity: str = strawberry.field(description="Code of the capacity. 能力项代码")
    score: int = strawberry.field(description="Of 100. 得分")
    counted_from: CountedFrom | None = strawberry.field(
        default=None, description="From whose contributions it was counted; null when people gave it. 计分来源"
    )
    points: int | None = strawberry.field(default=None, description="The points it was counted from. 计分积分")
    full_points: int | None = strawberry.field(
        default=None, description="Points that were a full score then. 满分所需积分"
    )

    @classmethod
    def of(cls, capacity: str, score: int, counted: rules.Counted | None) -> Self:
        """Make it from what is kept."""
        if counted is None:
            return cls(capacity=capacity, score=score)
        return cls(
            capacity=capacity,
            score=score,
            counted_from=CountedFrom[counted.counted.name],
            points=counted.points,
            full_points=counted.full_points,
        )

    @strawberry.field(
        description="Name of the capacity in the language of Accept-Language; null when the practice has it no longer. "
        "能力项名称"
    )
    async def capacity_name(self, info: Info) -> str | None:
        """Read the capacity."""
        return await words.capacity_name(info.context, self.capacity)


@strawberry.type(description="How an organisation was assessed for a year. 评估")
class Assessment:
    """An assessment."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes. 版本")
    year: int = strawberry.field(description="The year. 年度")
    result: float = strawberry.field(description="Weighted mean of the scores, of 100. 综合得分")
    assessed_on: date = strawberry.field(description="The day it was entered for. 评估日期")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            version=row["version"],
            year=row["year"],
            result=row["result"] / _HUNDREDTHS,
            assessed_on=row["assessed_on"],
            row=row,
        )

    @strawberry.field(description="Whose it is, if in your scope. 组织")
    async def organisation(self, info: Info) -> OrganisationLink | None:
        """Read the organisation."""
        return await organisations.organisation_by_id(info.context, self.row["organisation_id"], today())

    @strawberry.field(description="What was scored, by the practice's capacities. 能力项得分")
    def scores(self) -> list[CapacityScore]:
        """Read them off the row."""
        counted = {code: msgspec.convert(one, rules.Counted) for code, one in self.row["counted"].items()}
        return [CapacityScore.of(code, score, counted.get(code)) for code, score in sorted(self.row["scores"].items())]

    @strawberry.field(description="Code of the level; null when it reached none. 等次代码")
    def level(self) -> str | None:
        """Read it off the row."""
        level: str | None = self.row["level"]
        return level

    @strawberry.field(
        description="Name of the level in the language of Accept-Language; null when it reached none. 等次名称"
    )
    async def level_name(self, info: Info) -> str | None:
        """Read the level."""
        return await words.level_name(info.context, self.row["level"])

    @strawberry.field(description="How the level compares with the year before. 升降")
    async def movement(self, info: Info) -> LevelMovement:
        """Compare it."""
        before = await info.context.loader(load_before).load((self.row["organisation_id"], self.year))
        ranks = await _ranks(info.context)
        moved = rules.movement(ranks, None if before is None else (before["level"],), self.row["level"])
        return LevelMovement[moved.name]


@strawberry.type(description="How many organisations are on a level. 等次统计")
class LevelCount:
    """A count."""

    level: str | None = strawberry.field(description="Code of the level; null for those that reached none. 等次代码")
    organisations: int = strawberry.field(description="How many. 组织数")

    @strawberry.field(
        description="Name of the level in the language of Accept-Language; null for those that reached none. 等次名称"
    )
    async def level_name(self, info: Info) -> str | None:
        """Read the level."""
        return await words.level_name(info.context, self.level)


@strawberry.type(description="How the organisations of a place did in a year. 评估统计")
class AssessmentStats:
    """Counts over a region."""

    capacities: int = strawberry.field(description="Capacities that they were assessed by. 能力项数")
    assessed: int = strawberry.field(description="Organisations assessed. 参评组织数")
    mean: float | None = strawberry.field(description="Their mean result, of 100. 平均得分")
    risen: int = strawberry.field(description="On a better level than the year before. 晋级数")
    same: int = strawberry.field(description="On the same level. 持平数")
    fallen: int = strawberry.field(description="On a worse one. 降级数")
    first: int = strawberry.field(description="Not assessed the year before. 首次评估数")
    levels: list[LevelCount] = strawberry.field(description="By the practice's levels, the best first. 等次分布")


async def assessments_page(
    context: Context, place: Place, year: int, level: str | None, asked: PageArguments
) -> Connection[Assessment]:
    """Return a page of the assessments of a year in a place; for staff of it. Raises Forbidden."""
    context.access.permit(context.caller, "assessments", place.code, what="region")
    a = t.assessment
    statement = select(a).where(in_prefix(a.c.region_code, place.code), a.c.year == year)
    if level is not None:
        statement = statement.where(a.c.level == level)
    mark = fingerprint("assessment", place.id, year, level)
    page = await paginate(await context.read(), statement, [a.c.region_code, a.c.id], asked, mark)
    return page.connection(Assessment.of)


async def assessment_stats_in(context: Context, place: Place, year: int) -> AssessmentStats:
    """Count the assessments of a year in a place; for staff of it. Raises Forbidden."""
    context.access.permit(context.caller, "assessments", place.code, what="region")
    ranks = await _ranks(context)
    found = await results_in(await context.read(), place, year)
    moved = Counter(
        rules.movement(ranks, (row["before"],) if row["was_assessed"] else None, row["level"]) for row in found
    )
    levels = Counter(row["level"] for row in found)
    best_first = sorted(levels, key=lambda level: -ranks.get(level, -1) if level else 1)
    total = sum(row["result"] for row in found)
    return AssessmentStats(
        capacities=len({code for row in found for code in row["scores"]}),
        assessed=len(found),
        mean=round(total / len(found) / _HUNDREDTHS, 2) if found else None,
        risen=moved[rules.Movement.RISEN],
        same=moved[rules.Movement.SAME],
        fallen=moved[rules.Movement.FALLEN],
        first=moved[rules.Movement.FIRST],
        levels=[LevelCount(level=level, organisations=levels[level]) for level in best_first],
    )


async def counted_scores(context: Context, unit: RowMapping, year: int) -> list[CapacityScore]:
    """Return what an assessment of a year would count now, by capacity; for staff. Raises BadRequest, Forbidden."""
    context.access.permit(context.caller, "assessments", unit["region_code"], what="organisation")
    if not rules.FIRST_YEAR <= year <= today().year:
        raise BadRequest(reason=f"year must lie between {rules.FIRST_YEAR} and this year.")
    session = await context.read()
    counted = [one for one in await load_capacities(session) if one.counted is not None]
    if not counted:
        return []
    scores, from_what = rules.count_scores(counted, {}, await load_points(session, counted, unit, year))
    return [CapacityScore.of(code, score, from_what[code]) for code, score in scores.items()]


async def assessment_by_id(context: Context, id_: UUID) -> Assessment | None:
    """Return an assessment in scope."""
    row = await (await context.read()).row(select(t.assessment).where(t.assessment.c.id == id_))
    return None if row is None else Assessment.of(row)


async def capacities(context: Context) -> list[Capacity]:
    """Return the practice's capacities in their order."""
    known = select(t.capacity).order_by(t.capacity.c.position, t.capacity.c.code)
    return [Capacity.of(row, context) for row in await (await context.read()).rows(known)]


async def levels(context: Context) -> list[AssessmentLevel]:
    """Return the practice's levels, the best first."""
    known = select(t.assessment_level).order_by(t.assessment_level.c.least.desc())
    return [AssessmentLevel.of(row, context) for row in await (await context.read()).rows(known)]


async def _ranks(context: Context) -> dict[str, int]:
    level = t.assessment_level
    rows = await (await context.read()).rows(select(level.c.code, level.c.least))
    return {row["code"]: row["least"] for row in rows}
