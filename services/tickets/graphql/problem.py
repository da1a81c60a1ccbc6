"""`Problem` as tickets' mutations report it."""

from typing import TYPE_CHECKING

from chassis.graphql.problems import problem_type
from services.tickets.domain.problems import TicketProblem

if TYPE_CHECKING:
    from chassis.graphql.problems import Problem
else:
    Problem = problem_type(TicketProblem)

__all__ = ["Problem"]
