from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.duties import DutyTitle
from services.org.domain.levels import Level
from services.org.domain.staffing import (
    MOST_COUNTED,
    GridCount,
    GridSize,
    Standard,
    check_count,
    check_standard,
    needed,
    size_of,
    staffing,
)

DAYE = Standard("grid_worker", 300, 500, 1000, 2000)
numbers = st.integers(0, 5000)


@st.composite
def counts(draw: st.DrawFn) -> list[GridCount]:
    sizes = draw(st.lists(st.tuples(st.none() | numbers, numbers, st.integers(0, 4)), max_size=12))
    return [
        GridCount(UUID(int=place), f"{place:03}", households, None if households is None else residents, held)
        for place, (households, residents, held) in enumerate(sizes)
    ]


@pytest.mark.parametrize(
    ("households", "residents", "workers"),
    [(0, 0, 0), (1, 1, 1), (500, 2000, 1), (501, 2000, 2), (500, 2001, 2), (300, 4001, 3), (1500, 0, 3)],
)
def test_what_a_grid_needs_is_what_households_or_residents_ask_for(
    households: int, residents: int, workers: int
) -> None:
    assert needed(DAYE, households, residents) == workers


@given(numbers, numbers)
def test_one_worker_fewer_would_have_too_many_and_none_has_too_many(households: int, residents: int) -> None:
    workers = needed(DAYE, households, residents)
    assert households <= workers * 500
    assert residents <= workers * 2000
    if workers:
        assert households > (workers - 1) * 500 or residents > (workers - 1) * 2000


@pytest.mark.parametrize(
    ("households", "size"),
    [(299, GridSize.TOO_SMALL), (300, GridSize.WITHIN), (500, GridSize.WITHIN), (501, GridSize.TOO_LARGE)],
)
def test_both_ends_of_the_standard_are_within_it(households: int, size: GridSize) -> None:
    assert size_of(DAYE, households) is size


@given(counts())
def test_every_grid_is_counted_once_and_no_surplus_hides_a_shortfall(grids: list[GridCount]) -> None:
    found = staffing(DAYE, grids)
    assert found.grids == len(grids)
    assert sum(found.sizes.values()) == found.counted == sum(grid.households is not None for grid in grids)
    assert found.held == sum(grid.held for grid in grids)
    alone = [staffing(DAYE, [grid]) for grid in grids]
    assert found.missing == sum(one.missing for one in alone)
    assert found.needed == sum(one.needed for one in alone)
    assert found.missing >= found.needed - found.held
    worst = [one.missing for one in found.shortfalls]
    assert worst == sorted(worst, reverse=True)
    assert all(missing > 0 for missing in worst)


def test_impossible_counts_and_standards_are_refused() -> None:
    for number in (-1, MOST_COUNTED + 1):
        with pytest.raises(Refused, match="INVALID_COUNT"):
            check_count(number, "households")
    worker = DutyTitle("grid_worker", "网格员", "grid worker", Level.GRID)
    check_standard(DAYE, worker)
    for standard, title, code in (
        (DAYE, None, "UNKNOWN_DUTY_TITLE"),
        (DAYE, DutyTitle("secretary", "书记", "secretary", Level.COMMUNITY), "INVALID_STANDARD"),
        (Standard("grid_worker", 0, 500, 1000, 2000), worker, "INVALID_STANDARD"),
        (Standard("grid_worker", 300, 500, 2000, 1000), worker, "INVALID_STANDARD"),
    ):
        with pytest.raises(Refused, match=code):
            check_standard(standard, title)
