"""The practice's posts and grades in the graph (三岗十八级), and how many workers have each."""

from __future__ import annotations

from typing import Self

import strawberry
from sqlalchemy import RowMapping, select

from chassis.graphql.context import Context
from services.org.graphql.enums import Education
from services.org.graphql.words import in_language
from services.org.storage import career_tables as c
from services.org.storage import grades as reads
from services.org.storage.in_force import Place

_HUNDREDTHS = 100


@strawberry.type(description="A post of community workers, with its grades. 岗位")
class WorkerPost:
    """A post."""

    code: str = strawberry.field(description="Its code. 代码")
    name: str = strawberry.field(description="Its name in the language of Accept-Language. 名称")
    lowest: int = strawberry.field(description="Its lowest grade. 最低级别")
    highest: int = strawberry.field(description="Its highest grade. 最高级别")
    years: int = strawberry.field(description="Years that a step takes. 晋级年限")
    least: float = strawberry.field(description="The least result of a year that counts, of 100. 合格分数")

    @classmethod
    def of(cls, row: RowMapping, context: Context) -> Self:
        """Make it from its row."""
        names = ("code", "lowest", "highest", "years")
        least = row["least"] / _HUNDREDTHS
        return cls(name=in_language(row, context), least=least, **{name: row[name] for name in names})


@strawberry.type(description="What a degree is worth to who enters. 学历折算")
class GradeCredit:
    """A credit."""

    education: Education = strawberry.field(description="The degree. 学历")
    years: int = strawberry.field(description="Years credited. 折算年限")


@strawberry.type(description="By what workers are assessed each year. 考核指标")
class WorkerCriterion:
    """A criterion."""

    code: str = strawberry.field(description="Its code. 代码")
    name: str = strawberry.field(description="Its name in the language of Accept-Language. 名称")
    weight: int = strawberry.field(description="What it weighs beside the others. 权重")


@strawberry.type(description="Posts and grades of this practice, and the rule of stepping up. 三岗十八级")
class GradeScheme:
    """The practice's words."""

    post_count: int = strawberry.field(description="How many posts there are. 岗位数")
    grade_count: int = strawberry.field(description="How many grades these have, each counted once. 级别数")
    posts: list[WorkerPost] = strawberry.field(description="The practice's posts in their order. 岗位")
    credits: list[GradeCredit] = strawberry.field(description="What degrees are worth in this practice. 学历折算")
    criteria: list[WorkerCriterion] = strawberry.field(
        description="By what workers are assessed in this practice. 考核指标"
    )


@strawberry.type(description="How many workers have a grade. 级别统计")
class GradeCount:
    """A count."""

    grade: int = strawberry.field(description="The grade. 级别")
    workers: int = strawberry.field(description="How many. 人数")


@strawberry.type(description="How many workers have a post, and with which grades. 岗位统计")
class WorkerPostCount:
    """A post's counts."""

    post: WorkerPost = strawberry.field(description="The post. 岗位")
    workers: int = strawberry.field(description="How many have it. 人数")
    grades: list[GradeCount] = strawberry.field(description="By the practice's grades, the lowest first. 级别分布")


@strawberry.type(description="Workers of a place by post and grade. 岗级统计")
class WorkerGradeStats:
    """Counts over a region."""

    workers: int = strawberry.field(description="Workers who have a post. 人数")
    due: int = strawberry.field(description="Of these, may go a step up on the day asked about. 可晋级人数")
    posts: list[WorkerPostCount] = strawberry.field(
        description="By the practice's posts, in their order; those without anybody too. 各岗位人数"
    )


async def scheme(context: Context) -> GradeScheme:
    """Return the practice's posts, credits and criteria."""
    session = await context.read()
    posts = await reads.load_posts(session)
    credits_ = await session.rows(select(c.grade_credit).order_by(c.grade_credit.c.years))
    criteria = await session.rows(select(c.worker_criterion).order_by(c.worker_criterion.c.position))
    return GradeScheme(
        post_count=len(posts),
        grade_count=len({grade for row in posts for grade in range(row["lowest"], row["highest"] + 1)}),
        posts=[WorkerPost.of(row, context) for row in posts],
        credits=[GradeCredit(education=Education[row["education"]], years=row["years"]) for row in credits_],
        criteria=[
            WorkerCriterion(code=row["code"], name=in_language(row, context), weight=row["weight"]) for row in criteria
        ],
    )


async def worker_grade_stats_in(context: Context, place: Place) -> WorkerGradeStats:
    """Count the grades in a place; for those who keep them there. Raises Forbidden."""
    context.access.permit(context.caller, "workerGrades", place.code, what="region")
    session = await context.read()
    found = await reads.count_grades(session, place)
    posts = []
    for row in await reads.load_posts(session):
        mine = [GradeCount(grade=one["grade"], workers=one["workers"]) for one in found if one["post"] == row["code"]]
        workers = sum(one.workers for one in mine)
        posts.append(WorkerPostCount(post=WorkerPost.of(row, context), workers=workers, grades=mine))
    return WorkerGradeStats(
        workers=sum(one.workers for one in posts), due=sum(row["due"] for row in found), posts=posts
    )
