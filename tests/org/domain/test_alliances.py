"""Who can join an alliance, and when."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.alliances import Ally, check_joins
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
