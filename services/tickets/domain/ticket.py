"""A ticket's state, what is done to it, and who does it; how it moves is in `transition.py`."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003

import msgspec

from services.tickets.domain.clock import Clock  # noqa: TC001
from services.tickets.domain.content import Attachment  # noqa: TC001
from services.tickets.domain.deliverables import Delivered  # noqa: TC001
from services.tickets.domain.dividing import ChildWanted  # noqa: TC001
from services.tickets.domain.process import INVITED, REQUESTER, RESIDENT, Holder, Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from services.tickets.domain.events import ActionEvent
    from services.tickets.domain.process import Who

SYSTEM = "system"
"""Acts when a deadline lapses."""


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody thinks of the result, in one round (a reopening begins a new one)."""

    by: str
    acted_as: str
    rating: int
    round: int
    at: datetime


class Mark(msgspec.Struct, frozen=True):
    """Somebody has done an action that needs several people, in the present step."""

    action: str
    by: str


class Invitation(msgspec.Struct, frozen=True):
    """An organisation is asked to answer in the present step; `answered_by` is who did, None as long as nobody has."""

    organisation: UUID
    answered_by: str | None = None


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket as the rules see it; what people wrote is kept beside it, in the entries."""

    id: UUID
    number: str
    process: str
    process_version: int
    region_id: UUID
    region_code: str
    category: str | None = None
    channel: str | None = None
    """Code of the channel it came in by."""
    issuer: Holder | None = None
    """The duty by which it was raised; None when a resident raised it, or the division of another."""
    requester: str | None
    """Token subject of the resident who raised it; None when it was raised for somebody."""
    step: str
    """Code of the step it waits in, or of the end it came to."""
    entered_at: datetime
    """When it came there."""
    visits: int = 1
    """How many steps and ends it has come to, counting each time."""
    version: int = 1
    """How often something was done to it."""
    round: int = 0
    """How often it was reopened."""
    raised_at: datetime
    changed_at: datetime
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    responded_at: datetime | None = None
    public_since: datetime | None = None
    notice: str | None = None
    """What is made public of the result."""
    responsible: UUID | None = None
    """The organisation that was named to carry it out."""
    parent: UUID | None = None
    """The ticket of which it is a part."""
    parent_visit: int | None = None
    """On which of the parent's visits to a step it was opened."""
    depth: int = 0
    """How many tickets it has above it."""
    concerns: UUID | None = None
    """The ticket that it is about, as a complaint is."""
    joined_into: UUID | None = None
    """The ticket about the same matter to which it was joined."""
    assignee: UUID | None = None
    """The person whose turn it is in the present step; None for everybody who holds its duty."""
    escalated: tuple[Holder, ...] = ()
    """Before whom the present step was brought; they may act in it."""
    marks: tuple[Mark, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    """Who is asked to answer in the present step."""
    evaluations: tuple[Evaluation, ...] = ()
    clocks: tuple[Clock, ...] = ()
    """Those that run or pause; a stopped clock is no longer the ticket's concern."""

    def due_at(self) -> datetime | None:
        """Return the earliest deadline that runs."""
        return min((clock.due_at for clock in self.clocks if clock.due_at is not None), default=None)

    def ratings(self) -> tuple[int, ...]:
        """Return the ratings of the present round."""
        return tuple(evaluation.rating for evaluation in self.evaluations if evaluation.round == self.round)


class Held(msgspec.Struct, frozen=True):
    """A duty that somebody holds today and may use by their token."""

    title: str
    region_code: str


class Seat(msgspec.Struct, frozen=True):
    """A duty that somebody holds in an organisation, and may use by their token where the ticket lies."""

    title: str
    body: UUID


class StandIn(msgspec.Struct, frozen=True):
    """A duty by which somebody acts for its holder, who is away."""

    title: str
    region_code: str
    person: UUID


class Actor(msgspec.Struct, frozen=True):
    """Somebody who acts: duties, and the region prefixes in which they are a resident."""

    subject: str
    duties: tuple[Held, ...] = ()
    resident_in: tuple[str, ...] = ()
    seats: tuple[Seat, ...] = ()
    stands_in: tuple[StandIn, ...] = ()
    """Which of the duties are those of others."""
    asked_too: bool = False
    """Whether they raised a ticket that was joined to this one: they evaluate it as its requester does."""

    def is_or_acts_for(self, person: UUID) -> bool:
        """Tell whether the actor is somebody, or stands in for them."""
        return self.subject == str(person) or any(one.person == person for one in self.stands_in)

    def acts_for(self, acted_as: str, region_code: str) -> UUID | None:
        """Return the person in whose stead the actor acts as `acted_as` for a ticket of `region_code`, if any."""
        own = [duty for duty in self.duties if all(duty != Held(one.title, one.region_code) for one in self.stands_in)]
        if any(duty.title == acted_as and region_code.startswith(duty.region_code) for duty in own):
            return None
        others = (one for one in self.stands_in if one.title == acted_as and region_code.startswith(one.region_code))
        return next((one.person for one in others), None)

    def duty_among(self, who: Sequence[Who], region_code: str) -> Holder | None:
        """Return the first of `who` whose duty the actor holds where a ticket of `region_code` lies."""
        holders = (one for one in who if isinstance(one, Holder))
        return next(
            (one for one in holders if Held(one.post_title, one.region_of(region_code) or "") in self.duties), None
        )

    def standing(
        self, who: Sequence[Who], region_code: str, requester: str | None, invited: Collection[Seat] = ()
    ) -> str | None:
        """Return as what the actor is one of `who` for a ticket of `region_code`: a post, `requester`, `resident`.

        `invited` are the seats that are asked to answer. None when they are not.
        """
        for one in who:
            if isinstance(one, Holder):
                region = one.region_of(region_code)
                if region is not None and Held(one.post_title, region) in self.duties:
                    return one.post_title
            elif one == REQUESTER and requester is not None and requester == self.subject:
                return REQUESTER
            elif one == INVITED:
                title = next((seat.title for seat in self.seats if seat in invited), None)
                if title is not None:
                    return title
            elif one == RESIDENT and any(region_code.startswith(prefix) for prefix in self.resident_in):
                return RESIDENT
        return None


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What comes with an action, as it was sent."""

    reason: str | None = None
    opinion: str | None = None
    notice: str | None = None
    rating: int | None = None
    responsible: UUID | None = None
    amount: int | None = None
    """Money that is set aside or was spent, in 0.01 yuan."""
    deliverables: tuple[Delivered, ...] = ()
    """All that has been delivered so far."""
    invited: tuple[UUID, ...] = ()
    children: tuple[ChildWanted, ...] = ()
    """The child tickets to open."""
    grounds: UUID | None = None
    """The item of entry control by which it is refused or returned."""
    into: UUID | None = None
    """The ticket that it is joined to."""
    assignee: UUID | None = None
    """The person whose turn it is to be."""
    attachments: tuple[Attachment, ...] = ()


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the timeline: who did what, and where the ticket went."""

    seq: int
    action: str
    kind: Kind
    from_step: str | None
    """None for the first."""
    to_step: str
    at: datetime
    by: str
    """Token subject, or `system`."""
    acted_as: str
    """Duty title, `requester`, `resident` or `system`."""
    round: int
    given: Given
    acted_for: UUID | None = None
    """The person in whose stead it was done."""
    answers_for: UUID | None = None
    """The invited organisation that it is the answer of."""


class Transition(msgspec.Struct, frozen=True, kw_only=True):
    """What an action makes of a ticket: the new state, its line of the timeline, the event, and clocks that stopped."""

    ticket: Ticket
    entry: Entry
    event: ActionEvent
    stopped: tuple[Clock, ...] = ()
