"""What tickets publishes of personal data: that it is gone; there was none in any event before."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from chassis.events.event import Event
from chassis.events.fields import told
from services.tickets.domain.event_fields import RegionCode, TicketId  # noqa: TC001 (read at run time)


class WhyErased(StrEnum):
    """Why personal data was erased."""

    RETENTION = "retention"
    REQUEST = "request"


Why = Annotated[WhyErased, told("whether its time was over, or the person asked for it", "retention")]


class PersonalDataErased(Event, entity="personal_data", fact="erased"):
    """个人信息删除: what a ticket had of its requester is gone, with its files.

    When: as many months after its end as its process says, or when the requester asks for it.

    For: systems that read tickets and keep copies; they are to erase theirs.
    """

    ticket_id: TicketId
    region_code: RegionCode
    why: Why


PERSONAL_DATA_EVENTS: tuple[type[Event], ...] = (PersonalDataErased,)
"""Every event of personal data."""
