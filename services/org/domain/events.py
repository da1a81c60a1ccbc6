"""What org publishes. No event holds personal data: people are ids.

All dates are calendar days in Asia/Shanghai; `validTo` and the like are the first day on which it no longer holds.
Region codes are those in force when the event was written; the envelope's `regioncode` is the same.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import Literal
from uuid import UUID  # noqa: TC003

import msgspec

from chassis.events.event import Event
from services.org.domain.levels import LevelName  # noqa: TC001


class RegionEstablished(Event, entity="region", fact="established"):
    """区划设立: a region came into being."""

    region_id: UUID
    code: str
    level: LevelName
    name: str
    parent_id: UUID | None
    valid_from: date


class RegionRenamed(Event, entity="region", fact="renamed"):
    """区划更名: a region has another name."""

    region_id: UUID
    code: str
    name: str
    previous_name: str
    valid_from: date


class RegionRecoded(Event, entity="region", fact="recoded"):
    """区划代码变更: a region has another code, and perhaps another parent; one event for it and each region below.

    What carries the previous code, or a code that starts with it, belongs to the new one from now on.
    """

    region_id: UUID
    code: str
    previous_code: str
    level: LevelName
    parent_id: UUID | None
    valid_from: date


class RegionLeft(Event, entity="region", fact="left"):
    """区划迁出: a region went to another district; told to the one it left, before `recoded` is told to the other."""

    region_id: UUID
    code: str
    new_code: str
    valid_from: date


class RegionClosed(Event, entity="region", fact="closed"):
    """区划撤销: a region ended; nothing was left in it."""

    region_id: UUID
    code: str
    valid_to: date


class OrganisationFounded(Event, entity="organisation", fact="founded"):
    """组织成立: an organisation was founded."""

    organisation_id: UUID
    kind: str
    name: str
    parent_id: UUID | None
    region_id: UUID
    region_code: str
    established_on: date
    dissolved_on: date | None = None


class OrganisationDissolved(Event, entity="organisation", fact="dissolved"):
    """组织撤销: an organisation was dissolved."""

    organisation_id: UUID
    kind: str
    region_id: UUID
    region_code: str
    dissolved_on: date


class PersonRegistered(Event, entity="person", fact="registered"):
    """人员登记: a person was registered, so that they can hold a duty."""

    person_id: UUID
    region_id: UUID
    region_code: str


class PersonUpdated(Event, entity="person", fact="updated"):
    """人员信息变更: something of a person's record changed; the values stay in org."""

    person_id: UUID
    fields: tuple[str, ...]
    region_id: UUID
    region_code: str


class DutyAssigned(Event, entity="duty", fact="assigned"):
    """任职: a person holds a duty from a day on.

    `title` is the code of the practice's duty title; it is what a token's role is called too.
    """

    duty_id: UUID
    person_id: UUID
    title: str
    organisation_id: UUID | None
    region_id: UUID
    region_code: str
    valid_from: date
    valid_to: date | None = None


class DutyEnded(Event, entity="duty", fact="ended"):
    """免职: a person no longer holds a duty from a day on."""

    duty_id: UUID
    person_id: UUID
    title: str
    organisation_id: UUID | None
    region_id: UUID
    region_code: str
    valid_from: date
    valid_to: date


class TeamFormed(Event, entity="team", fact="formed"):
    """队伍组建: a team was formed; members it was formed with are counted only."""

    team_id: UUID
    kind: str
    name: str
    region_id: UUID
    region_code: str
    formed_on: date
    members: int = 0


class TeamMemberJoined(Event, entity="team", fact="member_joined"):
    """队员加入: a person joined a team."""

    team_id: UUID
    person_id: UUID
    region_id: UUID
    region_code: str
    valid_from: date


class TeamMemberLeft(Event, entity="team", fact="member_left"):
    """队员退出: a person left a team."""

    team_id: UUID
    person_id: UUID
    region_id: UUID
    region_code: str
    valid_to: date


class TeamDisbanded(Event, entity="team", fact="disbanded"):
    """队伍解散: a team was disbanded, and all memberships of it ended."""

    team_id: UUID
    region_id: UUID
    region_code: str
    disbanded_on: date


class StationOpened(Event, entity="station", fact="opened"):
    """阵地启用: a station opened."""

    station_id: UUID
    kind: str
    name: str
    functions: tuple[str, ...]
    region_id: UUID
    region_code: str
    opened_on: date


class StationClosed(Event, entity="station", fact="closed"):
    """阵地停用: a station closed."""

    station_id: UUID
    region_id: UUID
    region_code: str
    closed_on: date


class MusterAssigned(Event, entity="muster", fact="assigned"):
    """编组: a person has a place in a community's emergency group; `replaces` is the place they had before."""

    muster_id: UUID
    person_id: UUID
    group: str
    region_id: UUID
    region_code: str
    valid_from: date
    valid_to: date | None = None
    replaces: UUID | None = None


class MusterCount(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How many people a muster group has."""

    group: str
    people: int


class ModeSwitched(Event, entity="mode", fact="switched"):
    """平急转换: a community switched between peacetime and emergency; `groups` is how it mustered."""

    region_id: UUID
    region_code: str
    mode: Literal["PEACETIME", "EMERGENCY"]
    reason: str
    groups: tuple[MusterCount, ...]


EVENTS: tuple[type[Event], ...] = (
    RegionEstablished,
    RegionRenamed,
    RegionRecoded,
    RegionLeft,
    RegionClosed,
    OrganisationFounded,
    OrganisationDissolved,
    PersonRegistered,
    PersonUpdated,
    DutyAssigned,
    DutyEnded,
    TeamFormed,
    TeamMemberJoined,
    TeamMemberLeft,
    TeamDisbanded,
    StationOpened,
    StationClosed,
    MusterAssigned,
    ModeSwitched,
)
"""Every event that org publishes."""
