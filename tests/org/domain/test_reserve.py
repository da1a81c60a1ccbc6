"""The rules of reserves and call-ups."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.muster import Mode
from services.org.domain.periods import Period
from services.org.domain.reserve import (
    MOST_CALLED,
    CallState,
    ReserveRule,
    Reservist,
    Size,
    answered,
    check_call_up,
    check_enrolled,
    check_reserve_rule,
    chosen,
    missing,
    needed,
)

counts = st.integers(0, 100_000)
rules = st.builds(ReserveRule, st.just("cadre"), *[st.integers(0, 1000)] * 3)
sizes = st.builds(Size, counts, counts, counts)
times = st.none() | st.datetimes(datetime(2024, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
reserves = st.lists(st.builds(Reservist, st.uuids(), times), unique_by=lambda one: one.person_id, max_size=12)


@given(rules, sizes, sizes)
def test_what_a_community_needs_grows_with_it_and_part_of_one_counts_as_one(
    rule: ReserveRule, one: Size, more: Size
) -> None:
    check_reserve_rule(rule)
    both = Size(one.households + more.households, one.residents + more.residents, one.members + more.members)
    assert needed(rule, one) <= needed(rule, both) <= needed(rule, one) + needed(rule, more)
    exact = rule.households * one.households + rule.residents * one.residents + rule.members * one.members
    assert 0 <= 1000 * needed(rule, one) - exact < 1000


@given(
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 9)),
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 9)),
)
def test_too_many_of_one_source_do_not_make_up_for_another(needs: dict[str, int], held: dict[str, int]) -> None:
    lacking = missing(needs, held)
    assert lacking == sum(need - min(need, held.get(source, 0)) for source, need in needs.items())
    assert missing(needs, needs) == 0


@given(reserves, st.integers(1, 15))
def test_who_is_called_has_rested_at_least_as_long_as_who_is_not(reserve: list[Reservist], people: int) -> None:
    if not reserve:
        with pytest.raises(Refused):
            chosen(reserve, people)
        return
    called = chosen(reserve, people)
    assert len(called) == min(people, len(reserve))
    assert len({one.person_id for one in called}) == len(called)
    left = [one for one in reserve if one not in called]
    begin = datetime.min.replace(tzinfo=UTC)
    assert all((one.last_called or begin) <= (other.last_called or begin) for one in called for other in left)
    assert chosen(list(reversed(reserve)), people) == called, "the order of the file does not matter"


@given(st.sampled_from(Mode), st.booleans(), st.integers(-1, MOST_CALLED + 1))
def test_peacetime_allows_only_drills(mode: Mode, is_drill: bool, people: int) -> None:
    fits = (mode is Mode.EMERGENCY or is_drill) and 0 < people <= MOST_CALLED
    try:
        check_call_up(mode, is_drill=is_drill, people=people)
        assert fits
    except Refused:
        assert not fits


@pytest.mark.parametrize("now", [CallState.ARRIVED, CallState.EXCUSED])
@pytest.mark.parametrize("wanted", [CallState.ARRIVED, CallState.EXCUSED])
def test_everybody_answers_once(now: CallState, wanted: CallState) -> None:
    assert answered(CallState.CALLED, wanted) is wanted
    with pytest.raises(Refused):
        answered(now, wanted)


def test_a_person_is_in_one_reserve_at_a_time() -> None:
    earlier = [Period(date(2024, 1, 1), date(2025, 1, 1))]
    check_enrolled(earlier, Period(date(2025, 1, 1)))
    with pytest.raises(Refused):
        check_enrolled(earlier, Period(date(2024, 12, 31)))


def test_the_order_of_two_who_never_were_called_is_fixed() -> None:
    first, second = UUID(int=1), UUID(int=2)
    assert [one.person_id for one in chosen([Reservist(second), Reservist(first)], 2)] == [first, second]
