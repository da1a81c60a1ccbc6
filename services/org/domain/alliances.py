"""微联盟: organisations that work together where they are, without one standing above the other.

An alliance is an organisation of a kind that the practice says is one. Others join and leave it by date, in as many as
they like: enterprises and social organisations (两新组织), units, departments. What is above whom is another thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.periods import Period, check_existence
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Ally:
    """An organisation that is an alliance or could join one."""

    id: UUID
    is_alliance: bool
    existence: Period


def check_joins(alliance: Ally, member: Ally, earlier: Iterable[Period], wanted: Period) -> None:
    """Refuse to join what is no alliance, oneself, twice at once, or out of the time of either. Raises Refused.

    `earlier` are the times in which this organisation was a member of this alliance.
    """
    if not alliance.is_alliance:
        raise Refused(OrgProblem.NOT_AN_ALLIANCE, "allianceId")
    if alliance.id == member.id:
        raise Refused(OrgProblem.OWN_ALLIANCE, "organisationId")
    check_existence(alliance.existence, wanted, "alliance", "allianceId")
    check_existence(member.existence, wanted, "organisation", "organisationId")
    if any(period.meets(wanted) for period in earlier):
        raise Refused(OrgProblem.ALREADY_IN_ALLIANCE, "organisationId")


@dataclass(frozen=True, slots=True)
class Membership:
    """That an organisation belongs to an alliance in a period."""

    id: UUID
    alliance_id: UUID
    member_id: UUID
    period: Period


def handed_over(
    held: Sequence[Membership], gone: UUID, into: UUID, on: date
) -> list[tuple[Membership, tuple[UUID, UUID, Period] | None]]:
    """Return what becomes of the memberships of an organisation that is merged into another on a day.

    `held` are those of both, as members or as alliances, that hold on `on` or later. Each of `gone` ends on `on` (or
    when it would have begun), and with it comes the one that follows: alliance, member and period. None follows where
    the two are in it together at some time already, or would be their own alliance.
    """
    theirs = [one for one in held if gone in (one.alliance_id, one.member_id)]
    there = [(one.alliance_id, one.member_id, one.period) for one in held if one not in theirs]
    found: list[tuple[Membership, tuple[UUID, UUID, Period] | None]] = []
    for one in theirs:
        alliance, member = (into if id_ == gone else id_ for id_ in (one.alliance_id, one.member_id))
        period = Period(max(on, one.period.start), one.period.until)
        double = any((alliance, member) == other[:2] and period.meets(other[2]) for other in there)
        if alliance == member or double:
            found.append((one, None))
        else:
            there.append((alliance, member, period))
            found.append((one, there[-1]))
    return found
