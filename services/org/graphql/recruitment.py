"""Where the posts of recruitments were placed, in the graph."""

from __future__ import annotations

import strawberry

from chassis.graphql.context import Context
from services.org.domain.measures import rounded
from services.org.domain.recruitment import GRASSROOTS_DIGITS
from services.org.storage.grades import count_recruited
from services.org.storage.in_force import Place


@strawberry.type(description="Posts that recruitments of a year brought, and their share at the grass roots. 用编统计")
class RecruitmentStats:
    """Counts over a region and below."""

    posts: int = strawberry.field(description="Posts placed. 用编数")
    grassroots: int = strawberry.field(description="Of these, in subdistricts and below. 基层用编数")
    grassroots_percent: float | None = strawberry.field(
        description="Their share in per cent, to two decimals; null without posts. 基层占比"
    )


async def recruitment_stats_in(context: Context, place: Place, year: int, source: str | None) -> RecruitmentStats:
    """Count them for a place; for staff of it. Raises Forbidden."""
    context.access.permit(context.caller, "recruitment", place.code, what="region")
    by_digits = await count_recruited(await context.read(), place, year, source)
    posts = sum(by_digits.values())
    grassroots = sum(count for digits, count in by_digits.items() if digits >= GRASSROOTS_DIGITS)
    return RecruitmentStats(posts=posts, grassroots=grassroots, grassroots_percent=rounded(grassroots * 100, posts, 2))
