"""应急后备力量: how many people a community keeps in reserve, who of them is called up, and who has arrived.

The practice says for each source of people (cadres, members, volunteers, ...) how many a community needs, by its
households, its residents and the in-service members who checked in there. A call-up is made in an emergency, or as a
drill; whoever was never called, or longest ago, is called first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chassis.problems import Refused
from chassis.texts import demanded
from services.org.domain.muster import Mode
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from services.org.domain.periods import Period

_THOUSAND = 1000
MOST_FOR_A_THOUSAND = 1000
MOST_CALLED = 10_000
LONGEST_TEXT = 200


class CallState(StrEnum):
    """How it stands with somebody who was called up."""

    CALLED = "CALLED"
    ARRIVED = "ARRIVED"
    EXCUSED = "EXCUSED"


@dataclass(frozen=True, slots=True)
class ReserveRule:
    """How many people of a source a community needs for each thousand households, residents and members."""

    source: str
    households: int = 0
    residents: int = 0
    members: int = 0


@dataclass(frozen=True, slots=True)
class Size:
    """What a community is measured by: households, residents, and in-service members who checked in."""

    households: int = 0
    residents: int = 0
    members: int = 0


@dataclass(frozen=True, slots=True)
class Reservist:
    """Somebody in reserve, and when they were last called."""

    person_id: UUID
    last_called: datetime | None = None


def check_reserve_rule(rule: ReserveRule) -> None:
    """Refuse a rule that asks for fewer than none, or for more people than there are. Raises Refused."""
    for name in ("households", "residents", "members"):
        if not 0 <= getattr(rule, name) <= MOST_FOR_A_THOUSAND:
            raise Refused(OrgProblem.INVALID_COUNT, name, most=MOST_FOR_A_THOUSAND)


def needed(rule: ReserveRule, size: Size) -> int:
    """Return how many people of a source a community of that size needs; part of one counts as one."""
    total = rule.households * size.households + rule.residents * size.residents + rule.members * size.members
    return -(-total // _THOUSAND)


def missing(needs: Mapping[str, int], enrolled: Mapping[str, int]) -> int:
    """Return how many people a community lacks; too many of one source do not make up for another."""
    return sum(max(0, need - enrolled.get(source, 0)) for source, need in needs.items())


def check_enrolled(earlier: Iterable[Period], wanted: Period) -> None:
    """Refuse who is in a reserve already in that time. Raises Refused."""
    if any(period.meets(wanted) for period in earlier):
        raise Refused(OrgProblem.ALREADY_IN_RESERVE, "personId")


def check_call_up(mode: Mode, *, is_drill: bool, people: int) -> None:
    """Refuse a call-up in peacetime that is no drill, or of nobody. Raises Refused."""
    if mode is Mode.PEACETIME and not is_drill:
        raise Refused(OrgProblem.NOT_IN_EMERGENCY, "regionCode")
    if not 0 < people <= MOST_CALLED:
        raise Refused(OrgProblem.INVALID_COUNT, "people", most=MOST_CALLED)


def chosen(reserve: Sequence[Reservist], people: int) -> list[Reservist]:
    """Return who is called: whoever never was first, then whoever was longest ago; all of them when too few.

    Raises Refused when there is nobody.
    """
    never = [one for one in reserve if one.last_called is None]
    before = [(one.last_called, one.person_id, one) for one in reserve if one.last_called is not None]
    order = [*sorted(never, key=lambda one: one.person_id), *(one for _, _, one in sorted(before, key=lambda b: b[:2]))]
    if not order:
        raise Refused(OrgProblem.NOBODY_IN_RESERVE, "regionCode")
    return order[:people]


def answered(now: CallState, wanted: CallState) -> CallState:
    """Return how it stands with somebody after they answered: who was called arrives, or is excused once.

    Raises Refused when they have answered already.
    """
    if now is not CallState.CALLED:
        raise Refused(OrgProblem.ALREADY_ANSWERED, "personId", state=now.value)
    return wanted


def check_words(words: str, field: str) -> str:
    """Return what a call-up is for, where somebody goes, or why they are excused. Raises Refused."""
    return demanded(words, field, LONGEST_TEXT, field)
