"""Between the tables' rows and the state that the rules work on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from chassis.ids import new_id
from services.tickets.domain.clock import Clock, ClockKind, rungs
from services.tickets.domain.content import UploadedFile
from services.tickets.domain.deadline import Duration, Pause
from services.tickets.domain.process import Holder, Kind, Outcome
from services.tickets.domain.ticket import Evaluation, Invitation, Mark, Ticket
from services.tickets.domain.wording import vector

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import RowMapping

    from services.tickets.domain.calendar import WorkingCalendar
    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Entry

Row = dict[str, Any]
IMPORTED = "imported"
"""State of an attachment that came with an import: what lies in the store, if anything, was not looked into."""
_PLAIN = (
    "id", "number", "process", "process_version", "region_id", "region_code", "category", "channel", "requester",
    "step", "entered_at", "visits", "version", "round", "raised_at", "changed_at", "ended_at", "responded_at",
    "public_since", "notice", "responsible", "parent", "parent_visit", "depth", "concerns", "joined_into", "assignee",
)  # fmt: skip


def ticket_of(row: RowMapping, clocks: Iterable[RowMapping], evaluations: Iterable[RowMapping]) -> Ticket:
    """Return the state of a ticket from its row, its open clocks and its evaluations."""
    return Ticket(
        **{name: row[name] for name in _PLAIN},
        outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
        issuer=msgspec.convert(row["issuer"], Holder | None),
        escalated=msgspec.convert(row["escalated"], tuple[Holder, ...]),
        marks=msgspec.convert(row["marks"], tuple[Mark, ...]),
        invitations=msgspec.convert(row["invitations"], tuple[Invitation, ...]),
        evaluations=tuple(
            Evaluation(by=one["by"], acted_as=one["acted_as"], rating=one["rating"], round=one["round"], at=one["at"])
            for one in evaluations
        ),
        clocks=tuple(clock_of(clock) for clock in clocks),
    )


def ticket_row(ticket: Ticket) -> Row:
    """Return the columns that the rules decide."""
    return {name: getattr(ticket, name) for name in _PLAIN} | {
        "outcome": ticket.outcome.value if ticket.outcome else None,
        "issuer": msgspec.to_builtins(ticket.issuer),
        "escalated": msgspec.to_builtins(ticket.escalated),
        "marks": msgspec.to_builtins(ticket.marks),
        "invitations": msgspec.to_builtins(ticket.invitations),
        "due_at": ticket.due_at(),
    }


def clock_of(row: RowMapping) -> Clock:
    """Return a clock from its row."""
    return Clock(
        kind=ClockKind(row["kind"]),
        number=row["number"],
        step=row["step"],
        within=msgspec.convert(row["within"], Duration),
        started_at=row["started_at"],
        due_at=row["due_at"],
        provisional=row["provisional"],
        calendar=row["calendar"],
        pauses=msgspec.convert(row["pauses"], tuple[Pause, ...]),
        paused_since=row["paused_since"],
        stopped_at=row["stopped_at"],
    )


def clock_row(ticket: Ticket, clock: Clock) -> Row:
    """Return the row of a clock."""
    return {
        "ticket_id": ticket.id,
        "region_code": ticket.region_code,
        "kind": clock.kind.value,
        "number": clock.number,
        "step": clock.step,
        "within": msgspec.to_builtins(clock.within),
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "provisional": clock.provisional,
        "calendar": clock.calendar,
        "pauses": msgspec.to_builtins(clock.pauses),
        "paused_since": clock.paused_since,
        "stopped_at": clock.stopped_at,
        "kept": clock.was_kept,
    }


def rung_rows(process: Process, ticket: Ticket, clock: Clock, calendar: WorkingCalendar) -> list[Row]:
    """Return the rows of what an open clock will bring about."""
    return [
        {
            "ticket_id": ticket.id,
            "region_code": ticket.region_code,
            "clock": clock.kind.value,
            "number": clock.number,
            "kind": rung.kind.value,
            "level": rung.level,
            "at": rung.at,
            "try_at": rung.at,
        }
        for rung in rungs(process, clock, calendar)
    ]


def entry_row(ticket: Ticket, entry: Entry) -> Row:
    """Return the row of a line of the timeline."""
    given = entry.given
    return {
        "ticket_id": ticket.id,
        "region_code": ticket.region_code,
        "seq": entry.seq,
        "action": entry.action,
        "kind": entry.kind.value,
        "from_step": entry.from_step,
        "to_step": entry.to_step,
        "at": entry.at,
        "by": entry.by,
        "acted_as": entry.acted_as,
        "round": entry.round,
        "reason": given.reason,
        "opinion": given.opinion,
        "notice": given.notice,
        "rating": given.rating,
        "responsible": given.responsible,
        "amount": given.amount,
        "invited": list(given.invited),
        "answers_for": entry.answers_for,
        "acted_for": entry.acted_for,
        "grounds": given.grounds,
        "joined_into": given.into,
        "assignee": given.assignee,
    }


def wording_row(ticket: Ticket, title: str, description: str) -> Row:
    """Return the row by which a ticket is found by words."""
    return {
        "ticket_id": ticket.id,
        "region_code": ticket.region_code,
        "words": vector(title, description),
        "raised_at": ticket.raised_at,
    }


def attachment_rows(ticket: Ticket, entry: Entry) -> Iterator[Row]:
    """Yield the rows of what came with an entry."""
    for position, one in enumerate(entry.given.attachments):
        uploaded = one if isinstance(one, UploadedFile) else None
        yield {
            "id": new_id(),
            "ticket_id": ticket.id,
            "region_code": ticket.region_code,
            "seq": entry.seq,
            "position": position,
            "name": one.name,
            "media_type": one.media_type,
            "size": one.size,
            "sha256": one.sha256,
            "key": one.key,
            "upload_id": uploaded.upload if uploaded else None,
            "state": uploaded.state if uploaded else IMPORTED,
            "finding": uploaded.finding if uploaded else None,
            "is_scanned": uploaded.is_scanned if uploaded else False,
        }


def deliverable_rows(ticket: Ticket, entry: Entry) -> Iterator[Row]:
    """Yield the rows of what was delivered by then, as the last word."""
    for position, one in enumerate(entry.given.deliverables):
        yield {
            "ticket_id": ticket.id,
            "region_code": ticket.region_code,
            "seq": entry.seq,
            "position": position,
            "stands": True,
            **msgspec.structs.asdict(one),
        }


def delivered_rows(ticket: Ticket, entries: Iterable[Entry]) -> list[Row]:
    """Return the rows of all that was said of what was delivered; the last word stands."""
    rows = [row for entry in entries for row in deliverable_rows(ticket, entry)]
    last = max((row["seq"] for row in rows), default=0)
    return [row | {"stands": row["seq"] == last} for row in rows]


def evaluation_row(ticket: Ticket, entry: Entry) -> Row | None:
    """Return the row of an evaluation, if the entry is one."""
    if entry.kind is not Kind.EVALUATE:
        return None
    return {
        "ticket_id": ticket.id,
        "region_code": ticket.region_code,
        "round": entry.round,
        "by": entry.by,
        "acted_as": entry.acted_as,
        "rating": entry.given.rating,
        "at": entry.at,
    }
