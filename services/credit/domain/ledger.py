"""The ledger: what each kind of posting does to an account and its lots. Double entry; nothing is changed later.

An account has components. `available` can be spent, `held` is set aside for a redemption: both lie in lots, each with
its day of expiry, and are never below zero. `deducted` is what a legal person has lost, never above zero, and people
have none. Entries of a posting add up to zero: the other side is an account of the book itself (`System`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec

from chassis.problems import Refused
from services.credit.domain.problems import CreditProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

MOST_POINTS = 1_000_000_000


class Kind(StrEnum):
    """What a posting is."""

    EARN = "earn"
    DEDUCT = "deduct"
    HOLD = "hold"
    RELEASE = "release"
    REDEEM = "redeem"
    REFUND = "refund"
    EXPIRE = "expire"
    FORFEIT = "forfeit"
    REVERSE = "reverse"


class Component(StrEnum):
    """Where in an account an entry counts."""

    AVAILABLE = "available"
    HELD = "held"
    DEDUCTED = "deducted"
    TOTAL = "total"
    """Of the book's own accounts."""


class System(StrEnum):
    """The accounts of a book itself: where points come from and go to."""

    ISSUED = "issued"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    FORFEITED = "forfeited"
    DEDUCTIONS = "deductions"


def system_account(book_id: UUID, system: System) -> UUID:
    """Return the id of one of a book's own accounts."""
    return uuid5(NAMESPACE_OID, f"{book_id} {system}")


class Lot(msgspec.Struct, frozen=True, kw_only=True):
    """Points that were earned together and expire together, at the beginning of `expires_on` (None: never)."""

    id: UUID
    expires_on: date | None
    available: int = 0
    held: int = 0


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A subject's account with the lots that still hold something."""

    id: UUID
    book_id: UUID
    lots: tuple[Lot, ...] = ()
    deducted: int = 0

    @property
    def available(self) -> int:
        """Points that can be spent."""
        return sum(lot.available for lot in self.lots)

    @property
    def held(self) -> int:
        """Points set aside."""
        return sum(lot.held for lot in self.lots)


class PersonAccount(Account, frozen=True, kw_only=True):
    """A natural person's: there is no function that deducts from one."""


class BodyAccount(Account, frozen=True, kw_only=True):
    """A legal person's or other organisation's."""

    @property
    def score(self) -> int:
        """What the body is assessed by."""
        return self.available + self.held + self.deducted


class Entry(msgspec.Struct, frozen=True):
    """One line of a posting; positive gives to the account, negative takes from it."""

    account_id: UUID
    component: Component
    amount: int
    lot_id: UUID | None = None


class NewLot(msgspec.Struct, frozen=True):
    """A lot that a posting opens."""

    id: UUID
    account_id: UUID
    expires_on: date | None


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """What is written: entries that add up to zero, and the lots they open."""

    kind: Kind
    entries: tuple[Entry, ...]
    lots: tuple[NewLot, ...] = ()
    reverses: UUID | None = None

    @property
    def points(self) -> int:
        """How many points it moves."""
        return sum(entry.amount for entry in self.entries if entry.amount > 0)


def _turn(lot: Lot) -> tuple[bool, date | None, UUID]:
    """Return by what lots are spent: the earliest to expire first, then the earliest earned (ids are in order)."""
    return (lot.expires_on is None, lot.expires_on, lot.id)


def _checked(points: int) -> int:
    if not 1 <= points <= MOST_POINTS:
        raise Refused(CreditProblem.POINTS_OUT_OF_RANGE, "points", most=MOST_POINTS)
    return points


def _system(account: Account, system: System, amount: int) -> Entry:
    return Entry(system_account(account.book_id, system), Component.TOTAL, amount)


def earn(account: Account, points: int, lot_id: UUID, expires_on: date | None) -> Posting:
    """Give points, in a lot of their own."""
    _checked(points)
    return Posting(
        kind=Kind.EARN,
        entries=(
            _system(account, System.ISSUED, -points),
            Entry(account.id, Component.AVAILABLE, points, lot_id),
        ),
        lots=(NewLot(lot_id, account.id, expires_on),),
    )


def deduct(account: BodyAccount, points: int) -> Posting:
    """Count points against a legal person; what it has earned stays where it is."""
    _checked(points)
    return Posting(
        kind=Kind.DEDUCT,
        entries=(Entry(account.id, Component.DEDUCTED, -points), _system(account, System.DEDUCTIONS, points)),
    )


def hold(account: Account, points: int, today: date) -> Posting:
    """Set points aside, the earliest to expire first. Raises Refused when there are not enough."""
    entries: list[Entry] = []
    wanted = _checked(points)
    for lot in sorted(account.lots, key=_turn):
        taken = min(wanted, 0 if has_expired(lot, today) else lot.available)
        if taken:
            entries.append(Entry(account.id, Component.AVAILABLE, -taken, lot.id))
            entries.append(Entry(account.id, Component.HELD, taken, lot.id))
            wanted -= taken
    if wanted:
        raise Refused(CreditProblem.NOT_ENOUGH_POINTS, "points", points=points, available=points - wanted)
    return Posting(kind=Kind.HOLD, entries=tuple(entries))


def has_expired(lot: Lot, today: date) -> bool:
    """Tell whether a lot's points can no longer be spent."""
    return lot.expires_on is not None and lot.expires_on <= today


def _held_by(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.component is Component.HELD and entry.amount > 0]


def release(account: Account, held: Sequence[Entry]) -> Posting:
    """Give back what a hold set aside, to the lots it came from; `held` are the hold's entries."""
    entries: list[Entry] = []
    for entry in _held_by(held):
        entries.append(Entry(account.id, Component.HELD, -entry.amount, entry.lot_id))
        entries.append(Entry(account.id, Component.AVAILABLE, entry.amount, entry.lot_id))
    return Posting(kind=Kind.RELEASE, entries=tuple(entries))


def redeem(account: Account, held: Sequence[Entry]) -> Posting:
    """Spend what a hold set aside."""
    entries = [Entry(account.id, Component.HELD, -entry.amount, entry.lot_id) for entry in _held_by(held)]
    spent = -sum(entry.amount for entry in entries)
    return Posting(kind=Kind.REDEEM, entries=(*entries, _system(account, System.REDEEMED, spent)))


def refund(account: Account, redeemed: Sequence[Entry], lots: Sequence[NewLot]) -> Posting:
    """Give back what was spent; `lots` are new ones, one for each entry that took from the account, in order."""
    taken = [entry for entry in redeemed if entry.component is Component.HELD]
    given = [
        Entry(account.id, Component.AVAILABLE, -entry.amount, lot.id) for entry, lot in zip(taken, lots, strict=True)
    ]
    points = sum(entry.amount for entry in given)
    return Posting(kind=Kind.REFUND, entries=(_system(account, System.REDEEMED, -points), *given), lots=tuple(lots))


def expire(account: Account, today: date) -> Posting | None:
    """Take what has expired, None when nothing has; what is held stays until it is spent or released."""
    return _take(account, System.EXPIRED, Kind.EXPIRE, [lot for lot in account.lots if has_expired(lot, today)])


def forfeit(account: Account) -> Posting | None:
    """Take everything that can be spent, because the subject leaves; None when there is nothing."""
    return _take(account, System.FORFEITED, Kind.FORFEIT, account.lots)


def _take(account: Account, system: System, kind: Kind, lots: Iterable[Lot]) -> Posting | None:
    full = [lot for lot in sorted(lots, key=_turn) if lot.available]
    if not full:
        return None
    entries = tuple(Entry(account.id, Component.AVAILABLE, -lot.available, lot.id) for lot in full)
    taken = sum(lot.available for lot in full)
    return Posting(kind=kind, entries=(*entries, _system(account, system, taken)))


REVERSIBLE = (Kind.EARN, Kind.DEDUCT)
"""A hold is released and a redemption refunded; these two are corrected, which a reversal says."""


def reverse(account: Account, posting_id: UUID, kind: Kind, entries: Sequence[Entry]) -> Posting:
    """Take back a posting as a whole. Raises Refused when its points were spent or have expired meanwhile."""
    if kind not in REVERSIBLE:
        raise Refused(CreditProblem.NOT_REVERSIBLE, "id", kind=kind)
    lots = {lot.id: lot for lot in account.lots}
    for entry in entries:
        if entry.component is Component.AVAILABLE:
            left = lots[entry.lot_id].available if entry.lot_id in lots else 0
            if left < entry.amount:
                raise Refused(CreditProblem.SPENT_ALREADY, "id", points=entry.amount, left=left)
    back = tuple(Entry(entry.account_id, entry.component, -entry.amount, entry.lot_id) for entry in entries)
    return Posting(kind=Kind.REVERSE, entries=back, reverses=posting_id)


def applied(account: Account, posting: Posting) -> Account:
    """Return the account after a posting; raises ValueError for one that the database would refuse."""
    if sum(entry.amount for entry in posting.entries):
        raise ValueError("a posting's entries add up to zero")
    lots = {lot.id: lot for lot in account.lots}
    lots |= {lot.id: Lot(id=lot.id, expires_on=lot.expires_on) for lot in posting.lots}
    deducted = account.deducted
    for entry in posting.entries:
        if entry.account_id != account.id:
            continue
        if entry.component is Component.DEDUCTED:
            deducted += entry.amount
            continue
        assert entry.lot_id is not None  # noqa: S101 (a constraint of the table)
        lot = lots[entry.lot_id]
        changed = {entry.component.value: getattr(lot, entry.component.value) + entry.amount}
        lots[lot.id] = msgspec.structs.replace(lot, **changed)
    kept = tuple(lot for lot in lots.values() if lot.available or lot.held)
    if deducted > 0 or any(lot.available < 0 or lot.held < 0 for lot in kept):
        raise ValueError("a component went the wrong side of zero")
    return msgspec.structs.replace(account, lots=kept, deducted=deducted)
