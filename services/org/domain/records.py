"""The records of an import file, as README.md describes them; one JSON object a line."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import Any, Literal
from uuid import UUID  # noqa: TC003

from services.org.domain.activity_records import ActivityRecord
from services.org.domain.care_records import (
    CalledRecord,
    CallUpRecord,
    ModeSwitchRecord,
    ReserveRuleRecord,
    ReservistRecord,
    SpecialNeedRecord,
)
from services.org.domain.career_records import CareerRecord
from services.org.domain.circle_file import ServiceCircleRecord
from services.org.domain.duties import TeamRole  # noqa: TC001
from services.org.domain.fund_records import FundRecord, SpentRecord
from services.org.domain.levels import LevelName  # noqa: TC001
from services.org.domain.lists import ListName  # noqa: TC001
from services.org.domain.model_records import AdoptionRecord, ExpertRecord, GuidanceRecord, SharedMethodRecord
from services.org.domain.people import Education, PartyStatus
from services.org.domain.record_base import RecordBase
from services.org.domain.service_records import AuthorisedMatterRecord, ServiceItemRecord
from services.org.domain.tie_records import (
    AllianceMemberRecord,
    CheckInAssignmentRecord,
    ContactRecord,
    ContributionRecord,
    ContributionRuleRecord,
    JointProblemRecord,
    NomineeRecord,
    PairingRuleRecord,
    RecommendationRecord,
    RecommendationRuleRecord,
    TieRecord,
    VisitRecord,
)
from services.org.domain.training_records import TrainingRecords
from services.org.domain.type_records import (
    AllocationRecord,
    AllocationRuleRecord,
    AssessmentLevelRecord,
    AssessmentRecord,
    CapacityRecord,
)


class KindRecord(RecordBase, frozen=True, tag="kind"):
    """A kind of organisation, team or station."""

    category: Literal[
        "organisation",
        "team",
        "station",
        "distinction",
        "pairing",
        "fund",
        "need",
        "resource",
        "service",
        "task",
        "allocation",
        "reserve",
        "special_need",
        "contact",
        "contribution",
        "check_in",
        "activity",
        "expertise",
        "recruitment",
        "talent",
        "window",
        "service_post",
    ]
    code: str
    name_zh: str
    name_en: str
    volunteers: bool = False
    party_members: bool = False
    same_type: bool = False
    party: bool = False
    alliance: bool = False

    @property
    def key(self) -> tuple[Any, ...]:
        """See the base."""
        return self.category, self.code


class DutyTitleRecord(RecordBase, frozen=True, tag="duty_title"):
    """A duty title."""

    code: str
    name_zh: str
    name_en: str
    level: LevelName | None = None
    party_member: bool = False
    organisation_kind: str | None = None
    fewest: int = 0
    most: int | None = None
    team_role: TeamRole | None = None


class MusterGroupRecord(RecordBase, frozen=True, tag="muster_group"):
    """A muster group."""

    code: str
    name_zh: str
    name_en: str
    position: int
    is_office: bool = False


class CommunityTypeRecord(RecordBase, frozen=True, tag="community_type"):
    """A type of communities with its working method."""

    code: str
    name_zh: str
    name_en: str
    method_zh: str
    method_en: str
    features: str
    difficulties: str
    position: int


class StaffingStandardRecord(RecordBase, frozen=True, tag="staffing_standard"):
    """For how many households and residents of a grid there is one holder of a title."""

    title: str
    fewest_households: int
    most_households: int
    fewest_residents: int
    most_residents: int

    @property
    def key(self) -> tuple[Any, ...]:
        """See the base."""
        return (self.title,)


class RegionRecord(RecordBase, frozen=True, tag="region"):
    """A region."""

    id: UUID
    code: str
    name: str
    valid_from: date


class OrganisationRecord(RecordBase, frozen=True, tag="organisation"):
    """An organisation."""

    id: UUID
    kind: str
    name: str
    region_code: str
    established_on: date
    dissolved_on: date | None = None
    parent: UUID | None = None
    credit_code: str | None = None


class PersonRecord(RecordBase, frozen=True, tag="person"):
    """A person."""

    id: UUID
    name: str
    region_code: str
    party_status: PartyStatus = PartyStatus.NONE
    phone: str | None = None
    resident_id: str | None = None
    birth_year: int | None = None
    education: Education | None = None


class DutyRecord(RecordBase, frozen=True, tag="duty"):
    """A duty that a person holds."""

    id: UUID
    person: UUID
    title: str
    region_code: str
    valid_from: date
    valid_to: date | None = None
    organisation: UUID | None = None
    paired_with: UUID | None = None


class TeamRecord(RecordBase, frozen=True, tag="team"):
    """A team."""

    id: UUID
    kind: str
    name: str
    region_code: str
    formed_on: date
    disbanded_on: date | None = None


class TeamMemberRecord(RecordBase, frozen=True, tag="team_member"):
    """A person's membership of a team."""

    team: UUID
    person: UUID
    valid_from: date
    valid_to: date | None = None
    leads: bool = False
    """Only of one of those with whom a team is formed."""

    @property
    def key(self) -> tuple[Any, ...]:
        """See the base."""
        return self.team, self.person, self.valid_from


class StationRecord(RecordBase, frozen=True, tag="station"):
    """A station."""

    id: UUID
    kind: str
    name: str
    region_code: str
    opened_on: date
    closed_on: date | None = None
    functions: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None


class MusterRecord(RecordBase, frozen=True, tag="muster"):
    """A person's place in a muster group."""

    id: UUID
    person: UUID
    group: str
    region_code: str
    valid_from: date
    valid_to: date | None = None
    post: str | None = None


class CommunityProfileRecord(RecordBase, frozen=True, tag="community_profile"):
    """A community's type."""

    id: UUID
    region_code: str
    type: str
    valid_from: date


class CensusRecord(RecordBase, frozen=True, tag="census"):
    """How many households and people live in a grid."""

    id: UUID
    region_code: str
    households: int
    residents: int
    valid_from: date


class DistinctionRecord(RecordBase, frozen=True, tag="distinction"):
    """A distinction of a region or of a person there."""

    id: UUID
    kind: str
    region_code: str
    valid_from: date
    valid_to: date | None = None
    person: UUID | None = None
    reason: str | None = None


class PairingRecord(RecordBase, frozen=True, tag="pairing"):
    """A partner unit hooked to a region."""

    id: UUID
    kind: str
    organisation: UUID
    region_code: str
    valid_from: date
    valid_to: date | None = None
    project: str | None = None
    compounds: tuple[UUID, ...] = ()


class CheckInRecord(RecordBase, frozen=True, tag="check_in"):
    """An in-service party member who serves where they live."""

    id: UUID
    person: UUID
    region_code: str
    valid_from: date
    valid_to: date | None = None
    unit: UUID | None = None
    group: str | None = None


class ListItemRecord(RecordBase, frozen=True, tag="list_item"):
    """Something on one of the four lists of a community, what it leads to, the ticket that handles it, its result."""

    id: UUID
    list: ListName
    region_code: str
    title: str
    valid_from: date
    kind: str | None = None
    detail: str | None = None
    organisation: UUID | None = None
    leads_to: tuple[UUID, ...] = ()
    result: str | None = None
    settled_on: date | None = None
    ticket: UUID | None = None


Record = (
    KindRecord
    | CareerRecord
    | TrainingRecords
    | FundRecord
    | CommunityTypeRecord
    | StaffingStandardRecord
    | CommunityProfileRecord
    | CensusRecord
    | DistinctionRecord
    | PairingRecord
    | CheckInRecord
    | TieRecord
    | ListItemRecord
    | CapacityRecord
    | AssessmentLevelRecord
    | AllocationRuleRecord
    | ReserveRuleRecord
    | ReservistRecord
    | CallUpRecord
    | ModeSwitchRecord
    | SpecialNeedRecord
    | AssessmentRecord
    | AllocationRecord
    | DutyTitleRecord
    | MusterGroupRecord
    | ServiceCircleRecord
    | RegionRecord
    | OrganisationRecord
    | PersonRecord
    | DutyRecord
    | TeamRecord
    | TeamMemberRecord
    | StationRecord
    | MusterRecord
    | ActivityRecord
    | ExpertRecord
    | GuidanceRecord
    | SharedMethodRecord
    | AdoptionRecord
    | ServiceItemRecord
    | AuthorisedMatterRecord
)

__all__ = [
    "ActivityRecord",
    "AllianceMemberRecord",
    "AllocationRecord",
    "AllocationRuleRecord",
    "AssessmentLevelRecord",
    "AssessmentRecord",
    "AuthorisedMatterRecord",
    "CallUpRecord",
    "CalledRecord",
    "CapacityRecord",
    "CheckInAssignmentRecord",
    "ContactRecord",
    "ContributionRecord",
    "ContributionRuleRecord",
    "FundRecord",
    "JointProblemRecord",
    "ModeSwitchRecord",
    "NomineeRecord",
    "PairingRuleRecord",
    "RecommendationRecord",
    "RecommendationRuleRecord",
    "ReserveRuleRecord",
    "ReservistRecord",
    "ServiceCircleRecord",
    "ServiceItemRecord",
    "SpecialNeedRecord",
    "SpentRecord",
    "VisitRecord",
]
"""What is defined elsewhere and read from here; all that this module defines is open as well."""
