"""Rosters in the graph: the posts of a region with their holders, and where posts are vacant (两长五员一户, 1+1+N)."""

from __future__ import annotations

import strawberry
from sqlalchemy import RowMapping, select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain import grid_team as rules
from services.org.graphql import duties
from services.org.graphql.grid_team import Vacancy
from services.org.graphql.links import DutyLink, Info
from services.org.graphql.words import DutyTitle, title_of
from services.org.storage.in_force import Place
from services.org.storage.rosters import count_vacancies, manned, posts_of

MOST_SHOWN = 200


@strawberry.type(description="A post of a region, with who holds it. 岗位花名册")
class RosterPost:
    """A post."""

    expected: int = strawberry.field(description="How many there should be at least. 应配人数")
    held: int = strawberry.field(description="How many there are. 实配人数")
    missing: int = strawberry.field(description="How many are missing. 缺额")
    code: strawberry.Private[str]
    rows: strawberry.Private[list[RowMapping]]
    place: strawberry.Private[Place]

    @strawberry.field(description="The title. 职务")
    async def title(self, info: Info) -> DutyTitle:
        """Read the title."""
        return await title_of(info.context, self.code)

    @strawberry.field(description="Who holds it, the longest first; at most 200. 任职")
    def duties(self) -> list[DutyLink]:
        """List them."""
        return [duties.Duty.of(row, self.place.as_of) for row in self.rows[:MOST_SHOWN]]


@strawberry.type(description="How the posts of a title are held in a place and below. 配备统计")
class VacancyCount:
    """A title's counts."""

    regions: int = strawberry.field(description="Regions that should have holders of it. 应配区划数")
    short: int = strawberry.field(description="Of these, have too few. 缺额区划数")
    expected: int = strawberry.field(description="How many there should be at least. 应配人数")
    held: int = strawberry.field(description="How many there are. 实配人数")
    missing: int = strawberry.field(
        description="How many are missing; too many in one region do not make up for another. 缺额"
    )
    code: strawberry.Private[str]

    @strawberry.field(description="The title. 职务")
    async def title(self, info: Info) -> DutyTitle:
        """Read the title."""
        return await title_of(info.context, self.code)


async def roster_in(context: Context, place: Place, level: str) -> list[RosterPost]:
    """Return the posts of the region itself on its day, by title; those that nobody holds too."""
    titles, held = await posts_of(await context.read(), place, level)
    found = []
    for title in titles:
        rows = [row for row in held if row["title"] == title["code"]]
        expected = title["fewest"] if title["level"] == level else 0
        missing = max(0, expected - len(rows))
        post = RosterPost(
            expected=expected, held=len(rows), missing=missing, code=title["code"], rows=rows, place=place
        )
        found.append(post)
    return found


async def vacancies_page(
    context: Context, place: Place, title: str | None, asked: PageArguments
) -> Connection[Vacancy]:
    """Return a page of the posts of a place and below of which there are too few, by region."""
    each = manned(place, title).subquery()
    statement = select(each).where(each.c.missing > 0)
    mark = fingerprint("vacancies", place.id, title, place.as_of)
    page = await paginate(await context.read(), statement, [each.c.code, each.c.title], asked, mark)
    return page.connection(lambda row: _vacancy(row, place))


async def vacancy_stats_in(context: Context, place: Place) -> list[VacancyCount]:
    """Count the posts of a place and below, title by title."""
    names = ("regions", "short", "expected", "held", "missing")
    return [
        VacancyCount(code=row["title"], **{name: int(row[name]) for name in names})
        for row in await count_vacancies(await context.read(), place)
    ]


def _vacancy(row: RowMapping, place: Place) -> Vacancy:
    found = rules.Vacancy(row["title"], row["region_id"], row["code"], row["expected"], row["held"])
    return Vacancy(expected=row["expected"], held=row["held"], missing=row["missing"], found=found, place=place)
