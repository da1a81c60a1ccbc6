"""The practice's words in the graph: duty titles, muster groups and kinds, in the reader's language."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

import strawberry
from sqlalchemy import RowMapping

from chassis.graphql.context import Context
from services.org.domain.periods import today
from services.org.graphql import guides
from services.org.graphql.enums import GridTeamRole, RegionLevel
from services.org.graphql.links import DutyGuideLink, Info
from services.org.storage.reads import (
    load_capacity_words,
    load_groups,
    load_kinds,
    load_level_words,
    load_titles,
    load_types,
)


def in_language(row: RowMapping, context: Context) -> str:
    """Return the name of a word in the reader's language."""
    name: str = row["name_zh"] if context.language == "zh-CN" else row["name_en"]
    return name


@strawberry.type(description="A duty title of the practice, and its rules. 职务")
class DutyTitle:
    """A duty title."""

    code: str = strawberry.field(description="Its code, which tokens name as a role. 代码")
    name: str = strawberry.field(description="Its name in the language of Accept-Language. 名称")
    name_zh: str = strawberry.field(description="Its Chinese name. 中文名称")
    name_en: str = strawberry.field(description="Its English name. 英文名称")
    level: RegionLevel | None = strawberry.field(description="Level of the regions it is held in. 任职层级")
    party_member: bool = strawberry.field(description="Whether only party members may hold it. 须为党员")
    organisation_kind: str | None = strawberry.field(description="Kind of organisation it belongs to. 所属组织类型")
    fewest: int = strawberry.field(description="Fewer in one region is a vacancy. 应配人数")
    most: int | None = strawberry.field(description="How many may hold it in one region at once. 人数上限")
    team_role: GridTeamRole | None = strawberry.field(description="What it is in a grid's team. 队伍角色")

    @classmethod
    def of(cls, row: RowMapping, context: Context) -> Self:
        """Make it from its row."""
        return cls(
            code=row["code"],
            name=in_language(row, context),
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            level=RegionLevel[row["level"]] if row["level"] else None,
            party_member=row["party_member"],
            organisation_kind=row["organisation_kind"],
            fewest=row["fewest"],
            most=row["most"],
            team_role=GridTeamRole[row["team_role"]] if row["team_role"] else None,
        )

    @strawberry.field(
        description="What its holders are there for on a day, today if left out; null when not said. 职责指南"
    )
    async def guide(self, info: Info, as_of: date | None = None) -> DutyGuideLink | None:
        """Read the version of the day."""
        return await guides.guide_of(info.context, "title", self.code, as_of or today())


@strawberry.type(description="A group of an emergency: the office or one of the groups (一办七组). 应急编组")
class MusterGroup:
    """A muster group."""

    code: str = strawberry.field(description="Its code. 代码")
    name: str = strawberry.field(description="Its name in the language of Accept-Language. 名称")
    is_office: bool = strawberry.field(description="Whether it is the office that leads. 是否为办公室")

    @classmethod
    def of(cls, row: RowMapping, context: Context) -> Self:
        """Make it from its row."""
        return cls(code=row["code"], name=in_language(row, context), is_office=row["is_office"])


@strawberry.type(description="A kind of organisation, team or station in this practice. 类型")
class Kind:
    """A kind."""

    code: str = strawberry.field(description="Its code. 代码")
    name: str = strawberry.field(description="Its name in the language of Accept-Language. 名称")

    @classmethod
    def of(cls, row: RowMapping, context: Context) -> Self:
        """Make it from its row."""
        return cls(code=row["code"], name=in_language(row, context))


@strawberry.type(description="A type of communities with its working method. 社区类型")
class CommunityType:
    """A type."""

    code: str = strawberry.field(description="Its code. 代码")
    name: str = strawberry.field(description="Its name in the language of Accept-Language. 名称")
    method: str = strawberry.field(description="How communities of this type are worked with. 工作方法")
    features: str = strawberry.field(description="What marks them. 特点")
    difficulties: str = strawberry.field(description="What is difficult there. 难点")

    @classmethod
    def of(cls, row: RowMapping, context: Context) -> Self:
        """Make it from its row."""
        method = row["method_zh"] if context.language == "zh-CN" else row["method_en"]
        return cls(
            code=row["code"],
            name=in_language(row, context),
            method=method,
            features=row["features"],
            difficulties=row["difficulties"],
        )


async def type_of(context: Context, code: str) -> CommunityType:
    """Return the type that a community's profile names."""
    return CommunityType.of(_known(await context.loader(load_types).load(code)), context)


async def title_of(context: Context, code: str) -> DutyTitle:
    """Return a duty title that a duty names."""
    return DutyTitle.of(_known(await context.loader(load_titles).load(code)), context)


async def group_of(context: Context, code: str) -> MusterGroup:
    """Return a muster group that a muster names."""
    return MusterGroup.of(_known(await context.loader(load_groups).load(code)), context)


async def kind_of(context: Context, category: str, code: str) -> Kind:
    """Return the kind that a row names."""
    return Kind.of(_known(await context.loader(load_kinds).load((category, code))), context)


async def capacity_name(context: Context, code: str) -> str | None:
    """Return the name of a capacity that was scored; None when the practice has it no longer."""
    row = await context.loader(load_capacity_words).load(code)
    return None if row is None else in_language(row, context)


async def level_name(context: Context, code: str | None) -> str | None:
    """Return the name of a level; None for none, or when the practice has it no longer."""
    row = None if code is None else await context.loader(load_level_words).load(code)
    return None if row is None else in_language(row, context)


def _known(row: Any) -> Any:
    """Return a word that a stored row names: foreign keys and commands see to it that it is there."""
    if row is None:
        raise LookupError("a stored row names a word that the practice does not have")
    return row
