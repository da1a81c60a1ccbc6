"""How many full-time workers grids need by the practice's standard, and how many are missing (网格员配备).

The standard says for how many households, or how many residents, there is one full-time worker, as a range: below its
lower end a grid is too small, above its upper end too large. What a grid needs is counted by the upper ends, and by
whichever of households and residents asks for more. A grid that has more than it needs does not make up for another.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.levels import Level
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from services.org.domain.duties import DutyTitle

MOST_COUNTED = 1_000_000
"""More households or residents than any grid has: a slip of the keyboard."""


class GridSize(Enum):
    """How the households of a grid compare with the standard."""

    TOO_SMALL = "too_small"
    WITHIN = "within"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class Standard:
    """For how many households and residents there is one worker who holds `title`."""

    title: str
    fewest_households: int
    most_households: int
    fewest_residents: int
    most_residents: int


@dataclass(frozen=True, slots=True)
class GridCount:
    """A grid with its newest count, None when nobody counted, and how many hold the title there."""

    region_id: UUID
    code: str
    households: int | None
    residents: int | None
    held: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A grid that has fewer workers than it needs."""

    grid: GridCount
    needed: int

    @property
    def missing(self) -> int:
        """How many workers are missing."""
        return self.needed - self.grid.held


@dataclass(frozen=True, slots=True)
class Staffing:
    """Grids held against a standard."""

    grids: int
    counted: int
    households: int
    residents: int
    sizes: dict[GridSize, int]
    needed: int
    held: int
    shortfalls: Sequence[Shortfall]
    """The worst first."""

    @property
    def missing(self) -> int:
        """How many workers are missing in all grids that lack some."""
        return sum(one.missing for one in self.shortfalls)


def needed(standard: Standard, households: int, residents: int) -> int:
    """Return the fewest workers of whom none has more than the standard's most; 0 where nobody lives."""
    return max(-(-households // standard.most_households), -(-residents // standard.most_residents))


def size_of(standard: Standard, households: int) -> GridSize:
    """Return how a grid's households compare with the standard; both of its ends are within it."""
    if households < standard.fewest_households:
        return GridSize.TOO_SMALL
    return GridSize.WITHIN if households <= standard.most_households else GridSize.TOO_LARGE


def staffing(standard: Standard, grids: Sequence[GridCount]) -> Staffing:
    """Hold grids against the standard; of those that nobody counted only the workers are counted."""
    sizes = dict.fromkeys(GridSize, 0)
    short: list[Shortfall] = []
    households = residents = wanted = counted = 0
    for grid in grids:
        if grid.households is None or grid.residents is None:
            continue
        counted += 1
        households += grid.households
        residents += grid.residents
        sizes[size_of(standard, grid.households)] += 1
        one = Shortfall(grid, needed(standard, grid.households, grid.residents))
        wanted += one.needed
        if one.missing > 0:
            short.append(one)
    short.sort(key=lambda one: (-one.missing, one.grid.code))
    held = sum(grid.held for grid in grids)
    return Staffing(len(grids), counted, households, residents, sizes, wanted, held, short)


def check_grid(code: str, level: Level, *path: str) -> None:
    """Refuse anything but a grid: only grids are counted. Raises Refused."""
    if level is not Level.GRID:
        raise Refused(OrgProblem.NOT_A_GRID, *path, code=code)


def check_count(number: int, *path: str) -> int:
    """Return a number of households or residents. Raises Refused when no grid can have it."""
    if not 0 <= number <= MOST_COUNTED:
        raise Refused(OrgProblem.INVALID_COUNT, *path, most=MOST_COUNTED)
    return number


def check_standard(standard: Standard, title: DutyTitle | None) -> None:
    """Refuse a standard whose title is not held in grids, or whose ends are no range. Raises Refused."""
    if title is None:
        raise Refused(OrgProblem.UNKNOWN_DUTY_TITLE, "title", title=standard.title[:40])
    if title.level is not Level.GRID:
        raise Refused(OrgProblem.INVALID_STANDARD, "title")
    for fewest, most in (
        (standard.fewest_households, standard.most_households),
        (standard.fewest_residents, standard.most_residents),
    ):
        if not 0 < fewest <= most:
            raise Refused(OrgProblem.INVALID_STANDARD, "title")
