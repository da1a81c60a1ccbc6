"""`Problem` as org's mutations report it."""

from typing import TYPE_CHECKING

from chassis.graphql.problems import problem_type
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from chassis.graphql.problems import Problem
else:
    Problem = problem_type(OrgProblem)

__all__ = ["Problem"]
