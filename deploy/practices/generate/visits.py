"""Which tickets of the demonstration handle what visits found."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from deploy.practices.generate.regions import address
from deploy.practices.generate.tickets import make_tickets
from services.org.domain.levels import Level
from services.org.domain.records import ContactRecord, VisitRecord
from services.tickets.domain.calendar import local_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deploy.practices.demonstration import City
    from deploy.practices.generate.tickets import Made
    from deploy.practices.model_matters import Matters
    from deploy.practices.model_ties import DemonstrationContacts
    from services.org.domain.records import Record
    from services.tickets.domain.process import Process

_DAYS = 3
"""How long before its ticket was raised the visit was, at most."""


def handled(
    city: City,
    records: Iterable[Record],
    processes: Mapping[str, Process],
    matters: Mapping[str, Matters],
) -> Iterator[Record]:
    """Yield records of registers, visits with the tickets that handle what they found where the practice says so.

    `matters` are those of each process.
    """
    wanted = {one.kind: one for one in city.practice.demonstration.contacts if one.handled_by is not None}
    found = {kind: _by_grid(city, one, processes, matters) for kind, one in wanted.items()}
    contacts: dict[object, ContactRecord] = {}
    for record in records:
        if isinstance(record, ContactRecord):
            contacts[record.id] = record
        if isinstance(record, VisitRecord) and record.finding is not None:
            contact = contacts[record.contact]
            if contact.kind in found:
                grid = contact.region_code[: Level.GRID.code_length]
                yield _linked(city, record, contact, wanted[contact.kind], found[contact.kind].get(grid, []))
                continue
        yield record


def _by_grid(
    city: City, wanted: DemonstrationContacts, processes: Mapping[str, Process], matters: Mapping[str, Matters]
) -> dict[str, list[Made]]:
    """Return the tickets that were carried through, by grid, the first first."""
    practice = city.practice
    [tickets] = [one for one in practice.demonstration.tickets if one.process == wanted.handled_by]
    made = make_tickets(
        city, tickets, processes[tickets.process], matters[tickets.process], practice.demonstration.date
    )
    found: dict[str, list[Made]] = {}
    for one in made:
        if one.ticket.ended_at is not None:
            found.setdefault(one.ticket.region_code[: Level.GRID.code_length], []).append(one)
    return found


def _linked(
    city: City, visit: VisitRecord, contact: ContactRecord, wanted: DemonstrationContacts, there: list[Made]
) -> VisitRecord:
    """Return the visit with the next of the tickets that can handle it, which is then taken from them."""
    for index, one in enumerate(there):
        on: date = local_day(one.ticket.raised_at) - timedelta(days=visit.id.int % (_DAYS + 1))
        if max(wanted.visited_from, contact.valid_from) <= on <= wanted.visited_to:
            del there[index]
            what = one.title.removeprefix(address(city.tree, one.ticket.region_code))
            return replace(visit, on=on, finding=what, ticket=one.ticket.id)
    return visit
