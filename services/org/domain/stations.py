"""Stations: what can be done there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import CommonProblem, Refused
from chassis.texts import demanded

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_FUNCTION = 40
MOST_FUNCTIONS = 30


def check_functions(functions: Iterable[str], *path: str) -> list[str]:
    """Return the functions once each, in their order. Raises Refused for an empty, overlong or one too many."""
    found = dict.fromkeys(demanded(function, "functions", LONGEST_FUNCTION, *path) for function in functions)
    if len(found) > MOST_FUNCTIONS:
        raise Refused(CommonProblem.TOO_LONG, *path, field="functions", limit=MOST_FUNCTIONS)
    return list(found)
