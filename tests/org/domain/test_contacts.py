"""Rules of contacts: doors say where and never who; nobody takes on the same place twice; visits are of their day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.contacts import (
    Contact,
    check_household,
    check_taken_on,
    check_visit,
    visited_household,
)
from services.org.domain.periods import Period

DAY = date(2024, 1, 1)
DAYS = st.integers(0, 40).map(lambda days: DAY + timedelta(days))


@pytest.mark.parametrize("door", ["3单元502室", "502", "A座 12-3", "12号楼东单元1/2户", "1层"])
def test_a_door_is_kept_as_it_is_written(door: str) -> None:
    assert check_household(f" {door} ") == door


@pytest.mark.parametrize(
    "told", ["张三", "502张三", "138-0001-0000", "13800010000", "11010519491231002X", "东户", "5" * 9, "1" + "单" * 20]
)
def test_what_could_say_who_lives_there_is_no_door(told: str) -> None:
    with pytest.raises(Refused, match="NOT_A_DOOR"):
        check_household(told)


@given(st.text())
def test_whatever_is_accepted_has_few_digits_and_no_names(text: str) -> None:
    try:
        door = check_household(text)
    except Refused:
        return
    if door is not None:
        assert set(door) <= set("0123456789号栋幢楼座单元层室户东西南北中/ -") | {c for c in door if c.isascii()}
        assert sum(one.isdigit() for one in door) <= 8
        assert check_household(door) == door


@given(DAYS, st.none() | DAYS, DAYS, st.none() | DAYS)
def test_a_place_is_taken_on_again_only_when_the_first_time_is_over(
    start: date, until: date | None, again: date, again_until: date | None
) -> None:
    one, other = Period(start, until), Period(again, again_until)

    def contact(period: Period, **more: str) -> Contact:
        return Contact("cadre", UUID(int=1), more.get("code", "370321002001001"), more.get("door"), None, period)

    if one.meets(other):
        with pytest.raises(Refused, match="ALREADY_IN_CONTACT"):
            check_taken_on([contact(one)], contact(other))
    else:
        check_taken_on([contact(one)], contact(other))
    check_taken_on([contact(one)], contact(other, door="502"))
    check_taken_on([contact(one)], contact(other, code="370321002001002"))


@given(DAYS, st.none() | DAYS, DAYS)
def test_a_visit_counts_on_the_days_of_the_contact(start: date, until: date | None, on: date) -> None:
    if Period(start, until).holds(on):
        check_visit(Period(start, until), on)
    else:
        with pytest.raises(Refused, match="OUTSIDE_EXISTENCE"):
            check_visit(Period(start, until), on)


def test_a_visit_is_to_the_household_of_the_contact_or_to_one_in_its_building() -> None:
    assert visited_household("502", None) == "502"
    assert visited_household("502", "502") == "502"
    assert visited_household(None, "302") == "302"
    assert visited_household(None, None) is None
    with pytest.raises(Refused, match="ANOTHER_HOUSEHOLD"):
        visited_household("502", "302")
