"""分类提升: organisations assessed once a year by configurable capacities (六力), with levels and their movement.

The practice says by which capacities, what each weighs, and from which result on which level begins. The result is the
weighted mean of the scores, each from 0 to 100, in hundredths and rounded half up; the level is the best whose lower
end it reaches. What an assessment came to stays as it was when the practice changes its weights or levels later.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FULL_SCORE = 100
HIGHEST = FULL_SCORE * 100
"""The best result, in hundredths."""
FIRST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Capacity:
    """One of the capacities, and how much it weighs beside the others."""

    code: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class LevelOfResult:
    """A level, and the lowest result that reaches it, in hundredths."""

    code: str
    least: int


class Movement(Enum):
    """How a level compares with the level of the year before."""

    FIRST = "first"
    RISEN = "risen"
    SAME = "same"
    FALLEN = "fallen"


def check_capacity(weight: int) -> None:
    """Refuse a capacity that weighs nothing. Raises Refused."""
    if not 0 < weight <= FULL_SCORE:
        raise Refused(OrgProblem.INVALID_COUNT, "weight", most=FULL_SCORE)


def check_level(least: int) -> None:
    """Refuse a level that begins outside of what results can be. Raises Refused."""
    if not 0 <= least <= HIGHEST:
        raise Refused(OrgProblem.INVALID_COUNT, "least", most=HIGHEST)


def check_scores(capacities: Sequence[Capacity], scores: Mapping[str, int]) -> None:
    """Refuse scores that do not answer each capacity or criterion once, from 0 to 100. Raises Refused."""
    known = {one.code for one in capacities}
    wrong = known.symmetric_difference(scores)
    if wrong or not known:
        raise Refused(OrgProblem.WRONG_CAPACITIES, "scores", codes=", ".join(sorted(wrong))[:100])
    if not all(0 <= score <= FULL_SCORE for score in scores.values()):
        raise Refused(OrgProblem.INVALID_COUNT, "scores", most=FULL_SCORE)


def check_assessed_year(year: int, now: int) -> None:
    """Refuse a year that has not come, or is long gone. Raises Refused."""
    if not FIRST_YEAR <= year <= now:
        raise Refused(OrgProblem.INVALID_FUND_YEAR, "year", year=year)


def result_of(capacities: Sequence[Capacity], scores: Mapping[str, int]) -> int:
    """Return the weighted mean of the scores in hundredths, rounded half up; `check_scores` has passed."""
    weights = sum(one.weight for one in capacities)
    total = sum(one.weight * scores[one.code] for one in capacities) * 100
    return (2 * total + weights) // (2 * weights)


def level_of_result(levels: Sequence[LevelOfResult], result: int) -> str | None:
    """Return the best level that a result reaches; None when it reaches none."""
    reached = [one for one in levels if one.least <= result]
    return max(reached, key=lambda one: one.least).code if reached else None


def movement(ranks: Mapping[str, int], before: tuple[str | None] | None, now: str | None) -> Movement:
    """Return how a level moved; `before` is the level of the year before in a tuple, None without an assessment.

    `ranks` says how good each level is, the higher the better; no level at all is below the lowest.
    """
    if before is None:
        return Movement.FIRST
    then, today = (ranks.get(level, -1) if level else -1 for level in (before[0], now))
    if today == then:
        return Movement.SAME
    return Movement.RISEN if today > then else Movement.FALLEN
