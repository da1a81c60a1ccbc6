"""What a practice file holds: one city's levels, words, duties, processes, demonstration and figures.

The structs follow the file key by key (`docs/practices.md` describes it for who writes one). A key that is not here is
refused.
"""

from __future__ import annotations

import re
from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from deploy.practices.model_base import Code, Count, Entry, LevelName, Names, Positive, RegionCode, Text
from deploy.practices.model_by_type import (  # noqa: TC001 (msgspec reads annotations at run time)
    AllocationRule,
    AssessmentLevel,
    Capacity,
    DemonstrationAllocation,
    DemonstrationAssessments,
)
from deploy.practices.model_careers import Careers, DemonstrationCareers
from deploy.practices.model_credit import DemonstrationCredit, DemonstrationSelections  # noqa: TC001
from deploy.practices.model_places import (  # noqa: TC001 (msgspec reads annotations at run time)
    DemonstrationActivities,
    DemonstrationExperts,
    DemonstrationMatters,
    DemonstrationMethod,
    DemonstrationServiceItems,
    ServiceCircle,
)
from deploy.practices.model_property import (  # noqa: TC001 (msgspec reads annotations at run time)
    DemonstrationCommittees,
    DemonstrationCompanies,
    DemonstrationCompounds,
    DemonstrationServiceSystem,
)
from deploy.practices.model_registers import (  # noqa: TC001 (msgspec reads annotations at run time)
    CommunityType,
    DemonstrationCensus,
    DemonstrationCheckIns,
    DemonstrationDistinction,
    DemonstrationDrill,
    DemonstrationEmergency,
    DemonstrationFund,
    DemonstrationListed,
    DemonstrationPairing,
    DemonstrationReserve,
    DemonstrationSpecialNeeds,
    DemonstrationType,
    ReserveRule,
    StaffingStandard,
)
from deploy.practices.model_tickets import DemonstrationJointWork, DemonstrationTickets  # noqa: TC001
from deploy.practices.model_ties import (  # noqa: TC001 (msgspec reads annotations at run time)
    ContributionRule,
    DemonstrationContacts,
    DemonstrationFilings,
    DemonstrationPartnerWork,
    DemonstrationRecommendations,
    FilingRule,
    PairingRule,
    RecommendationRule,
)
from services.org.domain.duties import TeamRole  # noqa: TC001
from services.property.domain.red import RedRule  # noqa: TC001
from services.property.domain.service_system import ServiceSystem  # noqa: TC001
from services.tickets.domain.calendar import CalendarRule  # noqa: TC001
from services.tickets.domain.session_kind import SessionKind  # noqa: TC001

PRACTICE_NAME = re.compile(r"[a-z][a-z0-9-]*")
"""What a practice and its file are called."""


class Kind(Entry, frozen=True):
    """A kind of organisation, team or station.

    `volunteers` (teams): its members count as a grid's volunteers; `party_members` (contacts): only they have it;
    `same_type` (activities): it joins communities of one type; `party` (organisations): it is a Party organisation;
    `alliance` (organisations): others join and leave it.
    """

    code: Code
    name: Names
    volunteers: bool = False
    party_members: bool = False
    same_type: bool = False
    party: bool = False
    alliance: bool = False


class Kinds(Entry, frozen=True):
    """The kinds that this city knows."""

    organisation: list[Kind]
    team: list[Kind]
    station: list[Kind]
    distinction: list[Kind] = msgspec.field(default_factory=list)
    fund: list[Kind] = msgspec.field(default_factory=list)
    pairing: list[Kind] = msgspec.field(default_factory=list)
    need: list[Kind] = msgspec.field(default_factory=list)
    resource: list[Kind] = msgspec.field(default_factory=list)
    service: list[Kind] = msgspec.field(default_factory=list)
    task: list[Kind] = msgspec.field(default_factory=list)
    allocation: list[Kind] = msgspec.field(default_factory=list)
    reserve: list[Kind] = msgspec.field(default_factory=list)
    special_need: list[Kind] = msgspec.field(default_factory=list)
    contribution: list[Kind] = msgspec.field(default_factory=list)
    check_in: list[Kind] = msgspec.field(default_factory=list)
    contact: list[Kind] = msgspec.field(default_factory=list)
    activity: list[Kind] = msgspec.field(default_factory=list)
    expertise: list[Kind] = msgspec.field(default_factory=list)
    recruitment: list[Kind] = msgspec.field(default_factory=list)
    talent: list[Kind] = msgspec.field(default_factory=list)
    window: list[Kind] = msgspec.field(default_factory=list)
    service_post: list[Kind] = msgspec.field(default_factory=list)


class DutyTitle(Entry, frozen=True):
    """A duty title (职务): where it is held, by how many in one region, and by whom."""

    code: Code
    name: Names
    level: LevelName | None = None
    fewest: Count = 0
    most: Positive | None = None
    party_member: bool = False
    organisation_kind: Code | None = None
    team_role: TeamRole | None = None


class MusterGroup(Entry, frozen=True):
    """One of the office and groups that people are mustered into in an emergency."""

    code: Code
    name: Names
    office: bool = False


class Place(Entry, frozen=True):
    """A region with its real code and name."""

    code: RegionCode
    name: Text


class Region(Entry, frozen=True):
    """Where the practice is in force; `since` is the first day on which Linli knows these regions."""

    city: Place
    district: Place
    subdistricts: Annotated[list[Place], msgspec.Meta(min_length=1)]
    since: date


class CommunityNames(Entry, frozen=True):
    """The communities of one subdistrict, by name, and `more` that are only numbered; codes are counted from 001."""

    subdistrict: RegionCode
    names: Annotated[list[Text], msgspec.Meta(max_length=199)] = msgspec.field(default_factory=list)
    more: Annotated[int, msgspec.Meta(ge=0, le=199)] = 0

    @property
    def count(self) -> int:
        """How many communities there are."""
        return len(self.names) + self.more


class DemonstrationCentre(Entry, frozen=True):
    """The middle of the demonstration's town in degrees, and how far from it communities lie at most."""

    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    kilometres: Annotated[float, msgspec.Meta(gt=0, le=50)]


class DemonstrationRegions(Entry, frozen=True):
    """Regions below the subdistricts: communities by name, and how many grids, buildings and units they have."""

    communities: Annotated[list[CommunityNames], msgspec.Meta(min_length=1)]
    grids: Positive
    buildings: Positive
    units: Positive
    since: date
    centre: DemonstrationCentre | None = None


class DemonstrationOrganisation(Entry, frozen=True):
    """One organisation of `kind` in every region of `level`, or `count` spread over them.

    `name` may use `{region}`, and `{number}` where there is a `count`. Each belongs to the alliance of the kind `joins`
    there or nearest above, from the day on which it is founded. Of the compounds of
    their communities they cover `one` each (while there are any), or `all` that are left, jointly where there are fewer
    of them than compounds.
    """

    kind: Code
    level: LevelName
    name: Text
    established_from: date
    established_to: date
    parent: Code | None = None
    count: Positive | None = None
    joins: Code | None = None
    covers: Literal["one", "all"] | None = None


class DemonstrationAges(Entry, frozen=True):
    """How old people are on average at the date, and how many per cent have college education or above."""

    mean: Annotated[float, msgspec.Meta(ge=25, le=60)]
    college_percent: Annotated[float, msgspec.Meta(ge=0, le=100)]


class DemonstrationDuty(Entry, frozen=True):
    """Who holds a title: `each` people in every region of its level, but for `vacancies` regions left without.

    With `total` that many hold it, spread evenly over the regions. With `also` it is held by who holds that title
    there (一肩挑). With `pairings` it is held by one of each unit paired by that kind, where the unit is paired; with
    `each_organisation` by one in every organisation of the title's kind.
    `ages` gives those people years of birth and education.
    `party` is the party status of those who hold it, a mix of the named in turn; with `pairs` an in-service member and
    another one of the same grid are paired (结对). `former` regions have had somebody before.
    """

    title: Code
    since_from: date
    since_to: date
    each: Positive = 1
    total: Positive | None = None
    also: Code | None = None
    pairings: Code | None = None
    each_organisation: bool = False
    ages: DemonstrationAges | None = None
    vacancies: Count = 0
    former: Count = 0
    party: Annotated[list[Literal["NONE", "IN_SERVICE", "OTHER"]], msgspec.Meta(min_length=1)] = msgspec.field(
        default_factory=lambda: ["NONE"]
    )
    pairs: bool = False


class DemonstrationTeams(Entry, frozen=True):
    """`teams` teams of a kind, spread over the regions of `level`, with `members` members together.

    With `titles` the first members are who holds these titles in the team's region and below, in that order.
    """

    kind: Code
    level: LevelName
    teams: Positive
    members: Positive
    names: Annotated[list[Text], msgspec.Meta(min_length=1)]
    since_from: date
    since_to: date
    titles: list[Code] = msgspec.field(default_factory=list)


class DemonstrationStations(Entry, frozen=True):
    """`count` stations of a kind, spread over the regions of `level`; `name` may use `{region}` and `{number}`.

    They have the `functions`, and those that `functions_by_type` gives to the type of their community.
    """

    kind: Code
    level: LevelName
    count: Positive
    name: Text
    opened_from: date
    opened_to: date
    functions: list[Text] = msgspec.field(default_factory=list)
    functions_by_type: dict[Code, list[Text]] = msgspec.field(default_factory=dict)


class MusterSource(Entry, frozen=True):
    """People who are mustered: holders of a title, members of a kind of team, or `count` others (as `property`)."""

    post: Text
    title: Code | None = None
    team: Code | None = None
    count: Positive | None = None


class DemonstrationMuster(Entry, frozen=True):
    """Who is mustered and since when; they are spread over the groups by weight (default 1)."""

    since: date
    sources: list[MusterSource]
    weights: dict[Code, Positive] = msgspec.field(default_factory=dict)


class Demonstration(Entry, frozen=True):
    """A generated city that answers the figures: nobody in it exists, and the same seed gives the same city.

    `date` is the day on which the figures are taken; tickets run in the year before it.
    """

    seed: int
    date: date
    regions: DemonstrationRegions
    organisations: list[DemonstrationOrganisation]
    duties: list[DemonstrationDuty]
    teams: list[DemonstrationTeams]
    stations: list[DemonstrationStations]
    muster: DemonstrationMuster | None = None
    tickets: list[DemonstrationTickets] = msgspec.field(default_factory=list)
    joint_work: DemonstrationJointWork | None = None
    credit: DemonstrationCredit | None = None
    selections: list[DemonstrationSelections] = msgspec.field(default_factory=list)
    community_types: list[DemonstrationType] = msgspec.field(default_factory=list)
    census: DemonstrationCensus | None = None
    distinctions: list[DemonstrationDistinction] = msgspec.field(default_factory=list)
    pairings: list[DemonstrationPairing] = msgspec.field(default_factory=list)
    check_ins: list[DemonstrationCheckIns] = msgspec.field(default_factory=list)
    recommendations: list[DemonstrationRecommendations] = msgspec.field(default_factory=list)
    filings: list[DemonstrationFilings] = msgspec.field(default_factory=list)
    partner_work: list[DemonstrationPartnerWork] = msgspec.field(default_factory=list)
    contacts: list[DemonstrationContacts] = msgspec.field(default_factory=list)
    lists: list[DemonstrationListed] = msgspec.field(default_factory=list)
    reserve: list[DemonstrationReserve] = msgspec.field(default_factory=list)
    drills: list[DemonstrationDrill] = msgspec.field(default_factory=list)
    special_needs: list[DemonstrationSpecialNeeds] = msgspec.field(default_factory=list)
    emergencies: list[DemonstrationEmergency] = msgspec.field(default_factory=list)
    assessments: list[DemonstrationAssessments] = msgspec.field(default_factory=list)
    allocations: list[DemonstrationAllocation] = msgspec.field(default_factory=list)
    funds: list[DemonstrationFund] = msgspec.field(default_factory=list)
    activities: list[DemonstrationActivities] = msgspec.field(default_factory=list)
    careers: DemonstrationCareers = msgspec.field(default_factory=DemonstrationCareers)
    service_items: list[DemonstrationServiceItems] = msgspec.field(default_factory=list)
    authorised_matters: list[DemonstrationMatters] = msgspec.field(default_factory=list)
    experts: list[DemonstrationExperts] = msgspec.field(default_factory=list)
    methods: list[DemonstrationMethod] = msgspec.field(default_factory=list)
    compounds: list[DemonstrationCompounds] = msgspec.field(default_factory=list)
    committees: list[DemonstrationCommittees] = msgspec.field(default_factory=list)
    property_companies: list[DemonstrationCompanies] = msgspec.field(default_factory=list)
    service_systems: list[DemonstrationServiceSystem] = msgspec.field(default_factory=list)


class Figure(Entry, frozen=True):
    """A published figure: what it is expected to be, and where the answer of the figures query has it.

    `at_least` where the source says 余 (a little more than), `just_below` where it says 近 (close to). `path` is the
    keys from `data` down; a number is a position (from 0) in a list.
    """

    id: Text
    label: Text
    expected: int | float
    path: Annotated[str, msgspec.Meta(pattern=r"^[_A-Za-z][_0-9A-Za-z]*(\.([_A-Za-z][_0-9A-Za-z]*|[0-9]{1,4}))*$")]
    at_least: bool = False
    just_below: bool = False


class Figures(Entry, frozen=True):
    """The query that answers the figures (a file beside the practice) and the figures."""

    query: Text
    rows: list[Figure]


class Practice(Entry, frozen=True):
    """One city's configuration, whole; `folder` is where the files that it names lie."""

    practice: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]*$")]
    name: Names
    summary: Names
    region: Region
    kinds: Kinds
    duty_titles: list[DutyTitle]
    muster_groups: list[MusterGroup]
    processes: list[Text]
    """Files with lists of processes (services/tickets/README.md describes them)."""
    demonstration: Demonstration
    figures: Figures
    staffing: list[StaffingStandard] = msgspec.field(default_factory=list)
    community_types: list[CommunityType] = msgspec.field(default_factory=list)
    capacities: list[Capacity] = msgspec.field(default_factory=list)
    assessment_levels: list[AssessmentLevel] = msgspec.field(default_factory=list)
    contribution_rules: list[ContributionRule] = msgspec.field(default_factory=list)
    pairing_rules: list[PairingRule] = msgspec.field(default_factory=list)
    recommendation_rules: list[RecommendationRule] = msgspec.field(default_factory=list)
    filing_rules: list[FilingRule] = msgspec.field(default_factory=list)
    reserve_rules: list[ReserveRule] = msgspec.field(default_factory=list)
    allocation_rules: list[AllocationRule] = msgspec.field(default_factory=list)
    careers: Careers = msgspec.field(default_factory=Careers)
    service_circles: list[ServiceCircle] = msgspec.field(default_factory=list)
    calendar: CalendarRule | None = None
    session_kinds: list[SessionKind] = msgspec.field(default_factory=list)
    """Kinds of sessions that are held regularly, with their days of the week."""
    red_rule: RedRule | None = None
    """When a committee or property company counts as red; without one, property's own rule."""
    service_systems: list[ServiceSystem] = msgspec.field(default_factory=list)
    """Systems of property help: levels that help compounds, and bodies that supervise them."""
    credit: Text | None = None
    """The file of credit's indicator catalogue (services/credit/README.md)."""
    admission: Text | None = None
    """The file of the three lists of entry control (services/tickets/README.md)."""
    folder: Path = Path()
