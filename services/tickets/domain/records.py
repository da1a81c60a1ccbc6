"""The records of an import file, as README.md describes them; one JSON object a line."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 (msgspec reads annotations at run time)
from uuid import UUID  # noqa: TC003

import msgspec

from services.tickets.domain.admission import AdmissionItem  # noqa: TC001
from services.tickets.domain.calendar import CalendarRule  # noqa: TC001
from services.tickets.domain.content import Attachment  # noqa: TC001
from services.tickets.domain.deliberation import Attendee, Form, Opinion, Party  # noqa: TC001
from services.tickets.domain.deliverables import Delivered  # noqa: TC001
from services.tickets.domain.process import Process  # noqa: TC001
from services.tickets.domain.session_kind import SessionKind  # noqa: TC001


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="record"):
    """Base: `record` says which one it is, and a field that it does not know is refused."""


class CalendarRecord(_Record, frozen=True, tag="calendar"):
    """What the city adds to the national calendar; replaces what was there, and open clocks are counted again."""

    rule: CalendarRule


class ProcessRecord(_Record, frozen=True, tag="process"):
    """A process definition, as in a practice file."""

    definition: Process


class SessionKindRecord(_Record, frozen=True, tag="session_kind"):
    """A kind of session that the practice holds on some days of the week; replaces the one of that code."""

    kind: SessionKind


class AdmissionItemRecord(_Record, frozen=True, tag="admission_item"):
    """A version of an item of a region's list of entry control; versions of one item come in their order."""

    region_id: UUID
    region_code: str
    item: AdmissionItem
    valid_from: date
    version: int = 1
    id: UUID | None = None
    """The version's own, by which tickets of the file can be refused."""


class Raised(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who raised a ticket, when, and as what: a duty title, or `resident`."""

    at: datetime
    by: str
    acted_as: str
    organisation: UUID | None = None
    """In which they acted, when it is said who handed work down."""


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that was done, by whom, as what: an action's code, or what the README lists besides."""

    at: datetime
    action: str
    by: str = "system"
    acted_as: str = "system"
    reason: str | None = None
    opinion: str | None = None
    notice: str | None = None
    rating: int | None = None
    responsible: UUID | None = None
    amount: int | None = None
    """In 0.01 yuan."""
    deliverables: tuple[Delivered, ...] = ()
    """All that had been delivered by then."""
    invited: tuple[UUID, ...] = ()
    answers_for: UUID | None = None
    """The invited organisation that it is the answer of."""
    into: UUID | None = None
    """The ticket that it was joined to."""
    assignee: UUID | None = None
    """The person whose turn it was to be."""
    children: tuple[UUID, ...] = ()
    """The child tickets that it was divided among: tickets of the same file, whose `parent` it is."""
    attachments: tuple[Attachment, ...] = ()
    grounds: UUID | None = None
    """The item of entry control by which it was refused or returned: in force when it was handed down."""


class TicketRecord(_Record, frozen=True, tag="ticket"):
    """A ticket with its whole history, which is replayed by the rules of its process."""

    id: UUID
    process: str
    region_id: UUID
    region_code: str
    title: str
    raised: Raised
    description: str = ""
    category: str | None = None
    channel: str | None = None
    channel_reference: str | None = None
    concerns: UUID | None = None
    """The ticket that it is about, as a complaint is."""
    parent: UUID | None = None
    """For a child ticket: the ticket of the same file that was divided, at the moment at which it was raised."""
    organisation: UUID | None = None
    """For a child ticket: the organisation that it was for."""
    requester_name: str | None = None
    requester_phone: str | None = None
    process_version: int | None = None
    """The newest of the file or the database when left out."""
    attachments: tuple[Attachment, ...] = ()
    acts: tuple[Act, ...] = ()


class SessionRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A session of a deliberation that was held: where, when, who came, what the parties said."""

    id: UUID
    form: Form
    place: str
    starts_at: datetime
    held_at: datetime
    """When it was recorded, which is not before it began."""
    attendees: tuple[Attendee, ...]
    opinions: tuple[Opinion, ...] = ()
    station: UUID | None = None
    """Org's station where it was held."""
    kind: str | None = None
    """Code of the practice's kind of session."""


class BurdenRecord(_Record, frozen=True, tag="burden"):
    """A burden that somebody of a community reported; `ticket`, by which it came, is in the same file."""

    id: UUID
    region_id: UUID
    region_code: str
    description: str
    reported_at: datetime
    reported_by: str
    ticket: UUID | None = None
    item: UUID | None = None
    """The item of entry control that speaks of it, and the hotline by which it was reported: in force that day."""
    hotline: UUID | None = None
    answer: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None


class DeliberationRecord(_Record, frozen=True, tag="deliberation"):
    """A deliberation with its whole history; `ticket` is in the same file."""

    id: UUID
    region_id: UUID
    region_code: str
    matter: str
    parties: tuple[Party, ...]
    begun_at: datetime
    ticket: UUID | None = None
    sessions: tuple[SessionRecord, ...] = ()
    resolution: str | None = None
    agreed: bool | None = None
    resolved_at: datetime | None = None
    follow_up: str | None = None
    followed_up_at: datetime | None = None


Record = (
    CalendarRecord
    | ProcessRecord
    | SessionKindRecord
    | AdmissionItemRecord
    | TicketRecord
    | DeliberationRecord
    | BurdenRecord
)
