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

LevelName = Literal["CITY", "DISTRICT", "SUBDISTRICT", "COMMUNITY", "GRID", "BUILDING", "UNIT"]


class _OrgEvent(Event, frozen=True, kw_only=True, rename="camel"):
    """Base: fields are camelCase on the wire."""


class RegionEstablished(_OrgEvent, frozen=True, kw_only=True, entity="region", fact="established"):
    """A region came into being. 区划设立"""

    region_id: UUID
    code: str
    level: LevelName
    name: str
    parent_id: UUID | None
    valid_from: date


class RegionRenamed(_OrgEvent, frozen=True, kw_only=True, entity="region", fact="renamed"):
    """A region has another name. 区划更名"""

    region_id: UUID
    code: str
    name: str
    previous_name: str
    valid_from: date


class RegionRecoded(_OrgEvent, frozen=True, kw_only=True, entity="region", fact="recoded"):
    """A region has another code, and perhaps another parent; one event for it and each region below. 区划代码变更

    What carries the previous code, or a code that starts with it, belongs to the new one from now on.
    """

    region_id: UUID
    code: str
    previous_code: str
    level: LevelName
    parent_id: UUID | None
    valid_from: date


class RegionLeft(_OrgEvent, frozen=True, kw_only=True, entity="region", fact="left"):
    """A region went to another district: told to the district it left, before `recoded` is told to the other. 区划迁出"""

    region_id: UUID
    code: str
    new_code: str
    valid_from: date


class RegionClosed(_OrgEvent, frozen=True, kw_only=True, entity="region", fact="closed"):
    """A region ended; nothing was left in it. 区划撤销"""

    region_id: UUID
    code: str
    valid_to: date


class OrganisationFounded(_OrgEvent, frozen=True, kw_only=True, entity="organisation", fact="founded"):
    """An organisation was founded. 组织成立"""

    organisation_id: UUID
    kind: str
    name: str
    parent_id: UUID | None
    region_id: UUID
    region_code: str
    established_on: date
    dissolved_on: date | None = None


class OrganisationDissolved(_OrgEvent, frozen=True, kw_only=True, entity="organisation", fact="dissolved"):
    """An organisation was dissolved. 组织撤销"""

    organisation_id: UUID
    kind: str
    region_id: UUID
    region_code: str
    dissolved_on: date


class PersonRegistered(_OrgEvent, frozen=True, kw_only=True, entity="person", fact="registered"):
    """A person was registered, so that they can hold a duty. 人员登记"""

    person_id: UUID
    region_id: UUID
    region_code: str


class PersonUpdated(_OrgEvent, frozen=True, kw_only=True, entity="person", fact="updated"):
    """Something of a person's record changed; the values stay in org. 人员信息变更"""

    person_id: UUID
    fields: tuple[str, ...]
    region_id: UUID
    region_code: str


class DutyAssigned(_OrgEvent, frozen=True, kw_only=True, entity="duty", fact="assigned"):
    """A person holds a duty from a day on. 任职

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


class DutyEnded(_OrgEvent, frozen=True, kw_only=True, entity="duty", fact="ended"):
    """A person no longer holds a duty from a day on. 免职"""

    duty_id: UUID
    person_id: UUID
    title: str
    organisation_id: UUID | None
    region_id: UUID
    region_code: str
    valid_from: date
    valid_to: date


class TeamFormed(_OrgEvent, frozen=True, kw_only=True, entity="team", fact="formed"):
    """A team was formed; members it was formed with are counted only. 队伍组建"""

    team_id: UUID
    kind: str
    name: str
    region_id: UUID
    region_code: str
    formed_on: date
    members: int = 0


class TeamMemberJoined(_OrgEvent, frozen=True, kw_only=True, entity="team", fact="member_joined"):
    """A person joined a team. 队员加入"""

    team_id: UUID
    person_id: UUID
    region_id: UUID
    region_code: str
    valid_from: date


class TeamMemberLeft(_OrgEvent, frozen=True, kw_only=True, entity="team", fact="member_left"):
    """A person left a team. 队员退出"""

    team_id: UUID
    person_id: UUID
    region_id: UUID
    region_code: str
    valid_to: date


class TeamDisbanded(_OrgEvent, frozen=True, kw_only=True, entity="team", fact="disbanded"):
    """A team was disbanded, and all memberships of it ended. 队伍解散"""

    team_id: UUID
    region_id: UUID
    region_code: str
    disbanded_on: date


class StationOpened(_OrgEvent, frozen=True, kw_only=True, entity="station", fact="opened"):
    """A station opened. 阵地启用"""

    station_id: UUID
    kind: str
    name: str
    functions: tuple[str, ...]
    region_id: UUID
    region_code: str
    opened_on: date


class StationClosed(_OrgEvent, frozen=True, kw_only=True, entity="station", fact="closed"):
    """A station closed. 阵地停用"""

    station_id: UUID
    region_id: UUID
    region_code: str
    closed_on: date


class MusterAssigned(_OrgEvent, frozen=True, kw_only=True, entity="muster", fact="assigned"):
    """A person has a place in a community's emergency group; `replaces` is the place they had before. 编组"""

    muster_id: UUID
    person_id: UUID
    group: str
    region_id: UUID
    region_code: str
    valid_from: date
    valid_to: date | None = None
    replaces: UUID | None = None


class MusterCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many people a muster group has."""

    group: str
    people: int


class ModeSwitched(_OrgEvent, frozen=True, kw_only=True, entity="mode", fact="switched"):
    """A community switched between peacetime and emergency; `groups` is how it mustered. 平急转换"""

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
