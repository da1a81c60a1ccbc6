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
    from collections.abc import Iterable
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
