"""Double entry, and conversion by the five haves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.property.domain.care import Care
from services.property.domain.funds import BANKS, KINDS, Account, Entry, Fund, Movement, balances, turnover
from services.property.domain.haves import Have, check_conversion, check_lacks, missing
from services.property.domain.voting import Matter

movements = st.tuples(st.sampled_from(Movement), st.integers(1, 10**9))


@given(st.lists(movements, max_size=30))
def test_the_books_always_balance_and_a_bank_has_what_came_less_what_went(told: list[tuple[Movement, int]]) -> None:
    entries = [Entry(KINDS[movement].debit, KINDS[movement].credit, amount) for movement, amount in told]
    found = balances(entries)
    assert sum(found.values()) == 0
    for fund in Fund:
        assert found[BANKS[fund]] == turnover(entries, BANKS[fund]).balance


def test_money_leaves_only_by_a_decision_or_into_the_maintenance_fund() -> None:
    for kind in KINDS.values():
        if kind.credit in BANKS.values():
            assert kind.matter is not None or kind.debit is Account.MAINTENANCE_BANK
    assert KINDS[Movement.USE].matter is Matter.USE_FUND
    assert KINDS[Movement.RAISE].matter is Matter.RAISE_FUND


@given(st.sets(st.sampled_from(Have)), st.sampled_from(Care))
def test_a_compound_converts_when_all_five_hold_and_somebody_cares(proved: set[Have], care: Care) -> None:
    try:
        check_conversion(proved, care)
        converts = True
    except Refused:
        converts = False
    assert converts == (len(proved) == 5 and care is not Care.NONE)
    assert {*missing(proved)} | proved == {*Have}


def test_a_compound_that_lacks_nothing_is_not_registered() -> None:
    with pytest.raises(Refused):
        check_lacks(no_service=False, no_unit=False, no_security=False)
