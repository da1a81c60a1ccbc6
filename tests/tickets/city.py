"""A small city: two districts, two grids, everybody who acts on five sheets, as org would tell of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from chassis.events.envelope import Envelope
from chassis.events.subject import tenant_of
from chassis.ids import new_id
from services.org.domain import events as org
from services.org.domain.assignment_events import AssignmentBegun
from services.org.domain.register_events import CheckInBegun
from services.tickets.reactions.check_ins import CHECK_IN_HANDLERS
from services.tickets.reactions.org import HANDLERS
from services.tickets.reactions.teams import TEAM_HANDLERS

if TYPE_CHECKING:
    from chassis.database import Database
    from chassis.events.event import Event

CITY, DISTRICT, SUBDISTRICT = "3703", "370321", "370321002"
COMMUNITY = "370321002001"
GRID, GRID_2 = "370321002001001", "370321002001002"
BUILDING = "370321002001001001"
ELSEWHERE = "370303001001001"
"""A grid of another district."""
LEVELS: dict[int, Any] = {
    4: "CITY",
    6: "DISTRICT",
    9: "SUBDISTRICT",
    12: "COMMUNITY",
    15: "GRID",
    18: "BUILDING",
}
CODES = (
    CITY, DISTRICT, SUBDISTRICT, COMMUNITY, GRID, GRID_2, BUILDING,
    "370303", "370303001", "370303001001", ELSEWHERE,
)  # fmt: skip
SINCE = date(2024, 1, 1)
OFFICE = uuid5(NAMESPACE_URL, "office")


def region_id(code: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"region {code}")


def person(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"person {name}")


def duty_id(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"duty {name}")


POSTS = {
    "worker": ("grid_worker", GRID),
    "worker_2": ("grid_worker", GRID_2),
    "worker_elsewhere": ("grid_worker", ELSEWHERE),
    "leader": ("grid_leader", GRID),
    "branch": ("grid_branch_secretary", GRID),
    "committee": ("community_secretary", COMMUNITY),
    "first": ("first_secretary", COMMUNITY),
    "street": ("subdistrict_secretary", SUBDISTRICT),
}


def duty(name: str, title: str, code: str, until: date | None = None) -> org.DutyAssigned:
    return org.DutyAssigned(
        duty_id=duty_id(name),
        person_id=person(name),
        title=title,
        organisation_id=None,
        region_id=region_id(code),
        region_code=code,
        valid_from=SINCE,
        valid_to=until,
    )


def team_id(kind: str, code: str = COMMUNITY) -> UUID:
    return uuid5(NAMESPACE_URL, f"team {kind} {code}")


def team(kind: str, code: str, *members: str, leader: str | None = None) -> org.TeamFormed:
    """A team of a kind in a region with its members, by name."""
    return org.TeamFormed(
        team_id=team_id(kind, code), kind=kind, name=kind, region_id=region_id(code), region_code=code,
        formed_on=SINCE, members=len(members),
        people=tuple(org.FirstMember(person_id=person(one), valid_from=SINCE) for one in members),
        leader_id=person(leader) if leader else None,
    )  # fmt: skip


def check_in(
    name: str, code: str = GRID, group: str | None = None, since: date = SINCE, until: date | None = None
) -> CheckInBegun:
    """Somebody who checked in in a region: an in-service member, or one of a group."""
    return CheckInBegun(
        check_in_id=duty_id(name), person_id=person(name), unit_id=None, group=group, region_id=region_id(code),
        region_code=code, valid_from=since, valid_to=until,
    )  # fmt: skip


def assignment(
    name: str, branch: UUID | None, code: str = GRID, since: date = SINCE, until: date | None = None
) -> AssignmentBegun:
    """To which branch they belong who checked in in a region."""
    return AssignmentBegun(
        assignment_id=uuid5(NAMESPACE_URL, f"assignment {name} {since}"), check_in_id=duty_id(name),
        person_id=person(name), organisation_id=branch, post=None, region_id=region_id(code), region_code=code,
        valid_from=since, valid_to=until,
    )  # fmt: skip


def history() -> list[Event]:
    events: list[Event] = [
        org.RegionEstablished(
            region_id=region_id(code), code=code, level=LEVELS[len(code)], name=f"区划{code}", parent_id=None,
            valid_from=SINCE,
        )
        for code in CODES
    ]  # fmt: skip
    events += [duty(name, title, code) for name, (title, code) in POSTS.items()]
    events.append(
        org.OrganisationFounded(
            organisation_id=OFFICE, kind="office", name="物业服务中心", parent_id=None,
            region_id=region_id(COMMUNITY), region_code=COMMUNITY, established_on=SINCE,
        )
    )  # fmt: skip
    return events


def envelope(event: Event, version: int = 1) -> Envelope:
    code = str(getattr(event, "region_code", None) or getattr(event, "code", CITY))
    return Envelope(
        specversion="1.0", id=new_id(), source="/linli/org", type=type(event).type_in("org"), subject=new_id(),
        time=datetime.now(UTC), datacontenttype="application/json", tenant=tenant_of(code), regioncode=code,
        aggregateversion=version, data=msgspec.Raw(msgspec.json.encode(event)),
    )  # fmt: skip


async def tell(database: Database, *events: Event) -> None:
    """Let tickets learn of events of org, as its consumer would hand them over."""
    async with database.write(("",)) as session:
        for event in events:
            told = envelope(event)
            for handlers in (HANDLERS, TEAM_HANDLERS, CHECK_IN_HANDLERS):
                if told.type in handlers:
                    await handlers[told.type](session.connection, [told])
