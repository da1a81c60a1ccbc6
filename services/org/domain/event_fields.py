"""The members of org's events: each meaning is written once and read in every schema, page and example.

All dates are calendar days in Asia/Shanghai; `validTo` and the like are the first day on which it no longer holds.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from chassis.events.fields import told
from services.org.domain.levels import LevelName

_COMMUNITY = "01981a2b-7c3d-7e4f-8a5b-000000000001"
_SUBDISTRICT = "01981a2b-7c3d-7e4f-8a5b-000000000002"
_ORGANISATION = "01981a2b-7c3d-7e4f-8a5b-000000000003"
_PERSON = "01981a2b-7c3d-7e4f-8a5b-000000000004"
_DUTY = "01981a2b-7c3d-7e4f-8a5b-000000000005"
_TEAM = "01981a2b-7c3d-7e4f-8a5b-000000000006"
_STATION = "01981a2b-7c3d-7e4f-8a5b-000000000007"
_REGISTERED = "01981a2b-7c3d-7e4f-8a5b-000000000009"
_MUSTER = "01981a2b-7c3d-7e4f-8a5b-000000000008"

MUSTER = {"group": "medical_group", "people": 6}

RegionId = Annotated[UUID, told("the region; stays when its code or name changes", _COMMUNITY)]
RegionCode = Annotated[
    str, told("code of the region when the event was written, as in the envelope: 4 to 20 digits", "370321001002")
]
Code = Annotated[str, told("code of the region (区划代码), 4 to 20 digits; starts with its parent's", "370321001002")]
PreviousCode = Annotated[str, told("code of the region before", "370321001009")]
NewCode = Annotated[str, told("code of the region from now on, in the other district", "370303001002")]
MergedIntoRegion = Annotated[
    UUID | None, told("the region that takes over what lay directly in it; null or absent for none", None)
]
MergedIntoCode = Annotated[str | None, told("code of the region that takes over; null or absent for none", None)]
PreviousRegionCode = Annotated[str, told("code of the region that it lay in before", "370321001002009")]
RegionLevel = Annotated[LevelName, told("level in the tree of regions", "COMMUNITY")]
Name = Annotated[str, told("official name", "索镇社区")]
PreviousName = Annotated[str, told("official name before", "索镇第一社区")]
ParentId = Annotated[UUID | None, told("the region it lies in; null for the city", _SUBDISTRICT)]
ValidFrom = Annotated[date, told("first day on which it holds", "2026-03-01")]
ValidTo = Annotated[date, told("first day on which it no longer holds", "2026-09-01")]
PlannedValidTo = Annotated[
    date | None, told("first day on which it no longer holds; null or absent while no end is known", None)
]

OrganisationId = Annotated[UUID, told("the organisation", _ORGANISATION)]
DutyOrganisationId = Annotated[UUID | None, told("the organisation it is held in; null for none", _ORGANISATION)]
ParentOrganisationId = Annotated[UUID | None, told("the organisation above it; null for none", None)]
Kind = Annotated[str, told("code of the kind, from the practice's catalogue", "community_party_committee")]
EstablishedOn = Annotated[date, told("day of founding", "2020-01-01")]
DissolvedOn = Annotated[date, told("first day on which it no longer exists", "2026-09-01")]
KnownDissolvedOn = Annotated[
    date | None, told("first day on which it no longer exists; null or absent while no end is known", None)
]

MergedInto = Annotated[UUID | None, told("the organisation that it was merged into; null or absent for none", None)]
SplitFrom = Annotated[UUID | None, told("the organisation that it was split off from; null or absent for none", None)]

PersonId = Annotated[UUID, told("the person; names are in the graph, for those who may see them", _PERSON)]
LeaderId = Annotated[UUID | None, told("the member who leads the team (队长); null for nobody", _PERSON)]
ChangedFields = Annotated[tuple[str, ...], told("names of what changed, without values", ["name", "phone"])]
DutyId = Annotated[UUID, told("this holding of the duty", _DUTY)]
DutyTitle = Annotated[str, told("code of the duty title (职务) in the practice", "grid_worker")]

TeamId = Annotated[UUID, told("the team", _TEAM)]
FormedOn = Annotated[date, told("day of forming", "2026-03-01")]
DisbandedOn = Annotated[date, told("first day on which it no longer exists", "2026-09-01")]
Members = Annotated[int, told("how many people it was formed with; who joins later is told by events", 12)]

StationId = Annotated[UUID, told("the station", _STATION)]
Functions = Annotated[tuple[str, ...], told("what it is for, in the practice's words", ["议事协商", "民意搜集"])]
OpenedOn = Annotated[date, told("day of opening", "2026-03-01")]
ClosedOn = Annotated[date, told("first day on which it is closed", "2026-09-01")]

MusterId = Annotated[UUID, told("this place in the group", _MUSTER)]
MusterGroup = Annotated[str, told("code of the emergency group in the practice", "medical_group")]
Replaces = Annotated[UUID | None, told("the place they had before; null or absent for none", None)]
People = Annotated[int, told("how many people", 6)]
CommunityMode = Annotated[Literal["PEACETIME", "EMERGENCY"], told("the mode from now on", "EMERGENCY")]
Reason = Annotated[str, told("why, as the person who switched wrote it", "防汛橙色预警")]

ProfileId = Annotated[UUID, told("this classification of the community", _REGISTERED)]
CommunityType = Annotated[str, told("code of the type, from the practice's catalogue", "commercial_housing")]
DistinctionId = Annotated[UUID, told("this distinction", _REGISTERED)]
DistinguishedPerson = Annotated[UUID | None, told("the person who holds it; null when the region itself does", None)]
PairingId = Annotated[UUID, told("this pairing", _REGISTERED)]
HookedCompounds = Annotated[tuple[UUID, ...], told("the compounds, in the property service", [_STATION])]
CoveredCompounds = Annotated[
    tuple[UUID, ...], told("all compounds that it covers, in the property service; none: it covers none", [_STATION])
]
Project = Annotated[str | None, told("what they do together; null when it was not said", "银龄助餐")]
CheckInId = Annotated[UUID, told("this check-in", _REGISTERED)]
MembershipId = Annotated[UUID, told("this membership in the alliance", _REGISTERED)]
AllianceId = Annotated[UUID, told("the alliance, an organisation itself", _ORGANISATION)]
AssignmentId = Annotated[UUID, told("this assignment of the check-in", _STATION)]
AssignedBranch = Annotated[UUID | None, told("the branch or party group; null for none", _ORGANISATION)]
AssignedPost = Annotated[
    str | None, told("code of the post that they take on, from the practice's catalogue; null for none", "patrol")
]
EmployerId = Annotated[UUID | None, told("the organisation they work for; null when it is not known", None)]

CensusId = Annotated[UUID, told("this count", _REGISTERED)]
Households = Annotated[int, told("how many households live there", 412)]
Residents = Annotated[int, told("how many people live there", 1236)]

FundId = Annotated[UUID, told("the organisation's money of one year from one source", _REGISTERED)]
FundEntryId = Annotated[UUID, told("this entry", _REGISTERED)]
FundEntryKind = Annotated[Literal["BUDGET", "DISBURSE", "SPEND", "REVERSAL"], told("what the entry does", "DISBURSE")]
AmountFen = Annotated[int, told("how much, in fen", 500000)]
EntryDay = Annotated[date, told("the day of account", "2026-03-03")]
ReversedEntry = Annotated[UUID | None, told("the entry that it takes back; null for none", None)]
FundYear = Annotated[int, told("the year", 2026)]
FundSource = Annotated[str, told("code of the kind of fund, from the practice's catalogue", "county_party_dues")]

ListItemId = Annotated[UUID, told("this item", _REGISTERED)]
LinkedItem = Annotated[UUID, told("the item that it leads to", _STATION)]
ListCode = Annotated[Literal["NEED", "RESOURCE", "SERVICE", "TASK"], told("on which of the four lists", "NEED")]
ItemKind = Annotated[str | None, told("code of its kind, from the practice's catalogue; null for none", None)]
ItemTicket = Annotated[UUID, told("the ticket, in the tickets service", _MUSTER)]
SettledOn = Annotated[date, told("the day of its result", "2026-09-01")]

AssessmentId = Annotated[UUID, told("this assessment", _REGISTERED)]
AssessedYear = Annotated[int, told("the year", 2026)]
ResultHundredths = Annotated[int, told("weighted mean of the scores, in hundredths: 0 to 10000", 8650)]
AssessedLevel = Annotated[str | None, told("code of the level in the practice; null when it reached none", "good")]
CountedCapacities = Annotated[
    tuple[str, ...],
    told("codes of the capacities whose score was counted from contributions; empty or absent for none", []),
]
AllocationId = Annotated[UUID, told("this allocation", _REGISTERED)]
AllocatedAmount = Annotated[int, told("how many units; the kind says of what", 12)]

TrainingId = Annotated[UUID, told("the programme", _REGISTERED)]
TrainingSessionId = Annotated[UUID, told("this session", _MUSTER)]
TrainedTitles = Annotated[tuple[str, ...], told("codes of the duty titles whose holders attend", ["grid_worker"])]
HeldOn = Annotated[date, told("the day of the session", "2026-03-12")]
Attendees = Annotated[int, told("how many people attended so far", 42)]
TalentId = Annotated[UUID, told("this stage", _REGISTERED)]
TalentOutcomeCode = Annotated[Literal["ADVANCED", "APPOINTED", "LEFT"], told("how it ended", "APPOINTED")]
QualificationId = Annotated[UUID, told("this qualification", _REGISTERED)]
WorkerGradeId = Annotated[UUID, told("this post and grade of the worker", _REGISTERED)]
WorkerPostCode = Annotated[str, told("code of the post, from the practice's catalogue", "deputy")]
WorkerAssessmentId = Annotated[UUID, told("this assessment", _REGISTERED)]
RecruitmentId = Annotated[UUID, told("this number", _REGISTERED)]
PlacedPosts = Annotated[int, told("how many posts", 12)]

ReservistId = Annotated[UUID, told("this place in the reserve", _REGISTERED)]
CallUpId = Annotated[UUID, told("this call-up", _REGISTERED)]
CalledPeople = Annotated[int, told("how many people", 6)]
CalledIds = Annotated[tuple[UUID, ...], told("who is called; names are in the graph", [_PERSON])]
IsDrill = Annotated[bool, told("whether it is a drill", example=False)]

SpecialNeedId = Annotated[UUID, told("this record; who it is of is told to nobody", _REGISTERED)]

ContactId = Annotated[UUID, told("this contact (包联)", _REGISTERED)]
AreaPairing = Annotated[UUID | None, told("the pairing by which their unit took on the area; null for none", None)]
VisitId = Annotated[UUID, told("this visit", _STATION)]
VisitedOn = Annotated[date, told("the day of the visit", "2026-05-12")]
HasFinding = Annotated[bool, told("whether something was found; what, is in the graph", example=True)]
ActivityId = Annotated[UUID, told("this activity", _REGISTERED)]
ActivityDay = Annotated[date, told("the day on which it is or was held", "2026-09-01")]
Participants = Annotated[int, told("how many took part, in person-times", 42)]
NamedPeople = Annotated[
    tuple[UUID, ...], told("who of them is known; names are in the graph, for those who may see them", [_PERSON])
]
JoinedTeams = Annotated[tuple[UUID, ...], told("the teams that took part", [_TEAM])]
JoinedCommunities = Annotated[tuple[UUID, ...], told("the other communities that took part, as regions", [])]
HoldingOrganisation = Annotated[UUID | None, told("the organisation that holds it; null for none", _ORGANISATION)]
HoldingTeam = Annotated[UUID | None, told("the team that holds it; null for none", None)]
HoldingStation = Annotated[UUID | None, told("the station where it is held; null for none", _STATION)]

RecommendationId = Annotated[UUID, told("this recommendation (推选)", _REGISTERED)]
Electors = Annotated[int, told("how many members of the branch may vote", 21)]
Voted = Annotated[int, told("how many of them did", 18)]
Recommended = Annotated[UUID | None, told("whom the branch recommends; null for nobody", _PERSON)]
ClosesAt = Annotated[datetime, told("until when votes are taken", "2026-03-08T10:00:00Z")]
RecommendationEnd = Annotated[
    Literal["ASSIGNED", "WITHDRAWN", "EXPIRED"], told("the duty was given, or nothing comes of it any more", "ASSIGNED")
]
GivenDuty = Annotated[UUID | None, told("the duty that was given; null for none", _DUTY)]
FilingId = Annotated[UUID, told("this filing (任职备案)", _REGISTERED)]
FilingVerdict = Annotated[Literal["FILED", "RETURNED"], told("filed, or returned to the subdistrict", "FILED")]
FiledUntil = Annotated[
    date | None, told("first day on which nothing comes of it any more; null when it was returned", "2026-09-01")
]
FilingEnd = Annotated[
    Literal["ASSIGNED", "WITHDRAWN", "EXPIRED"], told("the duty was given, or nothing comes of it any more", "ASSIGNED")
]
ServiceItemId = Annotated[UUID, told("this item of service", _REGISTERED)]
ServiceWays = Annotated[
    tuple[Literal["ONLINE", "SUBDISTRICT", "COMMUNITY", "STATION"], ...],
    told("by which ways it is handled", ["ONLINE", "STATION"]),
]
ServiceStationKinds = Annotated[
    tuple[str, ...], told("codes of the kinds of stations at which it is handled", ["red_station"])
]
Department = Annotated[UUID | None, told("the organisation that handed it down; null when not said", _ORGANISATION)]
MatterId = Annotated[UUID, told("this matter, as handed to this subdistrict", _REGISTERED)]
TrainingDay = Annotated[date, told("the day on which the training was done", "2026-04-01")]
TrainedPeople = Annotated[int, told("how many people were trained", 6)]
ReviewDay = Annotated[date, told("the day of the review", "2026-09-01")]
MatterVerdict = Annotated[Literal["WORKS", "PARTLY", "FAILS"], told("whether it works, in part, or does not", "WORKS")]

ContributionId = Annotated[UUID, told("this contribution (共建贡献)", _REGISTERED)]
ContributedAmount = Annotated[int, told("how much: yuan, person-times, or what the kind says", 5000)]
ContributedOn = Annotated[date, told("the day on which it was done", "2026-05-12")]
CompoundOf = Annotated[UUID | None, told("the compound, in the property service; null for none", None)]
JointProblemId = Annotated[UUID, told("this problem (突出问题) that a unit took on", _REGISTERED)]
ListedProblem = Annotated[UUID | None, told("the item of a list that it is; null for none", _STATION)]
JointTicket = Annotated[UUID | None, told("the ticket that it is, in the tickets service; null for none", None)]
TakenOn = Annotated[date, told("the day on which it was taken on", "2026-03-03")]
CheckInGroup = Annotated[
    str | None, told("code of the group, such as couriers; null or absent for in-service party members", None)
]
ExpertId = Annotated[UUID, told("this place on the panel of experts", _REGISTERED)]
GuidanceId = Annotated[UUID, told("this guidance of a community by an expert", _STATION)]
MethodId = Annotated[UUID, told("the shared method", _REGISTERED)]
ModelRegion = Annotated[UUID, told("the model community that it comes from, as a region", _COMMUNITY)]
AdoptionId = Annotated[UUID, told("this use of the method by a community", _STATION)]


class FirstMember(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Somebody with whom a team was formed."""

    person_id: PersonId
    valid_from: ValidFrom
    valid_to: PlannedValidTo = None


FirstMembers = Annotated[
    tuple[FirstMember, ...],
    told(
        "who is counted in `members`; absent in events of before this was told",
        [{"personId": "01981a2b-7c3d-7e4f-8a5b-000000000004", "validFrom": "2026-03-01"}],
    ),
]
