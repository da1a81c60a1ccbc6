"""What tickets publishes of notifications, for whoever delivers them by other ways: nothing to read, no resident."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec

from chassis.events.event import Event
from chassis.events.fields import told
from services.tickets.domain.event_fields import DueAt, RegionCode  # noqa: TC001 (read at run time)
from services.tickets.domain.notification_rules import Audience, Channel
from services.tickets.domain.telling import Matter

_ID = "01981a2b-7c3d-7e4f-8a5b-000000000091"


class Declined(msgspec.Struct, frozen=True, rename="camel"):
    """Somebody who holds the duty, or stands in, and chose not to be told of this matter by this way."""

    subject: Annotated[str, told("their token subject", "01981a2b-7c3d-7e4f-8a5b-000000000063")]
    channel: Annotated[Channel, told("by which way not", "sms")]


NotificationId = Annotated[UUID, told("the notification", _ID)]
AboutTicketId = Annotated[
    UUID | None, told("the ticket; null when it is about none", "01981a2b-7c3d-7e4f-8a5b-000000000011")
]
AboutNumber = Annotated[str | None, told("its number for people to read out", "20260301-000042")]
AboutProcess = Annotated[str | None, told("code of its process in the practice", "five_sheets")]
AboutVersion = Annotated[int | None, told("version of the process, which has texts of its own", 1)]
AboutStep = Annotated[str | None, told("code of the step or end where it is now", "accept")]
What = Annotated[
    str, told("code of the action, or `reminded`, `overdue`, `escalated`, `objection_raised`, ...", "accept")
]
OfMatter = Annotated[Matter, told("what kind of news it is; people choose by it", "turn")]
OfAudience = Annotated[Audience, told("as what they are told", "in_turn")]
OfText = Annotated[str, told("code of the words, in the process or by default; a template to be registered", "turn")]
Ways = Annotated[
    tuple[Channel, ...],
    told("by which ways to tell it, without what the one person chose not; `inbox` is done already", ["inbox", "sms"]),
]
ToSubject = Annotated[
    str | None,
    told("the one person in duty who is told, of org's register; null for residents, duties and bodies", None),
]
ToTitle = Annotated[
    str | None,
    told(
        "code of the duty title that is told, whoever holds it then; `team:` and a kind for a team, `checked_in:` for "
        "who checked in",
        "grid_worker",
    ),
]
ToRegion = Annotated[str | None, told("code of the region in which it is held", "370321001001001")]
ToBody = Annotated[UUID | None, told("the invited organisation that is told", None)]
ToTitles = Annotated[tuple[str, ...], told("duty titles of those who speak for the organisation", [])]
DeclinedBy = Annotated[tuple[Declined, ...], told("who of those in duty now chose not to be told of this by a way", [])]


class NotificationRaised(Event, entity="notification", fact="raised"):
    """通知: somebody is to be told something; it is in their inbox already.

    When: something happens that concerns them, in the same transaction.

    For: whoever delivers by text message or messaging app. Residents are not named here: the role `messenger` asks
    `notificationToDeliver` whom to tell and in which words; who holds a duty is told by org's events.
    """

    notification_id: NotificationId
    ticket_id: AboutTicketId
    number: AboutNumber
    process: AboutProcess
    process_version: AboutVersion
    step: AboutStep
    due_at: DueAt
    action: What
    matter: OfMatter
    audience: OfAudience
    text: OfText
    channels: Ways
    subject: ToSubject
    title: ToTitle
    title_region_code: ToRegion
    organisation_id: ToBody
    titles: ToTitles
    declined: DeclinedBy
    region_code: RegionCode


NOTIFICATION_EVENTS: tuple[type[Event], ...] = (NotificationRaised,)
"""Every event of notifications."""
