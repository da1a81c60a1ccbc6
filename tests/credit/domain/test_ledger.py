"""The ledger's rules against a small model: whatever is done in whatever order, points are neither made nor lost."""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from chassis.problems import Refused
from services.credit.domain import ledger
from services.credit.domain.ledger import BodyAccount, Component, Kind, NewLot, PersonAccount, Posting

BOOK = UUID(int=1)
ACCOUNT = UUID(int=2)
TODAY = date(2026, 3, 1)
POINTS = st.integers(1, 50)


class Ledger(RuleBasedStateMachine):
    """The model keeps a plain list of points by day of expiry, one number a point, and counts where they went."""

    postings: Bundle[Any] = Bundle("postings")
    holds: Bundle[Any] = Bundle("holds")
    redemptions: Bundle[Any] = Bundle("redemptions")

    @initialize(is_body=st.booleans())
    def open(self, is_body: bool) -> None:
        self.account: Any = (BodyAccount if is_body else PersonAccount)(id=ACCOUNT, book_id=BOOK)
        self.today = TODAY
        self.number = 10
        self.system: dict[UUID, int] = {}
        self.spendable: list[date] = []
        self.held: dict[int, list[date]] = {}
        self.deducted = 0

    def do(self, posting: Posting) -> Posting:
        self.account = ledger.applied(self.account, posting)
        for entry in posting.entries:
            if entry.component is Component.TOTAL:
                self.system[entry.account_id] = self.system.get(entry.account_id, 0) + entry.amount
        return posting

    def new_id(self) -> UUID:
        self.number += 1
        return UUID(int=self.number)

    @rule(target=postings, points=POINTS, days=st.integers(1, 90))
    def earn(self, points: int, days: int) -> Any:
        expires = self.today + timedelta(days=days)
        posting = self.do(ledger.earn(self.account, points, self.new_id(), expires))
        self.spendable += [expires] * points
        return (posting, expires)

    @precondition(lambda self: isinstance(self.account, BodyAccount))
    @rule(points=POINTS)
    def deduct(self, points: int) -> None:
        self.do(ledger.deduct(self.account, points))
        self.deducted += points

    @rule(target=holds, points=POINTS)
    def hold(self, points: int) -> Any:
        live = sorted(day for day in self.spendable if day > self.today)
        if points > len(live):
            with pytest.raises(Refused, match="NOT_ENOUGH_POINTS"):
                ledger.hold(self.account, points, self.today)
            return multiple()
        posting = self.do(ledger.hold(self.account, points, self.today))
        for day in live[:points]:
            self.spendable.remove(day)
        self.number += 1
        self.held[self.number] = live[:points]
        return (posting, self.number)

    @rule(one=consumes(holds))
    def release(self, one: Any) -> None:
        posting, number = one
        self.do(ledger.release(self.account, posting.entries))
        self.spendable += self.held.pop(number)

    @rule(target=redemptions, one=consumes(holds))
    def redeem(self, one: Any) -> Any:
        posting, number = one
        spent = self.held.pop(number)
        return (self.do(ledger.redeem(self.account, posting.entries)), spent)

    @rule(one=consumes(redemptions))
    def refund(self, one: Any) -> None:
        posting, spent = one
        taken = [entry for entry in posting.entries if entry.component is Component.HELD]
        later = self.today + timedelta(days=30)
        lots = [NewLot(self.new_id(), ACCOUNT, later) for _ in taken]
        self.do(ledger.refund(self.account, posting.entries, lots))
        self.spendable += [later] * len(spent)

    @rule(one=consumes(postings))
    def reverse(self, one: Any) -> None:
        posting, expires = one
        lot, points = posting.lots[0].id, posting.points
        left = next((other.available for other in self.account.lots if other.id == lot), 0)
        if left < points:
            with pytest.raises(Refused, match="SPENT_ALREADY"):
                ledger.reverse(self.account, UUID(int=3), Kind.EARN, posting.entries)
            return
        self.do(ledger.reverse(self.account, UUID(int=3), Kind.EARN, posting.entries))
        for _ in range(points):
            self.spendable.remove(expires)

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)
        posting = ledger.expire(self.account, self.today)
        gone = [day for day in self.spendable if day <= self.today]
        assert (posting is None) is (not gone)
        if posting:
            self.do(posting)
        self.spendable = [day for day in self.spendable if day > self.today]

    @rule()
    def leave(self) -> None:
        posting = ledger.forfeit(self.account)
        if posting:
            self.do(posting)
        self.spendable = []

    @invariant()
    def the_account_is_as_the_model_says(self) -> None:
        if not hasattr(self, "account"):
            return
        assert self.account.available == len(self.spendable)
        assert self.account.held == sum(map(len, self.held.values()))
        assert self.account.deducted == -self.deducted
        whole = self.account.available + self.account.held + self.account.deducted
        assert whole + sum(self.system.values()) == 0
        days = sorted(lot.expires_on for lot in self.account.lots for _ in range(lot.available) if lot.expires_on)
        assert days == sorted(self.spendable)


TestLedger = Ledger.TestCase
TestLedger.settings = settings(
    max_examples=int(os.environ.get("LINLI_CREDIT_EXAMPLES", "60")), stateful_step_count=30, deadline=None
)


def test_a_person_has_nothing_that_could_be_deducted_from() -> None:
    person = PersonAccount(id=ACCOUNT, book_id=BOOK)
    posting = ledger.deduct(BodyAccount(id=ACCOUNT, book_id=BOOK), 5)
    assert posting.entries[0].component is Component.DEDUCTED
    assert not hasattr(person, "score")
    assert ledger.deduct.__annotations__["account"] == "BodyAccount"


@pytest.mark.parametrize("points", [0, -1, ledger.MOST_POINTS + 1])
def test_points_are_positive_and_limited(points: int) -> None:
    with pytest.raises(Refused, match="POINTS_OUT_OF_RANGE"):
        ledger.earn(PersonAccount(id=ACCOUNT, book_id=BOOK), points, UUID(int=3), None)


@pytest.mark.parametrize("kind", [Kind.HOLD, Kind.REDEEM, Kind.EXPIRE, Kind.REVERSE, Kind.FORFEIT])
def test_only_what_was_earned_or_deducted_is_reversed(kind: Kind) -> None:
    with pytest.raises(Refused, match="NOT_REVERSIBLE"):
        ledger.reverse(PersonAccount(id=ACCOUNT, book_id=BOOK), UUID(int=3), kind, [])
