"""Who handed the tickets of an import down, which items of entry control speak of them, and refusals by an item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import select

from chassis.events import outbox
from chassis.ids import new_id
from services.tickets.domain.admission import AdmissionItem, AdmissionList, Cause
from services.tickets.domain.admission_events import AdmissionFlagRaised, AdmissionFlagUpheld
from services.tickets.domain.calendar import local_day
from services.tickets.domain.hand_down import hand_down_of, spoken_of
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.replay import actor_of
from services.tickets.domain.ticket import Seat
from services.tickets.storage import tables as t
from services.tickets.storage.admission import item_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from services.tickets.domain.process import Process
    from services.tickets.domain.records import TicketRecord
    from services.tickets.domain.ticket import Entry, Transition
    from services.tickets.storage.state import Row


class HandDowns:
    """Makes the rows and events, ticket by ticket; where no item is listed anywhere nothing is noted."""

    def __init__(self, listed: Sequence[RowMapping]) -> None:
        self._listed = [(row, item_of(row)) for row in listed]
        self.drafts: list[outbox.Draft] = []

    @classmethod
    async def of(cls, session: WriteSession) -> HandDowns:
        """Read the items of all lists, of all days."""
        return cls(await session.rows(select(t.admission_item)))

    def note(
        self, process: Process, record: TicketRecord, done: Sequence[Transition]
    ) -> tuple[list[Row], list[Row], str | None]:
        """Return rows of hand-downs and of flags of a ticket, and what is wrong with the grounds of its acts."""
        downs: list[Row] = []
        flags: list[Row] = []
        if not self._listed:
            wrong = any(one.entry.given.grounds for one in done)
            return downs, flags, TicketProblem.NOT_HANDED_DOWN.text("en") if wrong else None
        for made in done:
            down = self._down(process, record, made)
            if down is not None:
                downs.append(down)
                words = (record.title, record.description, made.entry.given.opinion or "")
                flags += self._flags(down, made.ticket.category, words)
            if made.entry.given.grounds is not None:
                wrong_grounds = self._refuse(downs, flags, made.entry, made.entry.given.grounds)
                if wrong_grounds is not None:
                    return downs, flags, wrong_grounds
        return downs, flags, None

    def _down(self, process: Process, record: TicketRecord, made: Transition) -> Row | None:
        ticket, entry = made.ticket, made.entry
        actor = actor_of(process, entry.by, entry.acted_as, ticket.region_code)
        if entry.from_step is None and record.raised.organisation is not None:
            actor = replace(actor, seats=(Seat(entry.acted_as, record.raised.organisation),))
        pushed = hand_down_of(process, entry, actor, ticket.region_code)
        if pushed is None:
            return None
        return {
            "ticket_id": ticket.id,
            "seq": entry.seq,
            "region_code": ticket.region_code,
            "at": entry.at,
            "title": pushed.title,
            "from_region_code": pushed.from_region_code,
            "organisation_id": pushed.organisation,
        }

    def _flags(self, down: Row, category: str | None, words: Sequence[str]) -> Iterator[Row]:
        items = [(row["id"], item) for row, item in self._in_force(down["region_code"], local_day(down["at"]))]
        for item_id, found in spoken_of(items, category, words):
            yield self._flag(down, item_id, found.cause, found.word)

    def _refuse(self, downs: list[Row], flags: list[Row], entry: Entry, item_id: UUID) -> str | None:
        """Keep that a ticket was refused by an item; return what is wrong with it."""
        if not downs:
            return TicketProblem.NOT_HANDED_DOWN.text("en")
        last = downs[-1]
        day = local_day(last["at"])
        there = (
            row["id"]
            for row, item in self._in_force(last["region_code"], day)
            if item.list is not AdmissionList.HOTLINES
        )
        if item_id not in there:
            return TicketProblem.ITEM_NOT_IN_FORCE.text("en", day=day)
        flag = next((one for one in flags if one["item_id"] == item_id and one["seq"] == last["seq"]), None)
        if flag is None:
            flag = self._flag(last, item_id, Cause.CLAIMED, None)
            flags.append(flag)
        flag |= {"refused_seq": entry.seq, "refused_at": entry.at}
        event = AdmissionFlagUpheld(
            flag_id=flag["id"],
            ticket_id=last["ticket_id"],
            item_id=item_id,
            pushed_by_id=last["organisation_id"],
            region_code=last["region_code"],
        )
        self.drafts.append(_draft(event, flag["id"], 2, last["region_code"], entry.at))
        return None

    def _flag(self, down: Row, item_id: UUID, cause: Cause, word: str | None) -> Row:
        row = {name: down[name] for name in ("ticket_id", "seq", "region_code", "at", "organisation_id")}
        row |= {"id": new_id(), "item_id": item_id, "cause": cause.value, "word": word}
        event = AdmissionFlagRaised(
            flag_id=row["id"],
            ticket_id=row["ticket_id"],
            item_id=item_id,
            cause=cause,
            pushed_by_id=row["organisation_id"],
            region_code=row["region_code"],
        )
        self.drafts.append(_draft(event, row["id"], 1, row["region_code"], row["at"]))
        return row | {"refused_seq": None, "refused_at": None}

    def _in_force(self, region_code: str, day: date) -> Iterator[tuple[RowMapping, AdmissionItem]]:
        for row, item in self._listed:
            begun = row["valid_from"] <= day and (row["valid_to"] is None or row["valid_to"] > day)
            if begun and region_code.startswith(row["region_code"]):
                yield row, item


def _draft(event: Event, flag_id: UUID, version: int, region_code: str, at: datetime) -> outbox.Draft:
    return outbox.Draft(
        event=event, aggregate_id=flag_id, aggregate_version=version, region_code=region_code, occurred_at=at
    )
