"""What is looked for around a place: by the practice's circles, and by who asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.circles import Reach, ServiceCircle, check_circle, reach_of

codes = st.sampled_from(["ten", "fifteen", "five"])
kinds = st.lists(st.sampled_from(["hall", "council", "centre"]), max_size=3).map(tuple)
one_circle = st.builds(ServiceCircle, codes, st.integers(1, 60), kinds)
circles = st.lists(one_circle, max_size=3, unique_by=lambda one: one.code)
minutes = st.none() | st.integers(1, 60)
asked_kinds = st.none() | kinds.map(list)


@given(circles, minutes, asked_kinds)
def test_the_first_circle_counts_unless_minutes_are_asked_for(
    known: list[ServiceCircle], asked: int | None, wanted: list[str] | None
) -> None:
    found = reach_of(known, None, asked, wanted, ["便民"])
    if asked is not None:
        assert found == Reach(asked, tuple(wanted or ()), ("便民",), None)
    elif known:
        own = known[0].station_kinds if wanted is None else tuple(wanted)
        assert found == Reach(known[0].minutes, own, ("便民",), known[0].code)
    else:
        assert found is None, "nobody says how far"


@given(circles, codes, minutes, asked_kinds)
def test_a_named_circle_counts_but_for_what_is_asked_in_its_place(
    known: list[ServiceCircle], code: str, asked: int | None, wanted: list[str] | None
) -> None:
    named = {one.code: one for one in known}.get(code)
    if named is None:
        with pytest.raises(Refused) as refused:
            reach_of(known, code, asked, wanted, None)
        assert refused.value.problem.code == "UNKNOWN_CIRCLE"
        return
    own = named.station_kinds if wanted is None else tuple(wanted)
    assert reach_of(known, code, asked, wanted, None) == Reach(asked or named.minutes, own, (), code)


@given(st.integers(-100, 200).filter(lambda one: not 1 <= one <= 60))
def test_nobody_walks_less_than_a_minute_or_more_than_an_hour(asked: int) -> None:
    with pytest.raises(Refused) as refused:
        reach_of([], None, asked, None, None)
    assert refused.value.problem.code == "INVALID_MINUTES"
    with pytest.raises(Refused) as refused:
        check_circle(ServiceCircle("x", asked), ["hall"])
    assert refused.value.problem.code == "INVALID_MINUTES"


def test_a_circle_counts_stations_of_kinds_that_the_practice_has() -> None:
    check_circle(ServiceCircle("x", 15, ("hall",)), ["hall", "centre"])
    with pytest.raises(Refused) as refused:
        check_circle(ServiceCircle("x", 15, ("hall", "shop")), ["hall"])
    assert refused.value.problem.code == "UNKNOWN_KIND"
