"""Stations: what can be done there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import CommonProblem, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_FUNCTION = 40
MOST_FUNCTIONS = 30


def check_functions(functions: Iterable[str], *path: str) -> list[str]:
    """Return the functions once each, in their order. Raises Refused for an empty, overlong or one too many."""
    found = list(dict.fromkeys(function.strip() for function in functions))
    if len(found) > MOST_FUNCTIONS:
        raise Refused(CommonProblem.TOO_LONG, *path, field="functions", limit=MOST_FUNCTIONS)
    for function in found:
        if not function:
            raise Refused(CommonProblem.REQUIRED, *path, field="functions")
        if len(function) > LONGEST_FUNCTION:
            raise Refused(CommonProblem.TOO_LONG, *path, field="functions", limit=LONGEST_FUNCTION)
    return found
