"""What regions of every level have of their posts: who holds them, and where they are vacant."""

from __future__ import annotations

import strawberry

from chassis.graphql.connection import Connection, PageArguments
from services.org.graphql import rosters
from services.org.graphql.links import Info, RosterPostLink, VacancyCountLink, VacancyLink
from services.org.graphql.region_lists import Placed


@strawberry.type
class Rostered(Placed):
    """A region of a day, with its posts."""

    @strawberry.field(
        description="The practice's posts of this region itself, with who holds them and what is missing: of a "
        "building its service group (两长五员一户), of a grid its leader and worker. 岗位花名册"
    )
    async def duty_roster(self, info: Info) -> list[RosterPostLink]:
        """Read it."""
        return await rosters.roster_in(info.context, self.place, self.row["level"])

    @strawberry.field(description="Posts here and below of which there are too few, of a title if given. 岗位空缺")
    async def vacancies(
        self,
        info: Info,
        title: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[VacancyLink]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await rosters.vacancies_page(info.context, self.place, title, asked)

    @strawberry.field(description="How the posts here and below are held, by the practice's titles. 岗位配备统计")
    async def vacancy_stats(self, info: Info) -> list[VacancyCountLink]:
        """Count them."""
        return await rosters.vacancy_stats_in(info.context, self.place)
