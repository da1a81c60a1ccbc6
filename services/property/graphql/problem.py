"""`Problem` as property's mutations report it."""

from typing import TYPE_CHECKING

from chassis.graphql.problems import problem_type
from services.property.domain.problems import PropertyProblem

if TYPE_CHECKING:
    from chassis.graphql.problems import Problem
else:
    Problem = problem_type(PropertyProblem)

__all__ = ["Problem"]
