"""Duty guides in the graph (职责指南): words of the practice."""

from __future__ import annotations

from datetime import date
from typing import Self

import strawberry
from sqlalchemy import RowMapping, select
from sqlalchemy.dialects.postgresql import distinct_on

from chassis.graphql.context import Context
from services.org.graphql import words
from services.org.storage.training import load_guides
from services.org.storage.training_tables import duty_guide


@strawberry.type(description="What holders of a duty title, or teams of a kind, are there for. 职责指南")
class DutyGuide:
    """A version of a guide."""

    title: str | None = strawberry.field(description="Code of the duty title it is of; null for teams. 职务")
    team_kind: str | None = strawberry.field(description="Code of the kind of team it is of; null for titles. 队伍类型")
    version: int = strawberry.field(description="Its version; a changed guide has a higher one. 版本")
    since: date = strawberry.field(description="First day of this version. 起始日期")
    name: str = strawberry.field(description="Its name in the language of Accept-Language. 名称")
    items: list[str] = strawberry.field(description="What they do, item by item, in the practice's words. 职责")

    @classmethod
    def of(cls, row: RowMapping, context: Context) -> Self:
        """Make it from its row."""
        return cls(
            title=row["code"] if row["of"] == "title" else None,
            team_kind=row["code"] if row["of"] == "team" else None,
            version=row["version"],
            since=row["since"],
            name=words.in_language(row, context),
            items=row["items"],
        )


_MOST_GUIDES = 1000


async def guide_of(context: Context, of: str, code: str, day: date) -> DutyGuide | None:
    """Return the guide of a duty title (`title`) or kind of team (`team`) in force on a day."""
    row = await context.loader(load_guides).load((of, code, day))
    return None if row is None else DutyGuide.of(row, context)


async def guides(context: Context, title: str | None, team_kind: str | None, day: date | None) -> list[DutyGuide]:
    """Return guides, of a title or kind of team if given: on a `day` the one in force of each, else all versions."""
    g = duty_guide
    statement = select(g).order_by(g.c.of, g.c.code, g.c.version.desc())
    if title is not None:
        statement = statement.where(g.c.of == "title", g.c.code == title)
    if team_kind is not None:
        statement = statement.where(g.c.of == "team", g.c.code == team_kind)
    if day is not None:
        statement = statement.where(g.c.since <= day).ext(distinct_on(g.c.of, g.c.code))
    return [DutyGuide.of(row, context) for row in await (await context.read()).rows(statement.limit(_MOST_GUIDES))]
