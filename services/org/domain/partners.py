"""共建单位: what partner units do where they are paired, which problems they help to settle, and what that counts for.

A contribution is an amount of a kind on a day: yuan, person-times, whatever the kind says. The practice's rules turn a
year's contributions into points of a unit, and say how many problems of a compound a unit helps to settle in a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (dataclass fields)

from chassis.problems import CommonProblem, Refused
from chassis.texts import clean
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

LARGEST_AMOUNT = 100_000_000
LONGEST_NOTE = 200
MOST_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class ContributionRule:
    """So many points for every full `per` of a kind in a year, and `most` of them at most."""

    kind: str
    per: int
    points: int
    most: int


@dataclass(frozen=True, slots=True)
class PairingRule:
    """How many problems of a compound a unit paired in this way helps to settle in a year."""

    kind: str
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class Settled:
    """How many problems of a compound (or of the region, without one) a pairing settled in a year."""

    pairing_id: UUID
    compound_id: UUID | None
    fewest: int
    most: int
    settled: int


def check_contribution_rule(rule: ContributionRule) -> None:
    """Refuse a rule by which nothing gives points. Raises Refused."""
    for name in ("per", "points", "most"):
        if not 0 < getattr(rule, name) <= LARGEST_AMOUNT:
            raise Refused(OrgProblem.INVALID_COUNT, name, most=LARGEST_AMOUNT)


def check_pairing_rule(rule: PairingRule) -> None:
    """Refuse a rule that asks for more than it allows. Raises Refused."""
    if not 0 < rule.fewest <= rule.most <= MOST_PROBLEMS:
        raise Refused(OrgProblem.INVALID_COUNT, "fewest", most=rule.most)


def check_amount(amount: int, field: str = "amount") -> int:
    """Return an amount of a contribution, above zero. Raises Refused."""
    if not 0 < amount <= LARGEST_AMOUNT:
        raise Refused(OrgProblem.INVALID_COUNT, field, most=LARGEST_AMOUNT)
    return amount


def check_note(note: str | None, field: str) -> str | None:
    """Return a note as it is stored. Raises Refused."""
    return clean(note, field, LONGEST_NOTE, field)


def check_said(text: str | None, field: str) -> str:
    """Return what must be said. Raises Refused."""
    said = check_note(text, field)
    if said is None:
        raise Refused(CommonProblem.REQUIRED, field, field=field)
    return said


def check_compound(compound: UUID | None, hooked: Iterable[UUID]) -> None:
    """Refuse a compound that the unit does not look after. Raises Refused."""
    if compound is not None and compound not in set(hooked):
        raise Refused(OrgProblem.NOT_HOOKED, "compoundId")


def check_taken_up(item: UUID | None, ticket: UUID | None) -> None:
    """Refuse a problem that is neither on a list nor a ticket, or both. Raises Refused."""
    if (item is None) is (ticket is None):
        raise Refused(OrgProblem.ITEM_OR_TICKET, "listItemId")


def check_settled(settled_on: date | None, taken_on: date, on: date) -> None:
    """Refuse to settle twice, or before it was taken up. Raises Refused."""
    if settled_on is not None:
        raise Refused(OrgProblem.ALREADY_SETTLED, "id", date=settled_on)
    if on < taken_on:
        raise Refused(OrgProblem.DATE_TOO_EARLY, "on", date=on, earliest=taken_on)


def score(amounts: Mapping[str, int], rules: Sequence[ContributionRule]) -> int:
    """Return the points of a unit for a year's amounts by kind; kinds without a rule give none."""
    return sum(min(rule.most, amounts.get(rule.kind, 0) // rule.per * rule.points) for rule in rules)


def owing(counts: Iterable[Settled]) -> list[Settled]:
    """Return where fewer problems were settled than the rule asks for, the fewest first."""
    short = [one for one in counts if one.settled < one.fewest]
    return sorted(short, key=lambda one: (one.settled, one.pairing_id, one.compound_id or one.pairing_id))
