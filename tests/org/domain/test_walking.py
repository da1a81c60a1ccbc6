"""Walking times by straight line and detour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.walking import Point, box_around, point_of, walking_metres, walking_minutes

points = st.builds(Point, st.floats(18, 53), st.floats(74, 134))
near = st.tuples(st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))


@given(points, near, st.integers(1, 60))
def test_what_can_be_reached_lies_in_the_box(here: Point, step: tuple[float, float], minutes: int) -> None:
    there = Point(here.latitude + step[0], here.longitude + step[1])
    if walking_minutes(walking_metres(here, there)) <= minutes:
        box = box_around(here, minutes)
        assert box.south <= there.latitude <= box.north
        assert box.west <= there.longitude <= box.east


@given(points, near)
def test_the_way_there_is_as_long_as_the_way_back(here: Point, step: tuple[float, float]) -> None:
    there = Point(here.latitude + step[0], here.longitude + step[1])
    assert walking_metres(here, there) == pytest.approx(walking_metres(there, here))
    assert walking_metres(here, here) == 0


def test_a_kilometre_north_is_sixteen_minutes() -> None:
    metres = walking_metres(Point(36.96, 118.1), Point(36.96 + 1000 / 111_195, 118.1))
    assert metres == pytest.approx(1300, rel=0.001)
    assert walking_minutes(metres) == pytest.approx(16.25, rel=0.001)


@pytest.mark.parametrize(("latitude", "longitude"), [(None, 1.0), (1.0, None), (91.0, 0.0), (0.0, 181.0)])
def test_half_a_point_or_one_off_the_earth_is_refused(latitude: float | None, longitude: float | None) -> None:
    with pytest.raises(Refused):
        point_of(latitude, longitude)
