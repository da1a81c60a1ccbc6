"""What tickets publishes of deliberations (议事协商); opinions stay in the service, people are told by id."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from chassis.events.event import Event
from chassis.events.fields import told
from services.tickets.domain.deliberation import Form, Party
from services.tickets.domain.event_fields import RegionCode, RegionId  # noqa: TC001 (read at run time)

DeliberationId = Annotated[UUID, told("the deliberation", "01981a2b-7c3d-7e4f-8a5b-000000000031")]
SessionId = Annotated[UUID, told("the session", "01981a2b-7c3d-7e4f-8a5b-000000000032")]
AboutTicketId = Annotated[
    UUID | None, told("the ticket that it is about; null for none", "01981a2b-7c3d-7e4f-8a5b-000000000011")
]
Parties = Annotated[tuple[Party, ...], told("who is to be heard", ["branch", "owners_committee", "residents"])]
FormOf = Annotated[Form, told("where and how it is held", "courtyard")]
KindOf = Annotated[
    str | None, told("code of the practice's kind of session, such as its Tuesday council; null for none", None)
]
StationId = Annotated[
    UUID | None, told("the station where it is held; null elsewhere", "01981a2b-7c3d-7e4f-8a5b-000000000033")
]
StartsAt = Annotated[datetime, told("when it begins, with offset", "2026-03-03T19:00:00+08:00")]
PeopleWhoCame = Annotated[
    tuple[UUID, ...],
    told("the people who came, as ids of org's register", ["01981a2b-7c3d-7e4f-8a5b-000000000002"]),
]
PartiesThatCame = Annotated[tuple[Party, ...], told("the parties of which somebody came", ["branch", "residents"])]
IsAgreed = Annotated[bool, told("whether the parties came to an agreement", True)]  # noqa: FBT003 (an example)


class DeliberationEvent(Event):
    """Base: which deliberation, about which ticket, where."""

    deliberation_id: DeliberationId
    ticket_id: AboutTicketId
    region_id: RegionId
    region_code: RegionCode


class DeliberationBegun(DeliberationEvent, entity="deliberation", fact="begun"):
    """议事立项: a matter is to be deliberated.

    When: a community or grid takes it up.

    For: whoever follows deliberation.
    """

    parties: Parties


class SessionConvened(DeliberationEvent, entity="deliberation", fact="session_convened"):
    """召集会议: a session was convened.

    When: time and place are set.

    For: systems that invite people by other means.
    """

    session_id: SessionId
    form: FormOf
    station_id: StationId
    starts_at: StartsAt
    kind: KindOf = None


class SessionHeld(DeliberationEvent, entity="deliberation", fact="session_held"):
    """会议召开: a session was held.

    When: it is recorded who came and what the parties said.

    For: credit, which rewards attendance (参加议事协商); whoever counts participation.
    """

    session_id: SessionId
    form: FormOf
    station_id: StationId
    starts_at: StartsAt
    people: PeopleWhoCame
    parties: PartiesThatCame
    kind: KindOf = None


class DeliberationResolved(DeliberationEvent, entity="deliberation", fact="resolved"):
    """形成决议: a deliberation came to its end.

    When: every party was heard, and the result is put down.

    For: whoever carries it out.
    """

    is_agreed: IsAgreed


class DeliberationFollowedUp(DeliberationEvent, entity="deliberation", fact="followed_up"):
    """落实反馈: it was told what came of a resolution.

    When: what was resolved has been carried out, or has failed.

    For: whoever follows deliberation.
    """


DELIBERATION_EVENTS: tuple[type[Event], ...] = (
    DeliberationBegun,
    SessionConvened,
    SessionHeld,
    DeliberationResolved,
    DeliberationFollowedUp,
)
"""Every event of deliberations."""
