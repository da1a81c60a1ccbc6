"""Organisations through time, and redrawings, as rules."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.organisations import (
    Merging,
    OrganisationVersion,
    check_merger,
    check_parts,
    moved,
    renamed,
    version_on,
)
from services.org.domain.periods import Period
from services.org.domain.redrawing import Redrawing, check_redrawing, free_codes, pair_up

FIRST = date(2024, 1, 1)
A, B, C = (UUID(int=number) for number in (1, 2, 3))
COMMUNITY = "370321002001"
GRIDS = [f"{COMMUNITY}{number:03}" for number in (1, 2, 3)]


def version(name: str = "一", parent: UUID | None = None, start: date = FIRST) -> OrganisationVersion:
    return OrganisationVersion(name, parent, Period(start))


def test_an_organisation_never_comes_to_lie_above_itself() -> None:
    for parent, above in ((A, []), (B, [A]), (C, [B, A])):
        with pytest.raises(Refused) as refused:
            moved(version(), A, parent, above, FIRST)
        assert refused.value.problem.code == "CIRCLE"
    assert moved(version(), A, C, [B], FIRST).parent_id == C


def test_a_change_is_not_dated_before_the_last_one_and_changes_something() -> None:
    for name, on, code in (("二", FIRST - timedelta(1), "DATE_TOO_EARLY"), ("一", FIRST, "NOTHING_CHANGES")):
        with pytest.raises(Refused) as refused:
            renamed(version(), name, on)
        assert refused.value.problem.code == code


@given(st.lists(st.integers(0, 400), min_size=1, max_size=6))
def test_the_version_of_a_day_is_the_last_that_began_by_then(days: list[int]) -> None:
    starts = [FIRST + timedelta(day) for day in sorted(days)]
    ends = [*starts[1:], None]
    history = [
        OrganisationVersion(str(n), None, Period(*each)) for n, each in enumerate(zip(starts, ends, strict=True))
    ]
    for day in (FIRST + timedelta(n) for n in range(0, 401, 7)):
        begun = [n for n, start in enumerate(starts) if start <= day]
        expected = begun[-1] if begun else next(n for n, one in enumerate(history) if not one.period.is_empty)
        assert version_on(history, day).name == str(expected)


def test_only_organisations_of_one_kind_that_exist_are_merged() -> None:
    def one(id_: UUID, kind: str = "branch", until: date | None = None) -> Merging:
        return Merging(id_, kind, Period(FIRST, until))

    check_merger([one(A), one(B)], one(C), [], FIRST)
    for merged, above, on, code in (
        ([], [], FIRST, "MERGED_INTO_ITSELF"),
        ([one(A), one(A)], [], FIRST, "MERGED_INTO_ITSELF"),
        ([one(C)], [], FIRST, "MERGED_INTO_ITSELF"),
        ([one(A)], [A], FIRST, "CIRCLE"),
        ([one(A, "committee")], [], FIRST, "NOT_OF_ONE_KIND"),
        ([one(A, until=FIRST)], [], FIRST, "ALREADY_ENDED"),
        ([one(A)], [], FIRST - timedelta(1), "OUTSIDE_EXISTENCE"),
    ):
        with pytest.raises(Refused) as refused:
            check_merger(merged, one(C), above, on)
        assert refused.value.problem.code == code


def test_a_part_takes_only_what_is_there_and_once() -> None:
    check_parts([A, B], [[A], [B]], "parts")
    for parts in ([[A], [A]], [[C]]):
        with pytest.raises(Refused):
            check_parts([A, B], parts, "parts")


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (Redrawing(COMMUNITY), "NOTHING_CHANGES"),
        (Redrawing(COMMUNITY, merged=((GRIDS[0], GRIDS[0]),)), "MERGED_INTO_ITSELF"),
        (Redrawing(COMMUNITY, merged=((GRIDS[0], GRIDS[1]), (GRIDS[1], GRIDS[2]))), "MERGED_INTO_ITSELF"),
        (Redrawing(COMMUNITY, merged=((GRIDS[0], GRIDS[1]), (GRIDS[0], GRIDS[2]))), "MERGED_INTO_ITSELF"),
        (Redrawing(COMMUNITY, established=(GRIDS[0],), merged=((GRIDS[0], GRIDS[1]),)), "MERGED_INTO_ITSELF"),
        (
            Redrawing(COMMUNITY, moved=((GRIDS[1] + "001", GRIDS[0] + "009"),), merged=((GRIDS[0], GRIDS[1]),)),
            "MERGED_INTO_ITSELF",
        ),
        (Redrawing(COMMUNITY, merged=((GRIDS[0], "370321002002001"),)), "OUTSIDE_BOUNDS"),
        (Redrawing(COMMUNITY, merged=((GRIDS[0] + "001", GRIDS[1]),)), "WRONG_CODE_LEVEL"),
        (Redrawing(COMMUNITY, moved=((GRIDS[0], GRIDS[1]),)), "WRONG_CODE_LEVEL"),
    ],
)
def test_a_redrawing_that_contradicts_itself_is_refused(plan: Redrawing, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_redrawing(plan)
    assert refused.value.problem.code == code


@given(st.sets(st.integers(1, 999), max_size=40), st.integers(0, 30))
def test_free_codes_are_new_distinct_and_the_lowest(taken: set[int], count: int) -> None:
    codes = [f"{GRIDS[0]}{number:03}" for number in taken]
    found = free_codes(GRIDS[0], codes, count)
    assert len(set(found)) == count
    assert set(found).isdisjoint(codes)
    lowest = sorted(set(range(1, 1000)) - taken)[:count]
    assert [int(code[-3:]) for code in found] == lowest


def test_a_grid_without_free_codes_takes_no_building() -> None:
    with pytest.raises(Refused):
        free_codes(GRIDS[0], [f"{GRIDS[0]}{number:03}" for number in range(1, 1000)], 1)


def test_organisations_join_only_where_there_is_one_of_the_kind_on_both_sides() -> None:
    gone = [("branch", "a"), ("council", "b"), ("help", "c"), ("help", "d")]
    there = [("branch", "x"), ("help", "y"), ("council", "z"), ("council", "w")]
    assert pair_up(gone, there) == {"a": "x"}
