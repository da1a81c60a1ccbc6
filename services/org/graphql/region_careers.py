"""What regions of every level have of their workers: posts and grades, recruitment, training, the talent pool."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.connection import Connection, PageArguments
from services.org.graphql import grade_scheme, grades, recruitment, talents, training
from services.org.graphql.links import (
    AllRoundStatsLink,
    Info,
    QualificationLink,
    RotationLink,
    TalentLink,
    TalentStatsLink,
    TrainingLink,
    WorkerGradeLink,
)
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

    @strawberry.field(description="Programmes of training here, the latest first; for staff. 培训计划")
    async def trainings(
        self,
        info: Info,
        title: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[TrainingLink]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await training.trainings_page(info.context, self.place, title, asked)

    @strawberry.field(
        description="How many of those who hold a title here were trained for it between two days, both included, and "
        "who was not; for staff. 轮训覆盖"
    )
    async def rotation(
        self,
        info: Info,
        title: str,
        trained_from: date,
        trained_to: date,
    ) -> RotationLink:
        """Count them."""
        return await training.rotation_in(info.context, self.place, title, trained_from, trained_to)

    @strawberry.field(description="Who is in the talent pool here; for who keeps it. 后备人才")
    async def talents(
        self,
        info: Info,
        stage: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[TalentLink]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await talents.talents_page(info.context, self.place, stage, asked)

    @strawberry.field(
        description="The talent pool here, and how stages ended between two days, both included; for who keeps it. "
        "后备人才库统计"
    )
    async def talent_stats(self, info: Info, ended_from: date, ended_to: date) -> TalentStatsLink:
        """Count them."""
        return await talents.talent_stats_in(info.context, self.place, ended_from, ended_to)

    @strawberry.field(description="What workers here are qualified for; for staff. 岗位资格")
    async def qualifications(
        self,
        info: Info,
        kind: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[QualificationLink]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await talents.qualifications_page(info.context, self.place, kind, asked)

    @strawberry.field(description="How many holders of a title here can do every post; for staff. 全岗通")
    async def all_round_stats(self, info: Info, title: str) -> AllRoundStatsLink:
        """Count them."""
        return await talents.all_round_stats_in(info.context, self.place, title)
