"""Tell people of what happened, in the transaction in which it does: into the inbox, and as events for delivery."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from chassis.events import outbox
from chassis.http.telemetry import traceparent
from chassis.ids import new_id
from services.tickets.commands.actors import turn_of
from services.tickets.commands.publishing import SERVICE
from services.tickets.domain.calendar import local_day
from services.tickets.domain.notification_events import Declined, NotificationRaised
from services.tickets.domain.notification_rules import Audience, Channel
from services.tickets.domain.telling import Happening, Matter, Recipient, may_be_declined, notices, of_transition
from services.tickets.storage import tables as t
from services.tickets.storage.duties import holders_of
from services.tickets.storage.notifications import by_the_service, choices_of, joined_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from services.tickets.domain.process import Process
    from services.tickets.domain.telling import Notice
    from services.tickets.domain.ticket import Ticket, Transition

Post = tuple[str, str]
_DECLINABLE = tuple(channel for channel in Channel if channel is not Channel.INBOX)


async def tell_of_transition(session: WriteSession, process: Process, before: Ticket | None, made: Transition) -> None:
    """Tell of an action or a lapse whose ticket is locked and stored."""
    what = of_transition(made, before.visits if before else 0)
    await tell(session, process, made.ticket, what, made.entry.at, before=before)


async def tell(
    session: WriteSession,
    process: Process,
    ticket: Ticket,
    what: Happening,
    at: datetime,
    *,
    before: Ticket | None = None,
) -> None:
    """Tell everybody concerned of something that happened to a ticket, which is locked and as it has become."""
    turn = await turn_of(session, process, ticket)
    async with by_the_service(session):
        joined = await joined_to(session, ticket.id) if before is not None else []
        found = notices(process, turn.ticket, what, before=before, standing_in=turn.standing_in, joined=joined)
        if not found:
            return
        held = await _held(session, found, ticket.region_code, local_day(at))
        chosen = await choices_of(session, _people(found, held))
        told = [_Told(process, ticket, what, at, one, held, chosen) for one in found]
        await session.execute(insert(t.notification), [one.row() for one in told])
        await outbox.append_many(session.connection, SERVICE, [one.draft() for one in told])


async def _held(
    session: WriteSession, found: Sequence[Notice], region_code: str, day: date
) -> Mapping[Post, Sequence[RowMapping]]:
    """Return who fills the duties that are told by other ways than the inbox, and so may have chosen."""
    wanted = {
        (one.to.title, region_code[: one.to.level])
        for one in found
        if one.to.title is not None and set(one.channels) != {Channel.INBOX}
    }
    return await holders_of(session, wanted, day)


def _people(found: Sequence[Notice], held: Mapping[Post, Sequence[RowMapping]]) -> set[str]:
    subjects = {one.to.subject for one in found if one.to.subject is not None}
    rows = chain.from_iterable(held.values())
    return subjects | {str(person) for row in rows for person in (row["person_id"], row["deputy_id"]) if person}


class _Told:
    """One notification, as its row and as its event."""

    def __init__(
        self,
        process: Process,
        ticket: Ticket,
        what: Happening,
        at: datetime,
        notice: Notice,
        held: Mapping[Post, Sequence[RowMapping]],
        chosen: set[tuple[str, str, str]],
    ) -> None:
        self.id = new_id()
        self.process, self.ticket, self.what, self.at, self.notice = process, ticket, what, at, notice
        self.region_code = notice.joined.region_code if notice.joined else ticket.region_code
        self._held, self._chosen = held, chosen
        self.due_at = what.due_at or ticket.due_at()

    def row(self) -> dict[str, Any]:
        """Return what is stored."""
        one, what = self.notice, self.what
        known = {"working_days": what.working_days, "working_hours": what.working_hours, "clock": what.clock}
        more = {name: str(value) for name, value in known.items() if value is not None}
        return _row(self.id, one.to, self.region_code, self.at) | {
            "ticket_id": one.joined.id if one.joined else self.ticket.id,
            "matter": one.matter.value,
            "audience": one.audience.value,
            "text": one.text,
            "action": what.action,
            "from_step": what.from_step,
            "step": self.ticket.step,
            "due_at": self.due_at,
            "details": [*chain.from_iterable(more.items())],
            "read_by": [what.by] if what.by is not None and one.to.subject is None else [],
        }

    def draft(self) -> outbox.Draft:
        """Return its event."""
        one = self.notice
        region = None if one.to.level is None else self.region_code[: one.to.level]
        event = NotificationRaised(
            notification_id=self.id,
            ticket_id=one.joined.id if one.joined else self.ticket.id,
            number=one.joined.number if one.joined else self.ticket.number,
            process=self.process.code,
            process_version=self.process.version,
            step=self.ticket.step,
            due_at=self.due_at,
            action=self.what.action,
            matter=one.matter,
            audience=one.audience,
            text=one.text,
            channels=tuple(channel for channel in one.channels if not self._declines(one.to.subject, channel)),
            subject=self._colleague(),
            title=one.to.title,
            title_region_code=region,
            organisation_id=one.to.body,
            titles=one.to.titles,
            declined=tuple(self._declined(region)),
            region_code=self.region_code,
        )
        return _draft(event, self.at)

    def _colleague(self) -> str | None:
        """Return the person in duty who is told; whose matter it is stays in the service."""
        mine = self.ticket.assignee is not None and self.notice.to.subject == str(self.ticket.assignee)
        return self.notice.to.subject if mine else None

    def _declines(self, subject: str | None, channel: Channel) -> bool:
        is_chosen = (subject, channel.value, self.notice.matter.value) in self._chosen
        return is_chosen and may_be_declined(channel, self.notice.matter)

    def _declined(self, region: str | None) -> list[Declined]:
        post = self.notice.to.title or "", region or ""
        people = (row[who] for row in self._held.get(post, ()) for who in ("person_id", "deputy_id"))
        subjects = dict.fromkeys(str(person) for person in people if person)
        ways = [channel for channel in self.notice.channels if channel in _DECLINABLE]
        return [Declined(one, channel) for one in subjects for channel in ways if self._declines(one, channel)]


def _row(id_: UUID, to: Recipient, region_code: str, at: datetime) -> dict[str, Any]:
    return {
        "id": id_,
        "region_code": region_code,
        "raised_at": at,
        "subject": to.subject,
        "title": to.title,
        "level": to.level,
        "body": to.body,
        "titles": list(to.titles),
    }


def _draft(event: NotificationRaised, at: datetime) -> outbox.Draft:
    return outbox.Draft(
        event=event,
        aggregate_id=event.notification_id,
        aggregate_version=1,
        region_code=event.region_code,
        occurred_at=at,
        traceparent=traceparent(),
    )


async def tell_deputy(
    session: WriteSession, deputy: UUID, duty: RowMapping, action: str, details: Mapping[str, str], at: datetime
) -> None:
    """Tell somebody that they stand in for a duty (`deputy`), or no longer do (`deputy_over`)."""
    id_, to = new_id(), Recipient(subject=str(deputy))
    row = _row(id_, to, duty["region_code"], at) | {
        "region_id": duty["region_id"],
        "matter": Matter.DEPUTY.value,
        "audience": Audience.DEPUTY.value,
        "text": action,
        "action": action,
        "details": [*chain.from_iterable(details.items())],
    }
    await session.execute(insert(t.notification), row)
    event = NotificationRaised(
        notification_id=id_,
        ticket_id=None,
        number=None,
        process=None,
        process_version=None,
        step=None,
        due_at=None,
        action=action,
        matter=Matter.DEPUTY,
        audience=Audience.DEPUTY,
        text=action,
        channels=(Channel.INBOX,),
        subject=to.subject,
        title=None,
        title_region_code=None,
        organisation_id=None,
        titles=(),
        declined=(),
        region_code=duty["region_code"],
    )
    await outbox.append_many(session.connection, SERVICE, [_draft(event, at)])
