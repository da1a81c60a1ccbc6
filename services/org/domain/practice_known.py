"""What an import knows already, from the database and from the records accepted so far."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003 (dataclass fields)

from chassis.problems import CommonProblem, Refused
from services.org.domain.career_known import KnownCareers
from services.org.domain.periods import Period, check_existence
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from datetime import date, datetime

    from services.org.domain.assessment import Capacity, LevelOfResult
    from services.org.domain.assignments import Assignment
    from services.org.domain.contacts import Contact
    from services.org.domain.duties import DutyTitle, Held
    from services.org.domain.filings import FilingRule
    from services.org.domain.grid_team import PairMember
    from services.org.domain.levels import Level
    from services.org.domain.lists import ListItem
    from services.org.domain.muster import Mode
    from services.org.domain.people import PartyStatus
    from services.org.domain.recommendations import RecommendationRule
    from services.org.domain.regions import Holder


@dataclass(frozen=True, slots=True)
class KnownRegion:
    """A region in force: since when it bears its code, and since when it exists."""

    id: UUID
    code: str
    level: Level
    since: date
    existence: Period


@dataclass(frozen=True, slots=True)
class KnownTeam:
    """A team, with what a member who joins it needs; a `version` of 0 is a team of the file."""

    region_id: UUID
    region_code: str
    period: Period
    version: int = 0


@dataclass(frozen=True, slots=True)
class KnownPairing:
    """A partner unit's pairing, with what those who work under it need."""

    organisation_id: UUID
    region_code: str
    period: Period
    compounds: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownCheckIn:
    """A check-in, with what its assignments need."""

    person: UUID
    region_code: str
    period: Period


@dataclass(slots=True)
class Known:
    """Everything that the rules of a record ask about, by what it is looked up by."""

    kinds: set[tuple[str, str]] = field(default_factory=set)
    members_only: set[tuple[str, str]] = field(default_factory=set)
    """Kinds that are for party members, as `kinds`."""
    party_kinds: set[str] = field(default_factory=set)
    """Kinds of organisations that are Party organisations."""
    alliance_kinds: set[str] = field(default_factory=set)
    """Kinds of organisations that are alliances of others."""
    same_type: set[str] = field(default_factory=set)
    """Kinds of activities that join communities of one type."""
    experts: dict[UUID, str] = field(default_factory=dict)
    """Codes of the regions of their panels."""
    methods: dict[UUID, tuple[str, str, str]] = field(default_factory=dict)
    """Where a shared method is shared, for which type, and from which community it comes."""
    models: set[str] = field(default_factory=set)
    """Codes of the regions that hold a distinction."""
    open_places: dict[tuple[Any, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
    """Where an expert is on a panel or accompanies, and where a method is used."""
    titles: dict[str, DutyTitle] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    region_ids: set[UUID] = field(default_factory=set)
    regions: dict[str, KnownRegion] = field(default_factory=dict)
    """By the code in force."""
    holders: dict[str, list[Holder]] = field(default_factory=lambda: defaultdict(list))
    """Who ever bore a code."""
    organisations: dict[UUID, tuple[str, Period]] = field(default_factory=dict)
    """Kind and existence."""
    people: dict[UUID, PartyStatus] = field(default_factory=dict)
    duties: dict[UUID, PairMember] = field(default_factory=dict)
    held: dict[tuple[str, str], list[Held]] = field(default_factory=lambda: defaultdict(list))
    """Who holds a title in a region, by title and region code."""
    teams: dict[UUID, KnownTeam] = field(default_factory=dict)
    members: dict[tuple[UUID, UUID], list[Period]] = field(default_factory=lambda: defaultdict(list))
    """Memberships by team and person."""
    leaders: dict[UUID, UUID] = field(default_factory=dict)
    """Who leads the teams of the file."""
    stations: set[UUID] = field(default_factory=set)
    compounds: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    """Names and region codes of those that property has told of."""
    musters: set[UUID] = field(default_factory=set)
    mustered: dict[UUID, list[Period]] = field(default_factory=lambda: defaultdict(list))
    switches: dict[UUID, list[tuple[datetime, Mode]]] = field(default_factory=lambda: defaultdict(list))
    """When communities went over to which mode, by the region's id, in order of time."""
    """When a person has a place in a group."""

    funds: set[tuple[UUID, int, str]] = field(default_factory=set)
    """By organisation, year and source."""
    community_types: set[str] = field(default_factory=set)
    classified: dict[str, str] = field(default_factory=dict)
    """Types of communities by region code."""
    counted: set[str] = field(default_factory=set)
    """Codes of the grids that have a count."""
    registered: set[UUID] = field(default_factory=set)
    """Ids of profiles, counts, distinctions, pairings and check-ins."""
    paired: dict[tuple[str, UUID], set[str]] = field(default_factory=lambda: defaultdict(set))
    """Where a unit is paired, by kind and unit."""
    capacities: dict[str, Capacity] = field(default_factory=dict)
    levels: dict[str, LevelOfResult] = field(default_factory=dict)
    assessed: set[tuple[UUID, int]] = field(default_factory=set)
    """By organisation and year."""
    allocated: set[tuple[str, int, str]] = field(default_factory=set)
    """By region code, year and kind."""
    in_reserve: dict[UUID, list[Period]] = field(default_factory=lambda: defaultdict(list))
    """When a person is in a reserve."""
    list_items: dict[UUID, ListItem] = field(default_factory=dict)
    recommendation_rules: dict[str, RecommendationRule] = field(default_factory=dict)
    """By title."""
    recommended_posts: set[tuple[str, str]] = field(default_factory=set)
    """Title and region code of what is under way."""
    filing_rules: dict[str, FilingRule] = field(default_factory=dict)
    """By title."""
    filed_posts: set[tuple[str, UUID]] = field(default_factory=set)
    """Title and organisation of filings of which something can still come."""
    branches: dict[UUID, str] = field(default_factory=dict)
    """Region codes of organisations."""
    organisation_versions: dict[UUID, int] = field(default_factory=dict)
    """Of those that the database has."""
    covering: set[UUID] = field(default_factory=set)
    """Organisations of which it was said which compounds they cover."""
    pairings: dict[UUID, KnownPairing] = field(default_factory=dict)
    contacts: dict[UUID, Contact] = field(default_factory=dict)
    contacts_of: dict[UUID, list[Contact]] = field(default_factory=lambda: defaultdict(list))
    """By person."""
    checked_in: dict[UUID, list[Period]] = field(default_factory=lambda: defaultdict(list))
    """When a person has checked in."""
    check_ins: dict[UUID, KnownCheckIn] = field(default_factory=dict)
    allied: dict[tuple[UUID, UUID], list[Period]] = field(default_factory=lambda: defaultdict(list))
    """By alliance and member."""
    assigned: dict[UUID, list[Assignment]] = field(default_factory=lambda: defaultdict(list))
    """By check-in."""

    careers: KnownCareers = field(default_factory=KnownCareers)

    def organisation(self, id_: UUID, field: str) -> tuple[str, Period]:
        """Return an organisation's kind and existence. Raises Refused with UNKNOWN_ORGANISATION."""
        found = self.organisations.get(id_)
        if found is None:
            raise Refused(OrgProblem.UNKNOWN_ORGANISATION, field)
        return found

    def check_standing(self, id_: UUID | None, period: Period, field: str) -> None:
        """Refuse an organisation that does not exist throughout a period, unless none is named. Raises Refused."""
        if id_ is not None:
            check_existence(self.organisation(id_, field)[1], period, "organisation", field)

    def region(self, code: str) -> KnownRegion:
        """Return the region that bears `code`. Raises Refused with UNKNOWN_REGION."""
        found = self.regions.get(code)
        if found is None:
            raise Refused(CommonProblem.UNKNOWN_REGION, "region_code", code=code[:40])
        return found
