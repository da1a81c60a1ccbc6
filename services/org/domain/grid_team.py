"""The grid's 1+1+N team (网格服务队伍): pairs, and the vacancies that its titles leave open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.levels import Level
from services.org.domain.people import PartyStatus
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from services.org.domain.duties import DutyTitle
    from services.org.domain.periods import Period


@dataclass(frozen=True, slots=True)
class Place:
    """A region that titles are held in."""

    region_id: UUID
    code: str
    level: Level


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A title of which fewer than its fewest are held in a region."""

    title: str
    region_id: UUID
    region_code: str
    expected: int
    held: int

    @property
    def missing(self) -> int:
        """How many are missing."""
        return self.expected - self.held


@dataclass(frozen=True, slots=True)
class PairMember:
    """A duty that may be one half of a pair."""

    person_id: UUID
    title: str
    region_code: str
    party_status: PartyStatus
    period: Period
    is_paired: bool


def vacancies(
    titles: Iterable[DutyTitle], places: Iterable[Place], held: Mapping[tuple[str, UUID], int]
) -> list[Vacancy]:
    """Return what is missing: every title that has a fewest, in every place of its level, by code and title.

    `held` counts the duties in force by title and region; what it does not name is not held at all.
    """
    wanted = [title for title in titles if title.fewest > 0]
    found = [
        Vacancy(title.code, place.region_id, place.code, title.fewest, held.get((title.code, place.region_id), 0))
        for place in places
        for title in wanted
        if title.level is place.level
    ]
    return sorted(
        (vacancy for vacancy in found if vacancy.missing > 0), key=lambda vacancy: (vacancy.region_code, vacancy.title)
    )


def check_pair(one: PairMember, other: PairMember) -> None:
    """Refuse two duties as a pair unless one is an in-service member's and one another's, of one title in one grid.

    Raises Refused with NOT_A_PAIR.
    """
    grid = Level.GRID.code_length
    statuses = [one.party_status, other.party_status]
    fits = (
        one.person_id != other.person_id
        and one.title == other.title
        and len(one.region_code) >= grid
        and one.region_code[:grid] == other.region_code[:grid]
        and one.period.meets(other.period)
        and statuses.count(PartyStatus.IN_SERVICE) == 1
        and not (one.is_paired or other.is_paired)
    )
    if not fits:
        raise Refused(OrgProblem.NOT_A_PAIR, "pairedWith")
