"""Funds of organisations (T9): budgeted, paid out, spent; double entry, never below zero, corrected by reversal.

A fund is an organisation's money of one year from one source (a county budget, party dues). Every entry moves an amount
from one account to another, so the accounts of a fund sum to zero. Amounts are in fen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from chassis.problems import Refused
from chassis.texts import demanded
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST = 1_000_000_000
"""The largest amount of one entry, ten million yuan: more is a slip of the pen."""
EARLIEST_YEAR = 2000
LONGEST_PURPOSE = 200


class Account(StrEnum):
    """The accounts of a fund; SOURCE is who gives the money, and is as far below zero as the others are above it."""

    SOURCE = "SOURCE"
    APPROVED = "APPROVED"
    AVAILABLE = "AVAILABLE"
    SPENT = "SPENT"


class EntryKind(StrEnum):
    """What an entry does."""

    BUDGET = "BUDGET"
    DISBURSE = "DISBURSE"
    SPEND = "SPEND"
    REVERSAL = "REVERSAL"


WAYS = {
    EntryKind.BUDGET: (Account.SOURCE, Account.APPROVED),
    EntryKind.DISBURSE: (Account.APPROVED, Account.AVAILABLE),
    EntryKind.SPEND: (Account.AVAILABLE, Account.SPENT),
}
"""From which account to which each kind moves; a reversal goes the other way."""


@dataclass(frozen=True, slots=True)
class Balances:
    """What is in a fund's accounts, in fen."""

    approved: int = 0
    available: int = 0
    spent: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """An amount that goes from one account to another."""

    kind: EntryKind
    from_account: Account
    to_account: Account
    amount: int


def move_of(kind: EntryKind, amount: int) -> Move:
    """Return the move of a kind other than a reversal. Raises Refused for an amount that none has."""
    if not 0 < amount <= LARGEST:
        raise Refused(OrgProblem.INVALID_AMOUNT, "amountFen", largest=LARGEST)
    return Move(kind, *WAYS[kind], amount)


def reversal_of(move: Move) -> Move:
    """Return the move that takes another back. Raises Refused for one that is a reversal itself."""
    if move.kind is EntryKind.REVERSAL:
        raise Refused(OrgProblem.ALREADY_REVERSED, "entryId")
    return Move(EntryKind.REVERSAL, move.to_account, move.from_account, move.amount)


def handed_over(balances: Balances) -> tuple[list[Move], list[Move]]:
    """Return how what is left of a fund goes back to its giver, and how it is given to another one anew.

    What was paid out and not spent is paid out there too; what was spent stays.
    """
    left, available = balances.approved + balances.available, balances.available
    back, anew = [], []
    if available:
        back.append(Move(EntryKind.REVERSAL, Account.AVAILABLE, Account.APPROVED, available))
    if left:
        back.append(Move(EntryKind.REVERSAL, Account.APPROVED, Account.SOURCE, left))
        anew.append(Move(EntryKind.BUDGET, *WAYS[EntryKind.BUDGET], left))
    if available:
        anew.append(Move(EntryKind.DISBURSE, *WAYS[EntryKind.DISBURSE], available))
    return back, anew


def posted(balances: Balances, move: Move) -> Balances:
    """Return the balances after a move. Raises Refused when an account would go below zero."""
    after = _added(_added(balances, move.from_account, -move.amount), move.to_account, move.amount)
    short = min(after.approved, after.available, after.spent)
    if short < 0:
        raise Refused(OrgProblem.FUND_TOO_LOW, "amountFen", missing=-short)
    return after


def balances_of(budget: int, disbursed: int, spent: Iterable[int] = ()) -> Balances:
    """Return the balances of a fund: so much budgeted, so much paid out, and what was spent of it. Raises Refused."""
    balances = posted(Balances(), move_of(EntryKind.BUDGET, budget))
    if disbursed:
        balances = posted(balances, move_of(EntryKind.DISBURSE, disbursed))
    for amount in spent:
        balances = posted(balances, move_of(EntryKind.SPEND, amount))
    return balances


def check_purpose_of(purpose: str) -> str:
    """Return what an entry is for. Raises Refused when it is empty or too long."""
    return demanded(purpose, "purpose", LONGEST_PURPOSE, "purpose")


def check_year(year: int, this_year: int) -> int:
    """Return a year of account: next year at the latest. Raises Refused."""
    if not EARLIEST_YEAR <= year <= this_year + 1:
        raise Refused(OrgProblem.INVALID_FUND_YEAR, "year", year=year)
    return year


def _added(balances: Balances, account: Account, amount: int) -> Balances:
    if account is Account.SOURCE:
        return balances
    name = account.value.lower()
    changed: Balances = replace(balances, **{name: getattr(balances, name) + amount})
    return changed
