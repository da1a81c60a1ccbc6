"""What tickets publishes of personal data: that it is gone; there was none in any event before."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from chassis.events.event import Event
from chassis.events.fields import told
from services.tickets.domain.event_fields import RegionCode, TicketId  # noqa: TC001 (read at run time)
from services.tickets.domain.own_words import WordsKind


class WhyErased(StrEnum):
    """Why personal data was erased."""

    RETENTION = "retention"
    REQUEST = "request"


Why = Annotated[WhyErased, told("whether its time was over, or the person asked for it", "retention")]
OfWords = Annotated[WordsKind, told("where the words stood; an `act` is a line of a ticket's timeline", "objection")]
ThingId = Annotated[
    UUID, told("the objection or burden, the session, or the ticket", "01981a2b-7c3d-7e4f-8a5b-000000000041")
]
Number = Annotated[int, told("position of the opinion, or number of the line; 0 for what stands alone", 0)]
AboutTicketId = Annotated[
    UUID | None, told("the ticket that it was about; null for none", "01981a2b-7c3d-7e4f-8a5b-000000000011")
]


class PersonalDataErased(Event, entity="personal_data", fact="erased"):
    """个人信息删除: what a ticket had of its requester is gone, with its files.

    When: as many months after its end as its process says, or when the requester asks for it.

    For: systems that read tickets and keep copies; they are to erase theirs.
    """

    ticket_id: TicketId
    region_code: RegionCode
    why: Why


class WordsErased(Event, entity="personal_data", fact="words_erased"):
    """本人留言删除: what somebody wrote or said beside tickets of their own is gone.

    When: they ask for it, once the matter has ended, or 24 months after that; whose words they were is not told.

    For: systems that read objections, sessions, burdens or timelines and keep copies; they are to erase theirs.
    """

    words: OfWords
    thing_id: ThingId
    number: Number
    ticket_id: AboutTicketId
    region_code: RegionCode
    why: Why


PERSONAL_DATA_EVENTS: tuple[type[Event], ...] = (PersonalDataErased, WordsErased)
"""Every event of personal data."""
