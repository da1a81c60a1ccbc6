"""The members of tickets' events: each meaning is written once and read in every schema, page and example."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec

from chassis.events.fields import told
from services.tickets.domain.clock import ClockKind

_TICKET = "01981a2b-7c3d-7e4f-8a5b-000000000011"
_GRID = "01981a2b-7c3d-7e4f-8a5b-000000000012"
_ORGANISATION = "01981a2b-7c3d-7e4f-8a5b-000000000003"


class Outcome(StrEnum):
    """How a ticket can end."""

    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class DeliveredTold(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How many of a kind were delivered."""

    kind: Annotated[str, told("code of the deliverable in the process", "charging_shed")]
    quantity: Annotated[int, told("how many", 1)]


TicketId = Annotated[UUID, told("the ticket", _TICKET)]
Number = Annotated[str, told("number for people to read out", "20260301-000042")]
ProcessCode = Annotated[str, told("code of the process in the practice", "five_sheets")]
ProcessVersion = Annotated[int, told("version of the process that the ticket runs by, to its end", 1)]
Category = Annotated[str | None, told("code of the category in the process; null for none", "lighting")]
Channel = Annotated[
    str | None, told("code of the channel by which it came in; null where the process has none", "hotline")
]
ParentId = Annotated[
    UUID | None, told("the ticket that it is a part of; null for none", "01981a2b-7c3d-7e4f-8a5b-000000000052")
]
ChildIds = Annotated[
    tuple[UUID, ...], told("the child tickets that were opened", ["01981a2b-7c3d-7e4f-8a5b-000000000053"])
]
IntoId = Annotated[
    UUID, told("the ticket about the same matter that it was joined to", "01981a2b-7c3d-7e4f-8a5b-000000000051")
]
AssigneeId = Annotated[
    UUID, told("the person of org's register whose turn it is in this step", "01981a2b-7c3d-7e4f-8a5b-000000000071")
]
RegionId = Annotated[UUID, told("the region it is about; stays when its code changes", _GRID)]
RegionCode = Annotated[str, told("code of that region, 4 to 20 digits", "370321001001001")]
StepCode = Annotated[str, told("code of the step or end where the ticket is now", "deliberate")]
DueAt = Annotated[
    datetime | None,
    told(
        "its next deadline, counted in working days (工作日), with offset; null when it has ended or pauses",
        "2026-03-03T17:00:00+08:00",
    ),
]
HowEnded = Annotated[Outcome | None, told("how it ended; null while it is under way", None)]

ActionCode = Annotated[str, told("code of the action in the process", "accept")]
ActedAs = Annotated[
    str,
    told(
        "as what it was done: a duty title's code, `team:` and a kind of team, `checked_in:` and who checked in, "
        "`requester`, `resident` or `system`",
        "grid_worker",
    ),
]
FromStep = Annotated[
    str | None, told("code of the step where the ticket was before; null when it was raised", "accept")
]
TicketVersion = Annotated[int, told("how many things were done to the ticket, with this one", 2)]
Round = Annotated[int, told("how often it was reopened, from 0", 0)]

ResponsibleId = Annotated[
    UUID | None, told("the organisation that is to carry it out; null when none was named", _ORGANISATION)
]
Deliverables = Annotated[
    tuple[DeliveredTold, ...],
    told("what has been delivered in all so far, if that was said", [{"kind": "charging_shed", "quantity": 1}]),
]
Rating = Annotated[int, told("the rating on the process's scale, usually 1 (worst) to 5", 5)]
Ratings = Annotated[int, told("how many have evaluated in this round, with this one", 1)]
Notice = Annotated[
    str | None,
    told("what everyone may read; null when the process makes it public at a later step", "楼道照明已修复。"),
]
ClockMeasured = Annotated[
    ClockKind, told("which deadline: of the first response, of the step, or of the whole matter", "step")
]
ClockDueAt = Annotated[datetime, told("that deadline, with offset", "2026-03-03T17:00:00+08:00")]
WorkingDaysBefore = Annotated[
    int, told("how many working days before the deadline; 0 for a reminder in working hours", 3)
]
WorkingHoursBefore = Annotated[
    int | None, told("how many working hours before a deadline in working hours; null for one in days", None)
]
EscalationRung = Annotated[int, told("the rung of the ladder: working days after the deadline", 1)]
SupervisorTitle = Annotated[
    str,
    told(
        "code of the duty title it is brought before; `team:` and a kind for a team, `checked_in:` for who checked in",
        "grid_branch_secretary",
    ),
]
TitleRegionCode = Annotated[str, told("code of the region in which that title is held", "370321001001001")]
InvitedIds = Annotated[
    tuple[UUID, ...],
    told("the organisations that were asked to answer in this step, in the order named", [_ORGANISATION]),
]
AnswersForId = Annotated[UUID, told("the organisation that answered", _ORGANISATION)]
Answers = Annotated[int, told("how many of them have answered, with this one", 1)]
