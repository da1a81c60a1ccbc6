"""What property publishes of systems of property help. No event says who a person is or what was written."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from chassis.events.event import Event
from chassis.events.fields import told
from services.property.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    CompoundId,
    RegionCode,
)

SystemId = Annotated[UUID, told("that the compound is under the system", "01981a2b-7c3d-7e4f-8a5b-00000000002c")]
SystemCode = Annotated[str, told("code of the system in the practice", "five_plus_two")]
From = Annotated[date, told("first day", "2026-03-01")]
Until = Annotated[date, told("first day on which it is not so any more", "2026-09-01")]
ByCare = Annotated[bool, told("whether it ended because the compound is cared for otherwise now", False)]  # noqa: FBT003
PostCode = Annotated[str, told("code of the level or body", "courtyard_steward")]
LevelCode = Annotated[str, told("code of the level", "courtyard_steward")]
BodyCode = Annotated[str, told("code of the supervising body", "credit_council")]
OrganisationId = Annotated[
    UUID | None, told("the organisation that fills it; null: a person", "01981a2b-7c3d-7e4f-8a5b-000000000003")
]
HelpId = Annotated[UUID, told("what was done", "01981a2b-7c3d-7e4f-8a5b-00000000002d")]
HelpTicket = Annotated[UUID | None, told("the ticket (事项) that it was for; null: none", None)]
InspectionId = Annotated[UUID, told("the inspection", "01981a2b-7c3d-7e4f-8a5b-00000000002e")]
RectifyBy = Annotated[date | None, told("until when it must be put right; null: nothing is demanded", "2026-04-15")]
Rectified = Annotated[bool, told("whether it was put right", True)]  # noqa: FBT003
On = Annotated[date, told("day", "2026-03-20")]


class SystemEvent(Event):
    """Base: which compound under which system, and where."""

    service_system_id: SystemId
    compound_id: CompoundId
    region_code: RegionCode
    system: SystemCode


class SystemBegan(SystemEvent, entity="service_system", fact="began"):
    """纳入服务体系: a compound was put under a system of property help.

    When: the community has put it under the system, or it is imported.

    For: whoever follows how compounds without a company are helped.
    """

    valid_from: From


class SystemEnded(SystemEvent, entity="service_system", fact="ended"):
    """退出服务体系: a compound is under the system no more.

    When: the community ended it, or the compound is cared for in a way that the system is not for.

    For: whoever follows how compounds without a company are helped.
    """

    valid_to: Until
    by_care: ByCare


class PostFilled(SystemEvent, entity="service_system", fact="post_filled"):
    """力量到位: somebody fills a level or supervising body.

    When: the community has named them.

    For: whoever follows which levels are filled; a person is in the graph, for those who may see who it is.
    """

    post: PostCode
    organisation_id: OrganisationId
    valid_from: From


class PostVacated(SystemEvent, entity="service_system", fact="post_vacated"):
    """力量离岗: somebody fills a level or supervising body no more.

    When: the community has noted it. That an organisation was dissolved or a duty ended is told by org.

    For: whoever follows which levels are filled.
    """

    post: PostCode
    organisation_id: OrganisationId
    valid_to: Until


class Helped(SystemEvent, entity="service_system", fact="helped"):
    """帮助记录: a level did something for the compound.

    When: it is recorded.

    For: whoever follows what the levels do; what was written is in the graph.
    """

    help_id: HelpId
    level: LevelCode
    on: On
    ticket_id: HelpTicket


class SystemInspected(SystemEvent, entity="service_system", fact="inspected"):
    """监督检查: a supervising body inspected a level.

    When: it has recorded what it found.

    For: the level that was inspected; it hears by when it must put something right.
    """

    inspection_id: InspectionId
    body: BodyCode
    level: LevelCode
    on: On
    rectify_by: RectifyBy


class RectificationJudged(SystemEvent, entity="service_system", fact="rectification_judged"):
    """整改认定: the supervising body said whether what it demanded was put right.

    When: it has looked again. If not, it demands it anew by another day.

    For: the level that was inspected.
    """

    inspection_id: InspectionId
    body: BodyCode
    level: LevelCode
    rectified: Rectified
    rectify_by: RectifyBy


SYSTEM_EVENTS: tuple[type[Event], ...] = (
    SystemBegan,
    SystemEnded,
    PostFilled,
    PostVacated,
    Helped,
    SystemInspected,
    RectificationJudged,
)
