"""Posts that a recruitment brings, and where they are placed: the grass roots (基层) are subdistricts and below."""

from __future__ import annotations

from chassis.problems import Refused
from services.org.domain.levels import Level
from services.org.domain.problems import OrgProblem

MOST_POSTS = 100_000
GRASSROOTS_DIGITS = Level.SUBDISTRICT.code_length
"""From how many digits on the code of a region is one of the grass roots."""


def check_posts(posts: int) -> int:
    """Return how many posts were placed. Raises Refused."""
    if not 0 < posts <= MOST_POSTS:
        raise Refused(OrgProblem.INVALID_COUNT, "posts", most=MOST_POSTS)
    return posts
