"""What tickets publishes of objections to notices; who objected and what was written stay in the service."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.events.event import Event
from chassis.events.fields import told
from services.tickets.domain.event_fields import RegionCode, StepCode, TicketId  # noqa: TC001 (read at run time)

ObjectionId = Annotated[UUID, told("the objection", "01981a2b-7c3d-7e4f-8a5b-000000000041")]
IsUpheld = Annotated[bool, told("whether it was found right", False)]  # noqa: FBT003 (an example)


class ObjectionRaised(Event, entity="objection", fact="raised"):
    """公示异议: a resident objected to a notice within its period.

    When: it is raised.

    For: who follows notices: the ticket does not go on until it is answered.
    """

    objection_id: ObjectionId
    ticket_id: TicketId
    step: StepCode
    region_code: RegionCode


class ObjectionAnswered(Event, entity="objection", fact="answered"):
    """异议答复: an objection was answered.

    When: who handles the ticket says whether it is right.

    For: who follows notices.
    """

    objection_id: ObjectionId
    ticket_id: TicketId
    step: StepCode
    region_code: RegionCode
    is_upheld: IsUpheld


OBJECTION_EVENTS: tuple[type[Event], ...] = (ObjectionRaised, ObjectionAnswered)
"""Every event of objections."""
