"""Rules of the registers."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.measures import rounded
from services.org.domain.people import Education, PartyStatus, check_birth_year
from services.org.domain.periods import Period
from services.org.domain.registers import (
    LONGEST_REMARK,
    MOST_COMPOUNDS,
    check_check_in,
    check_hooked,
    check_remark,
)

FIRST = date(2024, 1, 1)
spans = st.tuples(st.integers(0, 60), st.integers(1, 20)).map(
    lambda span: Period(FIRST + timedelta(span[0]), FIRST + timedelta(span[0] + span[1]))
)


@given(st.lists(spans, max_size=6))
def test_accepted_check_ins_of_one_member_never_meet(wanted: list[Period]) -> None:
    held: list[Period] = []
    for period in wanted:
        if any(one.meets(period) for one in held):
            with pytest.raises(Refused):
                check_check_in(PartyStatus.IN_SERVICE, held, period)
            continue
        check_check_in(PartyStatus.IN_SERVICE, held, period)
        held.append(period)
    days = [FIRST + timedelta(number) for number in range(90)]
    assert all(sum(period.holds(day) for period in held) <= 1 for day in days)


@pytest.mark.parametrize("status", [PartyStatus.NONE, PartyStatus.OTHER])
def test_who_is_not_in_service_does_not_check_in(status: PartyStatus) -> None:
    with pytest.raises(Refused):
        check_check_in(status, [], Period(FIRST))


def test_a_remark_is_stored_trimmed_or_not_at_all() -> None:
    assert check_remark("  共治 ", "reason") == "共治"
    assert check_remark("  ", "reason") is None
    with pytest.raises(Refused):
        check_remark("长" * (LONGEST_REMARK + 1), "reason")


@pytest.mark.parametrize(
    ("total", "count", "digits", "expected"), [(391, 10, 1, 39.1), (1, 8, 2, 0.13), (0, 3, 1, 0.0), (None, 0, 1, None)]
)
def test_means_are_rounded_half_up(total: int | None, count: int, digits: int, expected: float | None) -> None:
    assert rounded(total, count, digits) == expected


def test_years_of_birth_are_possible_and_college_begins_at_college() -> None:
    assert check_birth_year(None, 2026) is None
    assert check_birth_year(1984, 2026) == 1984
    for year in (1899, 2027):
        with pytest.raises(Refused):
            check_birth_year(year, 2026)
    assert [one.is_college for one in Education] == [False, True, True, True]


@given(st.lists(st.sampled_from([UUID(int=number) for number in range(4)]), max_size=5), st.data())
def test_a_unit_is_hooked_to_one_or_two_compounds_and_to_others_than_before(
    wanted: list[UUID], data: st.DataObject
) -> None:
    now = data.draw(st.just([]) | st.just(sorted(set(wanted))))
    fits = 0 < len(set(wanted)) <= MOST_COMPOUNDS and sorted(set(wanted)) != now
    try:
        assert check_hooked(wanted, now) == sorted(set(wanted))
        assert fits
    except Refused:
        assert not fits
