"""Who is to be told of what happened to a ticket: those whom it concerns always, and whoever the process adds.

Everybody is told once, as what they are first: the requester whose turn it is to evaluate is told that it is their
turn. Whoever did something is not told of it, but for the receipt of what they raised; in an inbox that they share
with others it counts as read by them. A duty is told, not a person: whoever holds it when the inbox is read, or stands
in for them, finds it there.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 (msgspec reads annotations at run time)
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003

import msgspec

from services.tickets.domain.assignment import OF_TURNS
from services.tickets.domain.charge import charge_of
from services.tickets.domain.clock import ClockKind  # noqa: TC001 (msgspec reads annotations at run time)
from services.tickets.domain.levels import Level
from services.tickets.domain.notification_rules import Audience, Channel, Occasion
from services.tickets.domain.process import Kind
from services.tickets.domain.process_words import REQUESTER, Holder
from services.tickets.domain.ticket import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Ticket, Transition


class Matter(StrEnum):
    """What kind of news it is; people choose by it what they want to be told."""

    PROGRESS = "progress"
    TURN = "turn"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    INVITATION = "invitation"
    WATCH = "watch"
    OBJECTION = "objection"
    DEPUTY = "deputy"


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told: a person by their token's subject, a duty where the ticket lies, or those who speak for a body."""

    subject: str | None = None
    title: str | None = None
    level: int | None = None
    """Digits of the code of the region in which the title is held."""
    body: UUID | None = None
    titles: tuple[str, ...] = ()
    """Duty titles whose holders speak for the body."""


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to a ticket."""

    action: str
    """Code of the action, or an Occasion."""
    kind: Kind | None = None
    """For an action, what it means."""
    by: str | None = None
    """Token subject of who did it."""
    from_step: str | None = None
    has_moved: bool = False
    """Whether the ticket came to a step or end by it."""
    due_at: datetime | None = None
    """The deadline that it is about."""
    clock: ClockKind | None = None
    """What that deadline is of."""
    working_days: int | None = None
    working_hours: int | None = None
    brought_before: Holder | None = None
    objector: str | None = None


class Joined(msgspec.Struct, frozen=True):
    """A ticket that was joined to the one to which something happened: its requester is told about theirs."""

    id: UUID
    number: str
    region_code: str
    requester: str


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody is told something."""

    to: Recipient
    audience: Audience
    matter: Matter
    text: str
    channels: tuple[Channel, ...]
    joined: Joined | None = None


def of_transition(made: Transition, visits_before: int) -> Happening:
    """Return what happened by an action or a lapse; `visits_before` is of the ticket before it, 0 for a new one."""
    entry = made.entry
    return Happening(
        action=entry.action,
        kind=entry.kind,
        by=None if entry.by == SYSTEM else entry.by,
        from_step=entry.from_step,
        has_moved=made.ticket.visits != visits_before,
    )


_OF_OCCASIONS: dict[str, tuple[Audience, ...]] = {
    Occasion.REMINDED.value: (Audience.IN_TURN, Audience.INVITED),
    Occasion.OVERDUE.value: (Audience.IN_TURN, Audience.INVITED),
    Occasion.ESCALATED.value: (Audience.BROUGHT_BEFORE,),
    Occasion.OBJECTION_RAISED.value: (Audience.IN_TURN,),
    Occasion.OBJECTION_ANSWERED.value: (Audience.OBJECTOR,),
}


def told_anyway(what: Happening) -> tuple[Audience, ...]:
    """Return who is told of something whatever a process says, whoever comes first first."""
    if what.action in _OF_OCCASIONS:
        return _OF_OCCASIONS[what.action]
    if what.kind in OF_TURNS:
        return (Audience.IN_TURN,)
    if not what.has_moved:
        # How others rated it is their affair, and there may be hundreds.
        return () if what.kind is Kind.EVALUATE else (Audience.REQUESTER, Audience.JOINED)
    stop = (Audience.PREVIOUS,) if what.kind in {Kind.WITHDRAW, Kind.JOIN, Kind.RECALL} else ()
    return (Audience.IN_TURN, Audience.INVITED, Audience.REQUESTER, Audience.JOINED, *stop)


def notices(
    process: Process,
    ticket: Ticket,
    what: Happening,
    *,
    before: Ticket | None = None,
    standing_in: Sequence[Holder] = (),
    joined: Sequence[Joined] = (),
) -> tuple[Notice, ...]:
    """Return everybody who is told that something happened to a ticket, which is as it has become.

    `before` is the ticket before it; `standing_in` are those in charge of a step whose duties nobody holds; `joined`
    are the tickets about the same matter. An assignment of the ticket is in force.
    """
    reach = _Reach(process, ticket, what, before, tuple(standing_in), tuple(joined))
    at = what.action, what.from_step, ticket.step
    fitting = [rule for rule in process.notifications.rules if rule.fits(*at, has_moved=what.has_moved)]
    audiences: list[tuple[Audience | Holder, tuple[Channel, ...], str | None]] = []
    for audience in told_anyway(what):
        rules = [rule for rule in fitting if rule.audience == audience.value]
        channels = (Channel.INBOX, *(channel for rule in rules for channel in rule.channels))
        audiences.append((audience, channels, next((rule.text for rule in rules if rule.text), None)))
    for rule in fitting:
        audience_of_rule = rule.audience if isinstance(rule.audience, Holder) else Audience(rule.audience)
        audiences.append((audience_of_rule, rule.channels, rule.text))
    found: dict[Recipient, Notice] = {}
    for one, channels, text in audiences:
        for notice in reach.of(one, channels, text):
            found.setdefault(notice.to, notice)
    return tuple(found.values())


class _Reach(msgspec.Struct, frozen=True):
    """Turns an audience into those who are told."""

    process: Process
    ticket: Ticket
    what: Happening
    before: Ticket | None
    standing_in: tuple[Holder, ...]
    joined: tuple[Joined, ...]

    def of(self, audience: Audience | Holder, channels: tuple[Channel, ...], text: str | None) -> Iterator[Notice]:
        """Yield the notices for an audience, without who did it themself."""
        kind = Audience.DUTY if isinstance(audience, Holder) else audience
        matter = _matter(self.what, kind)
        said = text or self._text(kind, matter)
        unique = tuple(dict.fromkeys(channels))
        for to, joined in self._recipients(audience):
            if to.subject is not None and to.subject == self.what.by and self.what.kind is not Kind.RAISE:
                continue
            yield Notice(to=to, audience=kind, matter=matter, text=said, channels=unique, joined=joined)

    def _recipients(self, audience: Audience | Holder) -> Iterator[tuple[Recipient, Joined | None]]:
        if audience is Audience.JOINED:
            yield from ((Recipient(subject=one.requester), one) for one in self.joined)
            return
        yield from ((one, None) for one in self._plain(audience))

    def _plain(self, audience: Audience | Holder) -> Iterator[Recipient]:
        ticket = self.ticket
        if isinstance(audience, Holder):
            yield from self._posts((audience,))
        elif audience is Audience.REQUESTER and ticket.requester is not None:
            yield Recipient(subject=ticket.requester)
        elif audience is Audience.IN_TURN:
            yield from self._in_turn()
        elif audience is Audience.PREVIOUS and self.before is not None:
            yield from self._had_it(self.before)
        elif audience is Audience.BROUGHT_BEFORE:
            named = self.what.brought_before
            yield from self._posts((named,) if named else ticket.escalated)
        elif audience is Audience.INVITED:
            yield from self._invited()
        elif audience is Audience.WATCHERS:
            yield from self._posts(self.process.watched_by)
        elif audience is Audience.OBJECTOR and self.what.objector is not None:
            yield Recipient(subject=self.what.objector)

    def _in_turn(self) -> Iterator[Recipient]:
        step = self.process.step(self.ticket.step)
        if step is None:
            return
        yield from self._had_it(self.ticket)
        yield from self._posts(self.standing_in)
        if REQUESTER in step.who and self.ticket.requester is not None:
            yield Recipient(subject=self.ticket.requester)

    def _had_it(self, ticket: Ticket) -> Iterator[Recipient]:
        charge = charge_of(self.process, ticket.step, ticket.region_code, ticket.escalated)
        if ticket.assignee is not None:
            yield Recipient(subject=str(ticket.assignee))
            yield from self._posts(charge.escalated)
        else:
            yield from self._posts((*charge.named, *charge.escalated))

    def _posts(self, holders: Iterable[Holder]) -> Iterator[Recipient]:
        for one in holders:
            if one.region_of(self.ticket.region_code) is not None:
                yield Recipient(title=one.post_title, level=Level[one.level].value)

    def _invited(self) -> Iterator[Recipient]:
        step = self.process.step(self.ticket.step)
        titles = step.countersign.titles if step and step.countersign else ()
        for one in self.ticket.invitations:
            if one.answered_by is None:
                yield Recipient(body=one.organisation, titles=titles)

    def _text(self, audience: Audience, matter: Matter) -> str:
        if audience is Audience.PREVIOUS:
            return "stop"
        if audience not in {Audience.REQUESTER, Audience.JOINED}:
            if matter is Matter.REMINDER and self.what.working_hours is not None:
                return "reminder_hours"
            return self.what.action if matter is Matter.OBJECTION else matter.value
        if self.what.kind is Kind.RAISE:
            return "received"
        if self.ticket.ended_at is None:
            return "moved" if self.what.has_moved else "noted"
        reopening = self.process.reopening
        can_reopen = reopening is not None and REQUESTER in reopening.who and self.ticket.step in reopening.out_of
        return "ended_reopenable" if can_reopen else "ended"


def _matter(what: Happening, audience: Audience) -> Matter:
    if audience in {Audience.WATCHERS, Audience.DUTY}:
        return Matter.WATCH
    if what.action in {Occasion.OBJECTION_RAISED, Occasion.OBJECTION_ANSWERED}:
        return Matter.OBJECTION
    if audience in {Audience.REQUESTER, Audience.JOINED, Audience.PREVIOUS}:
        return Matter.PROGRESS
    at_deadline = {
        Occasion.REMINDED.value: Matter.REMINDER,
        Occasion.OVERDUE.value: Matter.OVERDUE,
        Occasion.ESCALATED.value: Matter.ESCALATED,
    }
    otherwise = Matter.INVITATION if audience is Audience.INVITED else Matter.TURN
    return at_deadline.get(what.action, otherwise)


_DEADLINES = frozenset({Matter.REMINDER, Matter.OVERDUE, Matter.ESCALATED, Matter.INVITATION})


def may_be_declined(channel: Channel, matter: Matter) -> bool:
    """Tell whether somebody may choose not to be told of a matter by a way.

    Nobody escapes the deadlines of their own duty; the inbox also keeps everything that waits for its reader.
    """
    if matter in _DEADLINES:
        return False
    return channel is not Channel.INBOX or matter in {Matter.PROGRESS, Matter.WATCH}
