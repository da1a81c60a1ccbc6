"""The rules of activities."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.activities import (
    MOST_NAMED,
    MOST_PARTICIPANTS,
    ActivityState,
    check_attendance,
    check_one_type,
    check_planned,
)

people = st.lists(st.uuids(), max_size=8)


@given(people, st.integers(-2, MOST_PARTICIPANTS + 2))
def test_each_is_named_once_and_nobody_beyond_those_counted(named: list[UUID], participants: int) -> None:
    once = set(named)
    if 0 <= participants <= MOST_PARTICIPANTS and len(once) <= participants:
        found = check_attendance(participants, named + named)
        assert (found.participants, set(found.people), len(found.people)) == (participants, once, len(once))
    else:
        with pytest.raises(Refused):
            check_attendance(participants, named)


def test_a_crowd_is_counted_and_not_named() -> None:
    crowd = [UUID(int=number) for number in range(MOST_NAMED + 1)]
    assert len(check_attendance(MOST_NAMED, crowd[:-1]).people) == MOST_NAMED
    with pytest.raises(Refused) as refused:
        check_attendance(MOST_NAMED + 1, crowd)
    assert refused.value.problem.code == "TOO_MANY"


@given(st.lists(st.sampled_from([None, "old_estate", "mixed"]), max_size=5))
def test_an_exchange_is_among_several_of_exactly_one_type(types: list[str | None]) -> None:
    fits = len(types) > 1 and (set(types) == {"old_estate"} or set(types) == {"mixed"})
    if fits:
        check_one_type(types)
    else:
        with pytest.raises(Refused):
            check_one_type(types)


def test_only_what_is_planned_can_be_held_or_called_off() -> None:
    check_planned(ActivityState.PLANNED)
    for state in (ActivityState.HELD, ActivityState.CANCELLED):
        with pytest.raises(Refused) as refused:
            check_planned(state)
        assert refused.value.problem.code == "NOT_PLANNED"
