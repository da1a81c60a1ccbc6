"""What org publishes. No event holds personal data: people are ids.

Region codes are those in force when the event was written; the envelope's `regioncode` is the same.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from chassis.events.event import Event
from chassis.events.fields import told
from services.org.domain.activity_events import ACTIVITY_EVENTS
from services.org.domain.alliance_events import ALLIANCE_EVENTS
from services.org.domain.assignment_events import ASSIGNMENT_EVENTS
from services.org.domain.career_events import CAREER_EVENTS
from services.org.domain.contact_events import CONTACT_EVENTS
from services.org.domain.covering_events import COVERING_EVENTS
from services.org.domain.event_fields import (
    MUSTER,
    ChangedFields,
    ClosedOn,
    CommunityMode,
    DisbandedOn,
    DutyId,
    DutyOrganisationId,
    DutyTitle,
    FirstMember,
    FirstMembers,
    FormedOn,
    Functions,
    Kind,
    LeaderId,
    Members,
    MusterGroup,
    MusterId,
    Name,
    OpenedOn,
    People,
    PersonId,
    PlannedValidTo,
    PreviousRegionCode,
    Reason,
    RegionCode,
    RegionId,
    Replaces,
    StationId,
    TeamId,
    ValidFrom,
    ValidTo,
)
from services.org.domain.filing_events import FILING_EVENTS
from services.org.domain.fund_events import FundPosted
from services.org.domain.list_events import LIST_EVENTS
from services.org.domain.model_events import MODEL_EVENTS
from services.org.domain.partner_events import PARTNER_EVENTS
from services.org.domain.person_events import PersonErased
from services.org.domain.recommendation_events import RECOMMENDATION_EVENTS
from services.org.domain.region_events import (
    OrganisationDissolved,
    OrganisationFounded,
    OrganisationMoved,
    OrganisationRenamed,
    RegionClosed,
    RegionEstablished,
    RegionLeft,
    RegionRecoded,
    RegionRenamed,
)
from services.org.domain.register_events import REGISTER_EVENTS
from services.org.domain.reserve_events import RESERVE_EVENTS
from services.org.domain.service_events import SERVICE_EVENTS
from services.org.domain.special_need_events import SPECIAL_NEED_EVENTS
from services.org.domain.training_events import TRAINING_EVENTS
from services.org.domain.type_events import TYPE_EVENTS


class PersonRegistered(Event, entity="person", fact="registered"):
    """人员登记: a person was registered, so that they can hold a duty.

    When: a person is imported or registered.

    For: systems that match their own staff with Linli's ids.
    """

    person_id: PersonId
    region_id: RegionId
    region_code: RegionCode


class PersonUpdated(Event, entity="person", fact="updated"):
    """人员信息变更: something of a person's record changed; the values stay in org.

    When: a person's record is corrected.

    For: systems that hold a copy: ask the graph for the values, if you may see them.
    """

    person_id: PersonId
    fields: ChangedFields
    region_id: RegionId
    region_code: RegionCode


class DutyAssigned(Event, entity="duty", fact="assigned"):
    """任职: a person holds a duty from a day on.

    `title` is the code of the practice's duty title; it is what a token's role is called too.

    When: a duty is imported or assigned.

    For: whoever gives rights or work by duty: tickets lets people act by it.
    """

    duty_id: DutyId
    person_id: PersonId
    title: DutyTitle
    organisation_id: DutyOrganisationId
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom
    valid_to: PlannedValidTo = None


class DutyEnded(Event, entity="duty", fact="ended"):
    """免职: a person no longer holds a duty from a day on.

    When: a duty is ended, or given to another person.

    For: whoever gives rights or work by duty: take them back from `validTo` on.
    """

    duty_id: DutyId
    person_id: PersonId
    title: DutyTitle
    organisation_id: DutyOrganisationId
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom
    valid_to: ValidTo


class TeamFormed(Event, entity="team", fact="formed"):
    """队伍组建: a team was formed, with its first members; `members` counts them all.

    When: a team is imported or formed.

    For: directories of volunteers and of working teams.
    """

    team_id: TeamId
    kind: Kind
    name: Name
    region_id: RegionId
    region_code: RegionCode
    formed_on: FormedOn
    members: Members = 0
    people: FirstMembers = ()
    leader_id: LeaderId = None


class TeamMemberJoined(Event, entity="team", fact="member_joined"):
    """队员加入: a person joined a team.

    When: a person joins a team that exists.

    For: whoever counts or calls on members.
    """

    team_id: TeamId
    person_id: PersonId
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom


class TeamMemberLeft(Event, entity="team", fact="member_left"):
    """队员退出: a person left a team.

    When: a person leaves a team that goes on.

    For: whoever counts or calls on members.
    """

    team_id: TeamId
    person_id: PersonId
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


class TeamDisbanded(Event, entity="team", fact="disbanded"):
    """队伍解散: a team was disbanded, and all memberships of it ended.

    When: a team is disbanded; no event tells of each membership.

    For: directories of volunteers and of working teams.
    """

    team_id: TeamId
    region_id: RegionId
    region_code: RegionCode
    disbanded_on: DisbandedOn


class StationOpened(Event, entity="station", fact="opened"):
    """阵地启用: a station opened.

    When: a station is imported or opened.

    For: maps and directories of what residents can go to.
    """

    station_id: StationId
    kind: Kind
    name: Name
    functions: Functions
    region_id: RegionId
    region_code: RegionCode
    opened_on: OpenedOn


class TeamLeaderNamed(Event, entity="team", fact="leader_named"):
    """队长任命: a member leads a team from now on, in place of whoever did; or nobody does.

    When: a leader is named. Whoever leaves the team no longer leads it; no event tells of that by itself.

    For: whoever calls on a team by its leader.
    """

    team_id: TeamId
    leader_id: LeaderId
    region_id: RegionId
    region_code: RegionCode


class TeamMoved(Event, entity="team", fact="moved"):
    """队伍调整区划: a team belongs to another region, with its members.

    When: grids are redrawn and the team's grid is merged into another.

    For: directories of volunteers and of working teams.
    """

    team_id: TeamId
    region_id: RegionId
    region_code: RegionCode
    previous_region_code: PreviousRegionCode
    valid_from: ValidFrom


class StationMoved(Event, entity="station", fact="moved"):
    """阵地调整区划: a station serves another region.

    When: grids are redrawn and the station's grid is merged into another.

    For: maps and directories of what residents can go to.
    """

    station_id: StationId
    region_id: RegionId
    region_code: RegionCode
    previous_region_code: PreviousRegionCode
    valid_from: ValidFrom


class StationClosed(Event, entity="station", fact="closed"):
    """阵地停用: a station closed.

    When: a station is closed.

    For: maps and directories of what residents can go to.
    """

    station_id: StationId
    region_id: RegionId
    region_code: RegionCode
    closed_on: ClosedOn


class MusterAssigned(Event, entity="muster", fact="assigned"):
    """编组: a person has a place in a community's emergency group; `replaces` is the place they had before.

    When: a person is given a place, in peacetime or in an emergency.

    For: emergency command, which calls people by group.
    """

    muster_id: MusterId
    person_id: PersonId
    group: MusterGroup
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom
    valid_to: PlannedValidTo = None
    replaces: Replaces = None


class MusterCount(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How many people a muster group has."""

    group: MusterGroup
    people: People


class ModeSwitched(Event, entity="mode", fact="switched"):
    """平急转换: a community switched between peacetime and emergency; `groups` is how it mustered.

    When: a community switches either way.

    For: emergency command, and systems that work differently in an emergency.
    """

    region_id: RegionId
    region_code: RegionCode
    mode: CommunityMode
    reason: Reason
    groups: Annotated[tuple[MusterCount, ...], told("how each emergency group mustered, in people", [MUSTER])]


EVENTS: tuple[type[Event], ...] = (
    RegionEstablished,
    RegionRenamed,
    RegionRecoded,
    RegionLeft,
    RegionClosed,
    OrganisationFounded,
    OrganisationRenamed,
    OrganisationMoved,
    OrganisationDissolved,
    PersonRegistered,
    PersonUpdated,
    PersonErased,
    DutyAssigned,
    DutyEnded,
    TeamFormed,
    TeamLeaderNamed,
    TeamMemberJoined,
    TeamMemberLeft,
    TeamDisbanded,
    TeamMoved,
    StationOpened,
    StationMoved,
    StationClosed,
    MusterAssigned,
    ModeSwitched,
    *REGISTER_EVENTS,
    *ACTIVITY_EVENTS,
    *SERVICE_EVENTS,
    *MODEL_EVENTS,
    *LIST_EVENTS,
    *TYPE_EVENTS,
    *RESERVE_EVENTS,
    *CONTACT_EVENTS,
    *ASSIGNMENT_EVENTS,
    *ALLIANCE_EVENTS,
    *COVERING_EVENTS,
    *CAREER_EVENTS,
    *RECOMMENDATION_EVENTS,
    *FILING_EVENTS,
    *PARTNER_EVENTS,
    *TRAINING_EVENTS,
    *SPECIAL_NEED_EVENTS,
    FundPosted,
)
"""Every event that org publishes."""

__all__ = [
    "EVENTS",
    "DutyAssigned",
    "DutyEnded",
    "FirstMember",
    "ModeSwitched",
    "MusterAssigned",
    "MusterCount",
    "OrganisationDissolved",
    "OrganisationFounded",
    "OrganisationMoved",
    "OrganisationRenamed",
    "PersonRegistered",
    "PersonUpdated",
    "RegionClosed",
    "RegionEstablished",
    "RegionLeft",
    "RegionRecoded",
    "RegionRenamed",
    "StationClosed",
    "StationMoved",
    "StationOpened",
    "TeamDisbanded",
    "TeamFormed",
    "TeamLeaderNamed",
    "TeamMemberJoined",
    "TeamMemberLeft",
    "TeamMoved",
]
