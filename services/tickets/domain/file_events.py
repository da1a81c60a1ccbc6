"""What tickets publishes of files: that one can be read, or was refused; never its name or what is in it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.events.event import Event
from chassis.events.fields import told
from services.tickets.domain.event_fields import RegionCode, TicketId  # noqa: TC001 (read at run time)
from services.tickets.domain.uploads import Finding

AttachmentId = Annotated[UUID, told("the attachment", "01981a2b-7c3d-7e4f-8a5b-000000000081")]
IsScanned = Annotated[bool, told("whether a virus scanner looked into it", True)]  # noqa: FBT003 (an example)
Why = Annotated[Finding, told("what is wrong with it", "infected")]


class AttachmentReleased(Event, entity="attachment", fact="released"):
    """附件放行: a file that came with a ticket was looked into and can be read by who sees the ticket.

    When: seconds after it is attached.

    For: who shows tickets, and hears that a file is there.
    """

    attachment_id: AttachmentId
    ticket_id: TicketId
    region_code: RegionCode
    is_scanned: IsScanned


class AttachmentRefused(Event, entity="attachment", fact="refused"):
    """附件拒收: a file that came with a ticket was not what it was said to be, or infected; it was deleted.

    When: seconds after it is attached.

    For: who handles the ticket and may ask for another file; security staff.
    """

    attachment_id: AttachmentId
    ticket_id: TicketId
    region_code: RegionCode
    why: Why


FILE_EVENTS: tuple[type[Event], ...] = (AttachmentReleased, AttachmentRefused)
"""Every event of files."""
