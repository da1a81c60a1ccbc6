"""`Problem` as credit's mutations report it."""

from typing import TYPE_CHECKING

from chassis.graphql.problems import problem_type
from services.credit.domain.problems import CreditProblem

if TYPE_CHECKING:
    from chassis.graphql.problems import Problem
else:
    Problem = problem_type(CreditProblem)

__all__ = ["Problem"]
