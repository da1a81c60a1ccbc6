"""What regions of every level have of their workers: posts and grades, and recruitment."""

from __future__ import annotations

import strawberry

from chassis.graphql.connection import Connection, PageArguments
from services.org.graphql import grade_scheme, grades, recruitment
from services.org.graphql.links import Info, WorkerGradeLink
from services.org.graphql.region_lists import Placed


@strawberry.type
class CareersThere(Placed):
    """A region of a day, with its workers."""

    @strawberry.field(
        description="Workers' posts and grades here, of one post or grade, or `due` for a step up; for who keeps them. "
        "社区工作者岗级"
    )
    async def worker_grades(
        self,
        info: Info,
        post: str | None = None,
        grade: int | None = None,
        due: bool | None = None,  # noqa: FBT001
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[WorkerGradeLink]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await grades.worker_grades_page(info.context, self.place, post, grade, due, asked)

    @strawberry.field(description="Workers here by post and grade; for who keeps them. 岗级统计")
    async def worker_grade_stats(self, info: Info) -> grade_scheme.WorkerGradeStats:
        """Count them."""
        return await grade_scheme.worker_grade_stats_in(info.context, self.place)

    @strawberry.field(description="Posts that recruitments of a year brought here; for staff. 用编统计")
    async def recruitment_stats(self, info: Info, year: int, source: str | None = None) -> recruitment.RecruitmentStats:
        """Count them."""
        return await recruitment.recruitment_stats_in(info.context, self.place, year, source)
