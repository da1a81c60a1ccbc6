"""Replay the tickets of an import file: each with its words, and child tickets within the ticket that was divided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from chassis.problems import Refused
from chassis.texts import clean, demanded
from services.tickets.domain.clock import RungKind
from services.tickets.domain.content import LONGEST_DESCRIPTION, LONGEST_TITLE, checked_name, checked_phone
from services.tickets.domain.dividing import section_of
from services.tickets.domain.numbers import number_of
from services.tickets.domain.replay import replay
from services.tickets.domain.replay_family import Children, NoReplay, left_visits
from services.tickets.storage.children import NEVER, rung_row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from chassis.cipher import DataCipher
    from services.tickets.domain.calendar import WorkingCalendar
    from services.tickets.domain.dividing import Link
    from services.tickets.domain.process import Process
    from services.tickets.domain.records import DeliberationRecord, TicketRecord
    from services.tickets.domain.ticket import Transition
    from services.tickets.storage.state import Row


class WrongLine(Exception):
    """A record that cannot be imported, and the line it is on."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")


class Replayed(msgspec.Struct, frozen=True):
    """A ticket that was replayed, as it is to be stored."""

    process: Process
    record: TicketRecord
    words: Row
    done: list[Transition]
    children: Children


class Replaying:
    """The new tickets of a file (`fresh`, by line) with the numbers that they get, and what their rules need."""

    def __init__(
        self,
        known: dict[tuple[str, int], Process],
        cipher: DataCipher,
        calendar: WorkingCalendar,
        about: dict[UUID, list[DeliberationRecord]],
        fresh: Sequence[tuple[int, TicketRecord]],
        numbers: Sequence[int],
    ) -> None:
        self._known, self._cipher, self._calendar, self._about = known, cipher, calendar, about
        self._newest: dict[str, int] = {}
        for code, version in known:
            self._newest[code] = max(version, self._newest.get(code, 0))
        self._places = {record.id: (line, number) for (line, record), number in zip(fresh, numbers, strict=True)}
        self._waiting = {record.id: record for _, record in fresh if record.parent is not None}
        self._parents = {id_: record.parent for id_, record in self._waiting.items()}

    def family(self, record: TicketRecord) -> list[Replayed]:
        """Replay a ticket with all that are below it, itself first. Raises WrongLine."""
        made: list[Replayed] = []
        try:
            self._replay(record, None, made)
        except NoReplay as error:
            line, _ = self._places[error.record or record.id]
            raise WrongLine(line, str(error)) from error
        return made

    def left_over(self) -> list[str]:
        """Return what is wrong with the children that nothing opened."""
        return [
            f"line {self._places[one.id][0]}: parent: no new ticket {one.parent} of the file was divided into this one"
            for one in self._waiting.values()
        ]

    def forget(self, record: TicketRecord) -> None:
        """Say nothing more of the children of a ticket that is wrong itself."""
        below = {record.id}
        while more := {id_ for id_, parent in self._parents.items() if parent in below} - below:
            below |= more
        for id_ in below:
            self._waiting.pop(id_, None)

    def _replay(self, record: TicketRecord, link: Link | None, made: list[Replayed]) -> list[Transition]:
        """Replay a ticket and then those below it, which come after it in `made`. Raises NoReplay."""
        place = len(made)

        def begin(child: TicketRecord, its: Link) -> list[Transition]:
            del self._waiting[child.id]
            return self._replay(child, its, made)

        try:
            children = Children(self._waiting, begin)
            process = self._process(record)
            words = _words(self._cipher, record)
            number = number_of(record.raised.at, self._places[record.id][1])
            about = self._about.get(record.id, ())
            done = replay(process, record, number, self._calendar, about, children, link)
        except Refused as error:
            wrong = NoReplay(".".join(error.path), str(error))
            wrong.record = record.id
            raise wrong from error
        except NoReplay as error:
            error.record = error.record or record.id
            raise
        made.insert(place, Replayed(process, record, words, done, children))
        return done

    def _process(self, record: TicketRecord) -> Process:
        """Return the process that a record is replayed by. Raises NoReplay."""
        if record.organisation is not None and record.parent is None:
            raise NoReplay("organisation", "only a child ticket is for an organisation")
        process = self._known.get((record.process, record.process_version or self._newest.get(record.process, 0)))
        if process is None:
            version = record.process_version or ""
            raise NoReplay("process", f"there is no process {record.process} {version}".rstrip())
        return process


def family_rungs(one: Replayed) -> list[Row]:
    """Return the rows by which the sweep sees to a divided ticket: it waits, or leaves children to recall."""
    ticket, last = one.done[-1].ticket, one.children.open_at_last()
    listed = [
        rung_row(ticket, RungKind.RECALL, visit, at, at)
        for visit, at, recalls in left_visits(one.process, one.done)
        if recalls and visit in last
    ]
    section = section_of(one.process, ticket)
    if section is not None and section.rule != "none" and one.children.ends(ticket.visits, NEVER):
        waits = one.children.led_to(one.process, ticket, NEVER) is None
        at = NEVER if waits else ticket.changed_at
        listed.append(rung_row(ticket, RungKind.GATHER, ticket.visits, ticket.changed_at, at))
    return listed


def _words(cipher: DataCipher, record: TicketRecord) -> Row:
    name, phone = checked_name(record.requester_name), checked_phone(record.requester_phone)
    return {
        "title": demanded(record.title, "title", LONGEST_TITLE),
        "description": clean(record.description, "description", LONGEST_DESCRIPTION) or "",
        "channel_reference": clean(record.channel_reference, "channel_reference", LONGEST_TITLE),
        "requester_name": cipher.encrypt(name) if name else None,
        "requester_phone": cipher.encrypt(phone) if phone else None,
    }
