"""Maintenance fund (维修资金) and common income (公共收益) of a compound: double entry, in integers of 0.01 yuan.

Every entry moves an amount from one account (credit) to another (debit), so the books always balance. Civil Code
articles 281 and 282; which movement needs a decision of the owners is article 278.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from services.property.domain.voting import Matter

if TYPE_CHECKING:
    from collections.abc import Iterable


class Fund(StrEnum):
    """Whose money it is, and what for."""

    MAINTENANCE = "maintenance"
    COMMON = "common"


class Account(StrEnum):
    """The accounts of a compound."""

    MAINTENANCE_BANK = "maintenance_bank"
    OWNERS_PAID = "owners_paid"
    INTEREST = "interest"
    WORKS = "works"
    COMMON_BANK = "common_bank"
    COMMON_INCOME = "common_income"
    COMMON_EXPENSE = "common_expense"


class Movement(StrEnum):
    """What moves money."""

    PAY_IN = "pay_in"
    RAISE = "raise"
    INTEREST = "interest"
    USE = "use"
    COMMON_INCOME = "common_income"
    COMMON_EXPENSE = "common_expense"
    COMMON_TO_FUND = "common_to_fund"


class Kind(NamedTuple):
    """Between which accounts a movement goes, and by which matter of article 278 the owners decide it, if any."""

    debit: Account
    credit: Account
    matter: Matter | None = None


KINDS: dict[Movement, Kind] = {
    Movement.PAY_IN: Kind(Account.MAINTENANCE_BANK, Account.OWNERS_PAID),
    Movement.RAISE: Kind(Account.MAINTENANCE_BANK, Account.OWNERS_PAID, Matter.RAISE_FUND),
    Movement.INTEREST: Kind(Account.MAINTENANCE_BANK, Account.INTEREST),
    Movement.USE: Kind(Account.WORKS, Account.MAINTENANCE_BANK, Matter.USE_FUND),
    Movement.COMMON_INCOME: Kind(Account.COMMON_BANK, Account.COMMON_INCOME),
    Movement.COMMON_EXPENSE: Kind(Account.COMMON_EXPENSE, Account.COMMON_BANK, Matter.OTHER),
    Movement.COMMON_TO_FUND: Kind(Account.MAINTENANCE_BANK, Account.COMMON_BANK),
}

BANKS: dict[Fund, Account] = {Fund.MAINTENANCE: Account.MAINTENANCE_BANK, Fund.COMMON: Account.COMMON_BANK}
"""Where the money of each is."""


class Entry(NamedTuple):
    """An amount moved from one account to another."""

    debit: Account
    credit: Account
    amount: int


class Turnover(NamedTuple):
    """What came in and went out of a bank account."""

    came: int
    went: int

    @property
    def balance(self) -> int:
        """What is left of it."""
        return self.came - self.went


def balances(entries: Iterable[Entry]) -> dict[Account, int]:
    """Return the balance of every account: debits less credits; together they are nought."""
    found = dict.fromkeys(Account, 0)
    for entry in entries:
        found[entry.debit] += entry.amount
        found[entry.credit] -= entry.amount
    return found


def turnover(entries: Iterable[Entry], bank: Account) -> Turnover:
    """Return what came into a bank account and what went out of it."""
    came = went = 0
    for entry in entries:
        came += entry.amount * (entry.debit is bank)
        went += entry.amount * (entry.credit is bank)
    return Turnover(came, went)
