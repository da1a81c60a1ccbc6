"""分类提升: organisations assessed once a year by configurable capacities (六力), with levels and their movement.

The practice says by which capacities, what each weighs, and from which result on which level begins. The result is the
weighted mean of the scores, each from 0 to 100, in hundredths and rounded half up; the level is the best whose lower
end it reaches. What an assessment came to stays as it was when the practice changes its weights or levels later.

Where the practice says so, the score of a capacity is not given by people but counted (参与共建纳入考核): from the
points that partner units' contributions of the assessed year have by the practice's rules, either those of the assessed
organisation itself or those of all units where it lies. What was counted is kept with the assessment.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FULL_SCORE = 100
HIGHEST = FULL_SCORE * 100
"""The best result, in hundredths."""
FIRST_YEAR = 2000
MOST_POINTS = 1_000_000


class CountedFrom(StrEnum):
    """Whose contributions in the assessed year a score is counted from."""

    UNIT = "UNIT"
    """The assessed organisation's own, in its region and below."""
    REGION = "REGION"
    """Those of all partner units in its region and below."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """One of the capacities, and how much it weighs beside the others.

    With `counted`, its score follows from points of contributions, of which `full_points` are a full score.
    """

    code: str
    weight: int = 1
    counted: CountedFrom | None = None
    full_points: int | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What the score of a capacity was counted from."""

    counted: CountedFrom
    points: int
    full_points: int

    @property
    def score(self) -> int:
        """The score that follows, from 0 to 100, rounded half up: points beyond the full ones add nothing."""
        return min(FULL_SCORE, (2 * FULL_SCORE * self.points + self.full_points) // (2 * self.full_points))


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


def check_counted(counted: CountedFrom | None, full_points: int | None) -> None:
    """Refuse a capacity that is counted without saying what a full score is, or the other way round. Raises Refused."""
    if (counted is None) is not (full_points is None):
        raise Refused(OrgProblem.COUNTED_NEEDS_POINTS, "full_points")
    if full_points is not None and not 0 < full_points <= MOST_POINTS:
        raise Refused(OrgProblem.INVALID_COUNT, "full_points", most=MOST_POINTS)


def count_scores(
    capacities: Sequence[Capacity], given: Mapping[str, int], points: Mapping[str, int]
) -> tuple[dict[str, int], dict[str, Counted]]:
    """Return the scores by capacity, given and counted, and what the counted ones were counted from.

    `given` are the scores that people gave, and `points` those of contributions, by capacity: each capacity has one or
    the other. Raises Refused.
    """
    counted: dict[str, Counted] = {}
    by_people = []
    for one in capacities:
        if one.counted is None or one.full_points is None:
            by_people.append(one)
        elif one.code in points:
            counted[one.code] = Counted(one.counted, points[one.code], one.full_points)
    wrong = {one.code for one in capacities if one.counted is not None}.symmetric_difference(points)
    if wrong:
        raise Refused(OrgProblem.WRONG_CAPACITIES, "points", codes=", ".join(sorted(wrong))[:100])
    if by_people or given or not capacities:
        check_scores(by_people, given)
    if not all(0 <= one.points <= MOST_POINTS for one in counted.values()):
        raise Refused(OrgProblem.INVALID_COUNT, "points", most=MOST_POINTS)
    return {**given, **{code: one.score for code, one in counted.items()}}, counted


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
