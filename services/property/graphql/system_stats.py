"""Figures of systems of property help in the graph."""

from __future__ import annotations

import msgspec
import strawberry
from sqlalchemy import RowMapping

from services.property.commands.service_systems import KIND
from services.property.domain.service_system import ServiceSystem
from services.property.graphql.links import Info
from services.property.graphql.service_systems import named
from services.property.storage import service_systems as reads
from services.property.storage.red import load_of_kind


@strawberry.type(description="Compounds in which nobody fills a level or body. 空缺统计")
class ServicePostVacancies:
    """A level or body of a system."""

    code: str = strawberry.field(description="Code of the level or body. 层级或机构")
    vacant: int = strawberry.field(description="Compounds where nobody fills it. 空缺小区数")


@strawberry.type(description="A system of property help in a region and below. 物业服务体系统计")
class ServiceSystemStats:
    """Counts of compounds that are under it today."""

    code: str = strawberry.field(description="Its code in the practice. 代码")
    name: str = strawberry.field(description="What it is called, in the language of Accept-Language. 名称")
    levels: int = strawberry.field(description="How many levels of help the practice's system has. 服务层级数")
    bodies: int = strawberry.field(description="How many supervising bodies it has. 监督机构数")
    posts: int = strawberry.field(description="Levels and bodies together. 层级与机构总数")
    compounds: int = strawberry.field(description="Compounds under it. 纳入小区数")
    complete: int = strawberry.field(description="Those in which every level and body is filled. 力量齐备小区数")
    helps: int = strawberry.field(description="What the levels did there. 帮助次数")
    inspections: int = strawberry.field(description="Inspections there. 检查次数")
    open_rectifications: int = strawberry.field(description="What must be put right yet. 待整改数")
    vacancies: list[ServicePostVacancies] = strawberry.field(
        description="By level and body, the practice's in their order, then those it has no more. 空缺"
    )


_COUNTS = ("compounds", "complete", "helps", "inspections", "open_rectifications")


async def service_systems(info: Info, prefix: str) -> list[ServiceSystemStats]:
    """Count for every system of the practice, also for one that no compound is under."""
    stored = await info.context.loader(load_of_kind).load(KIND)
    counts = {row["system"]: row for row in await info.context.loader(reads.load_system_counts).load(prefix)}
    vacancies = await info.context.loader(reads.load_vacancies).load(prefix)
    return [_of(info, msgspec.convert(one["definition"], ServiceSystem), counts, vacancies) for one in stored]


def _of(
    info: Info, system: ServiceSystem, counts: dict[str, RowMapping], vacancies: list[RowMapping]
) -> ServiceSystemStats:
    row = counts.get(system.code)
    vacant = {one["post"]: one["vacant"] for one in vacancies if one["system"] == system.code}
    present = [post.code for post in system.posts]
    codes = [*present, *sorted(set(vacant) - set(present))]
    return ServiceSystemStats(
        code=system.code,
        name=named(system, info.context.language),
        levels=len(system.levels),
        bodies=len(system.bodies),
        posts=len(present),
        vacancies=[ServicePostVacancies(code=code, vacant=vacant.get(code, 0)) for code in codes],
        **{name: int(row[name]) if row else 0 for name in _COUNTS},
    )
