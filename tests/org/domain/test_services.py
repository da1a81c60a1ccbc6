"""The rules of items of service and of authorised matters."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.authorised import MOST_TRAINED, check_step, check_trained
from services.org.domain.services import Handling, StationThere, Way, check_handling, is_handled_at, nearest_of

KINDS = ["red_station", "centre", "hall"]
handlings = st.builds(
    Handling,
    st.lists(st.sampled_from(Way), max_size=5).map(tuple),
    st.lists(st.sampled_from([*KINDS, "bus_stop"]), max_size=4).map(tuple),
    st.sampled_from([None, "政务服务"]),
)
stations = st.builds(
    StationThere,
    st.sampled_from(KINDS),
    st.sampled_from(["370321001", "370321002001"]),
    st.lists(st.sampled_from(["政务服务", "纠纷调解"]), max_size=2).map(tuple),
)


@given(handlings)
def test_stations_have_kinds_and_only_they(handling: Handling) -> None:
    at_stations = Way.STATION in handling.ways
    known = set(handling.station_kinds) <= set(KINDS)
    named = bool(handling.station_kinds)
    fits = bool(handling.ways) and at_stations == named and known and (at_stations or handling.function is None)
    if fits:
        kept = check_handling(handling, set(KINDS))
        assert set(kept.ways) == set(handling.ways)
        assert len(kept.ways) == len(set(kept.ways))
        assert check_handling(kept, set(KINDS)) == kept
    else:
        with pytest.raises(Refused):
            check_handling(handling, set(KINDS))


@given(handlings, st.lists(stations, max_size=6), st.sampled_from(["370321", "370321002"]))
def test_the_nearest_that_handles_it_is_the_first_of_those_that_do(
    handling: Handling, there: list[StationThere], region: str
) -> None:
    fit = [one for one in there if is_handled_at(region, handling, one)]
    assert nearest_of(region, handling, there) == (fit[0] if fit else None)
    for one in fit:
        assert one.region_code.startswith(region)
        assert one.kind in handling.station_kinds
        assert handling.function in {None, *one.functions}


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(-400, 400))
def test_a_step_comes_no_earlier_than_what_it_follows_and_not_after_the_end(since: date, days: int) -> None:
    on = since + timedelta(days=days)
    if days < 0:
        with pytest.raises(Refused):
            check_step(since, None, on)
    else:
        check_step(since, None, on)
    with pytest.raises(Refused):
        check_step(since, on, on)


def test_somebody_is_trained_once() -> None:
    assert check_trained(MOST_TRAINED, None) == MOST_TRAINED
    for people, before in ((0, None), (MOST_TRAINED + 1, None), (1, date(2025, 1, 1))):
        with pytest.raises(Refused):
            check_trained(people, before)
