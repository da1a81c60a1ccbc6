"""差异化配置: what communities are given in a year by their type: a rule in the open, and its result to be audited.

A rule says, for a kind of thing (money, staff, places) and a type of community, how many units each community gets, and
how many more for each thousand households counted in its grids. What was given is kept with the numbers of the rule
that it follows, so that anyone can do the sum again; whoever departs from a rule says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chassis.problems import Refused
from chassis.texts import demanded
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from uuid import UUID

LONGEST_REASON = 200
MOST = 1_000_000_000
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Rule:
    """How much communities of a type get of a kind of thing: each, and for each thousand households."""

    kind: str
    type: str
    each: int
    per_thousand: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A community that has a type, with the households that were counted in its grids."""

    region_id: UUID
    region_code: str
    type: str
    households: int


@dataclass(frozen=True, slots=True)
class Share:
    """What a community gets by a rule."""

    claim: Claim
    rule: Rule
    amount: int


def check_rule(rule: Rule) -> None:
    """Refuse a rule that gives less than nothing, or more than there is. Raises Refused."""
    if not (0 <= rule.each <= MOST and 0 <= rule.per_thousand <= MOST):
        raise Refused(OrgProblem.INVALID_COUNT, "each", most=MOST)


def amount_by(rule: Rule, households: int) -> int:
    """Return what a rule gives a community of so many households; a part of a unit is rounded half up."""
    return rule.each + (2 * rule.per_thousand * households + _THOUSAND) // (2 * _THOUSAND)


def shares(rules: Mapping[str, Rule], claims: Iterable[Claim], given: set[UUID]) -> Iterator[Share]:
    """Yield what each community gets that has none yet; `rules` are those of one kind, by type.

    A type without a rule gets nothing, and no row: that it has none shows in the rules.
    """
    for claim in claims:
        rule = rules.get(claim.type)
        if rule is not None and claim.region_id not in given:
            yield Share(claim, rule, amount_by(rule, claim.households))


def check_departure(now: int, amount: int, reason: str) -> str:
    """Return why an amount departs from its rule, as it is stored. Raises Refused."""
    if not 0 <= amount <= MOST:
        raise Refused(OrgProblem.INVALID_COUNT, "amount", most=MOST)
    if amount == now:
        raise Refused(OrgProblem.NOTHING_CHANGES, "amount")
    return demanded(reason, "reason", LONGEST_REASON, "reason")
