"""Who can join an alliance, and when."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.alliances import Ally, Membership, check_joins, handed_over
from services.org.domain.periods import Period

FIRST = date(2024, 1, 1)
ALWAYS = Period(date(2000, 1, 1))
ALLIANCE, SHOP = Ally(uuid4(), is_alliance=True, existence=ALWAYS), Ally(uuid4(), is_alliance=False, existence=ALWAYS)
DAYS = st.integers(0, 400).map(lambda days: FIRST + timedelta(days))
PERIODS = st.tuples(DAYS, st.none() | DAYS).filter(lambda ends: ends[1] is None or ends[0] < ends[1])


@given(st.lists(PERIODS.map(lambda ends: Period(*ends)), max_size=6))
def test_accepted_memberships_of_one_organisation_never_meet(wanted: list[Period]) -> None:
    held: list[Period] = []
    for period in wanted:
        try:
            check_joins(ALLIANCE, SHOP, held, period)
        except Refused:
            assert any(period.meets(one) for one in held)
        else:
            assert not any(period.meets(one) for one in held)
            held.append(period)


def test_only_an_alliance_is_joined_by_another_while_both_exist() -> None:
    late = Period(date(2025, 1, 1))
    for alliance, member, code in (
        (SHOP, ALLIANCE, "NOT_AN_ALLIANCE"),
        (ALLIANCE, ALLIANCE, "OWN_ALLIANCE"),
        (Ally(uuid4(), is_alliance=True, existence=late), SHOP, "OUTSIDE_EXISTENCE"),
        (ALLIANCE, Ally(uuid4(), is_alliance=False, existence=late), "OUTSIDE_EXISTENCE"),
    ):
        with pytest.raises(Refused) as refused:
            check_joins(alliance, member, [], Period(FIRST))
        assert refused.value.problem.code == code


ORGANISATIONS = [uuid4() for _ in range(5)]
GONE, INTO = ORGANISATIONS[:2]
MEMBERSHIPS = st.builds(
    Membership,
    st.uuids(),
    st.sampled_from(ORGANISATIONS),
    st.sampled_from(ORGANISATIONS),
    PERIODS.map(lambda ends: Period(*ends)),
).filter(lambda one: one.alliance_id != one.member_id)


def _after(one: Membership) -> tuple[object, object]:
    return tuple(INTO if id_ == GONE else id_ for id_ in (one.alliance_id, one.member_id))  # type: ignore[return-value]


@given(st.lists(MEMBERSHIPS, max_size=8), DAYS)
def test_who_takes_over_is_wherever_the_merged_one_was_and_never_twice(drawn: list[Membership], on: date) -> None:
    held: list[Membership] = []
    for one in drawn:
        pairs = [(other.alliance_id, other.member_id, other.period) for other in held]
        twice = any((one.alliance_id, one.member_id) == pair[:2] and one.period.meets(pair[2]) for pair in pairs)
        if not twice and (one.period.until is None or one.period.until > on):
            held.append(one)
    result = handed_over(held, GONE, INTO, on)
    assert [ended for ended, _ in result] == [one for one in held if GONE in (one.alliance_id, one.member_id)]
    stay = [
        (one.alliance_id, one.member_id, one.period) for one in held if GONE not in (one.alliance_id, one.member_id)
    ]
    begun = [follows for _, follows in result if follows is not None]
    for place, (alliance, member, period) in enumerate(begun):
        assert GONE not in (alliance, member)
        assert alliance != member
        assert period.start >= on
        others = stay + begun[:place]
        assert not any((alliance, member) == other[:2] and period.meets(other[2]) for other in others)
    for ended, follows in result:
        pair = _after(ended)
        if follows is None and pair[0] != pair[1]:
            left = Period(max(on, ended.period.start), ended.period.until)
            assert any(pair == other[:2] and left.meets(other[2]) for other in stay + begun), "it is there already"
        elif follows is not None:
            assert follows == (*pair, Period(max(on, ended.period.start), ended.period.until))
