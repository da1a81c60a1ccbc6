"""Which compounds an organisation covers on which day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.covering import (
    MOST_COVERED,
    Covering,
    check_covered,
    covered_on,
    cut,
    replaced,
    taken_over,
)
from services.org.domain.periods import Period

FIRST = date(2024, 1, 1)
COMPOUNDS = [UUID(int=number) for number in range(1, 5)]
DAYS = st.integers(0, 60).map(lambda days: FIRST + timedelta(days))
ALL_DAYS = [FIRST + timedelta(days) for days in range(-1, 130)]
SETS = st.lists(st.tuples(DAYS, st.sets(st.sampled_from(COMPOUNDS))), max_size=6)


def history(changes: list[tuple[date, set[UUID]]]) -> list[Covering]:
    """What is stored when the sets are given in turn; those that are refused change nothing."""
    held: list[Covering] = []
    for on, wanted in changes:
        try:
            gone, new = replaced(held, wanted, on)
        except Refused:
            continue
        ends = [one for one in held if one.compound_id in gone and one.period.until is None]
        held = [one for one in held if one not in ends] + [
            Covering(one.compound_id, Period(one.period.start, on)) for one in ends
        ]
        held += [Covering(id_, Period(on)) for id_ in sorted(new)]
    return held


@given(SETS)
def test_each_day_shows_the_last_set_of_that_day_or_before(changes: list[tuple[date, set[UUID]]]) -> None:
    held: list[Covering] = []
    taken: list[tuple[date, set[UUID]]] = []
    for on, wanted in changes:
        last_day = max((day for day, _ in taken), default=FIRST)
        last = taken[-1][1] if taken else set()
        before = held
        held = history([*taken, (on, wanted)])
        if wanted == last or on < last_day:
            assert held == before
        else:
            taken.append((on, wanted))
    for day in ALL_DAYS:
        so_far = [wanted for on, wanted in taken if on <= day]
        assert covered_on(held, day) == (so_far[-1] if so_far else set())


@given(SETS, SETS, DAYS)
def test_who_takes_over_covers_from_then_on_what_either_covered_and_before_only_its_own(
    theirs: list[tuple[date, set[UUID]]], mine: list[tuple[date, set[UUID]]], on: date
) -> None:
    gone, own = history(theirs), history(mine)
    added = taken_over(gone, own, on)
    together = [*own, *added]
    ended = [Covering(one.compound_id, cut(one.period, on)) for one in gone]
    for day in ALL_DAYS:
        either = covered_on(gone, day) | covered_on(own, day)
        assert covered_on(together, day) == (either if day >= on else covered_on(own, day))
        assert covered_on(ended, day) == (covered_on(gone, day) if day < on else set())
        holding = [one.compound_id for one in together if one.period.holds(day)]
        assert len(holding) == len(set(holding)), "each compound once"


def test_the_same_set_one_before_the_last_change_and_too_many_are_refused() -> None:
    held = history([(FIRST, set(COMPOUNDS[:2])), (FIRST + timedelta(9), set(COMPOUNDS[:1]))])
    with pytest.raises(Refused) as same:
        replaced(held, COMPOUNDS[:1], FIRST + timedelta(20))
    assert same.value.problem.code == "NOTHING_CHANGES"
    with pytest.raises(Refused) as early:
        replaced(held, COMPOUNDS[:3], FIRST + timedelta(8))
    assert (early.value.problem.code, early.value.values["earliest"]) == ("DATE_TOO_EARLY", FIRST + timedelta(9))
    full = [uuid4() for _ in range(MOST_COVERED)]
    assert check_covered([*full, full[0]]) == sorted(full), "each once"
    assert check_covered([]) == []
    with pytest.raises(Refused) as many:
        check_covered([*full, uuid4()])
    assert many.value.problem.code == "TOO_MANY"
