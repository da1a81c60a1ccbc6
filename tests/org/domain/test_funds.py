"""Funds: double entry, never below zero, corrected by reversal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.funds import (
    LARGEST,
    Account,
    Balances,
    EntryKind,
    Move,
    balances_of,
    check_year,
    handed_over,
    move_of,
    posted,
    reversal_of,
)

KINDS = [EntryKind.BUDGET, EntryKind.DISBURSE, EntryKind.SPEND]


@given(st.lists(st.tuples(st.sampled_from([*KINDS, EntryKind.REVERSAL]), st.integers(1, 50)), max_size=40))
def test_accounts_sum_to_zero_and_none_is_below_it_whatever_is_asked(asked: list[tuple[EntryKind, int]]) -> None:
    balances, entries, reversed_ = Balances(), list[Move](), set[int]()
    for kind, number in asked:
        index = number % len(entries) if entries else None
        if kind is EntryKind.REVERSAL and (index is None or index in reversed_):
            continue
        try:
            move = reversal_of(entries[index or 0]) if kind is EntryKind.REVERSAL else move_of(kind, number)
            after = posted(balances, move)
        except Refused:
            continue
        if kind is EntryKind.REVERSAL and index is not None:
            reversed_.add(index)
        balances = after
        entries.append(move)
    sums = dict.fromkeys(Account, 0)
    for entry in entries:
        sums[entry.from_account] -= entry.amount
        sums[entry.to_account] += entry.amount
    assert sum(sums.values()) == 0
    assert (balances.approved, balances.available, balances.spent) == tuple(
        sums[account] for account in (Account.APPROVED, Account.AVAILABLE, Account.SPENT)
    )
    assert min(balances.approved, balances.available, balances.spent) >= 0


@given(st.integers(1, LARGEST), st.integers(1, LARGEST))
def test_an_entry_and_its_reversal_leave_what_was_there(budget: int, paid: int) -> None:
    before = Balances(approved=budget)
    move = move_of(EntryKind.DISBURSE, paid)
    if paid > budget:
        with pytest.raises(Refused):
            posted(before, move)
        return
    assert posted(posted(before, move), reversal_of(move)) == before


@given(st.integers(1, 1000), st.integers(0, 1000), st.lists(st.integers(1, 300), max_size=6))
def test_an_imported_fund_was_spent_up_to_what_was_paid_out_of_its_budget(
    budget: int, paid: int, spent: list[int]
) -> None:
    if paid > budget or sum(spent) > paid:
        with pytest.raises(Refused):
            balances_of(budget, paid, spent)
        return
    assert balances_of(budget, paid, spent) == Balances(budget - paid, paid - sum(spent), sum(spent))


def test_what_cannot_be_is_refused() -> None:
    for amount in (0, -1, LARGEST + 1):
        with pytest.raises(Refused):
            move_of(EntryKind.BUDGET, amount)
    with pytest.raises(Refused):
        reversal_of(Move(EntryKind.REVERSAL, Account.SPENT, Account.AVAILABLE, 1))
    with pytest.raises(Refused):
        balances_of(100, 101)
    for year in (1999, 2028):
        with pytest.raises(Refused):
            check_year(year, 2026)


AMOUNTS = st.integers(0, LARGEST)
FUNDS = st.builds(Balances, AMOUNTS, AMOUNTS, AMOUNTS)


@given(FUNDS, FUNDS)
def test_what_is_left_goes_over_whole_and_what_was_spent_stays(gone: Balances, into: Balances) -> None:
    back, anew = handed_over(gone)
    after, other = gone, into
    for move in back:
        after = posted(after, move)
    for move in anew:
        other = posted(other, move)
    assert after == Balances(spent=gone.spent)
    assert other == Balances(into.approved + gone.approved, into.available + gone.available, into.spent)
    assert all(move.amount > 0 for move in (*back, *anew))
