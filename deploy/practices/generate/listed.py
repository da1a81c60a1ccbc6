"""Which tickets of the demonstration handle what is on the lists of communities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from deploy.practices.generate.tickets import make_tickets
from services.org.domain.levels import Level
from services.org.domain.records import ListItemRecord
from services.tickets.domain.calendar import local_day
from services.tickets.domain.process import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from uuid import UUID

    from deploy.practices.demonstration import City
    from deploy.practices.generate.tickets import Made
    from deploy.practices.model_matters import Matters
    from deploy.practices.model_registers import DemonstrationListed
    from services.org.domain.records import Record
    from services.tickets.domain.process import Process


def with_tickets(
    city: City,
    records: Iterable[Record],
    processes: Mapping[str, Process],
    matters: Mapping[str, Matters],
) -> Iterator[Record]:
    """Yield records of registers, items of lists with the tickets that handle them where the practice says so.

    `matters` are those of each process. A ticket handles one item.
    """
    wanted: dict[UUID, DemonstrationListed] = {
        city.source.id("list item", region.code, one.name): one
        for one in city.practice.demonstration.lists
        if one.handled_by is not None
        for region in city.tree.at("COMMUNITY")
    }
    there = _carried_through(city, {one.handled_by for one in wanted.values()}, processes, matters)
    for record in records:
        if isinstance(record, ListItemRecord) and record.id in wanted:
            one = wanted[record.id]
            yield _handled(record, there.get((one.handled_by, one.about, record.region_code), []))
        else:
            yield record


def _carried_through(
    city: City, codes: set[str | None], processes: Mapping[str, Process], matters: Mapping[str, Matters]
) -> dict[tuple[str | None, str | None, str], list[Made]]:
    """Return the tickets that were carried through by process, what they are about and community, the first first."""
    demonstration = city.practice.demonstration
    found: dict[tuple[str | None, str | None, str], list[Made]] = {}
    for tickets in demonstration.tickets:
        if tickets.process not in codes:
            continue
        process = processes[tickets.process]
        for one in make_tickets(city, tickets, process, matters[tickets.process], demonstration.date):
            if one.ticket.outcome is Outcome.DONE:
                community = one.ticket.region_code[: Level.COMMUNITY.code_length]
                found.setdefault((tickets.process, one.category, community), []).append(one)
    return found


def _handled(item: ListItemRecord, there: list[Made]) -> ListItemRecord:
    """Return the item with the first of the tickets raised since it was listed, which is then taken from them."""
    for index, one in enumerate(there):
        if local_day(one.ticket.raised_at) >= item.valid_from and one.ticket.ended_at is not None:
            del there[index]
            # Whoever settles it says what came of it when the ticket is through, not before.
            settled_on = None if item.settled_on is None else local_day(one.ticket.ended_at)
            return replace(item, ticket=one.ticket.id, settled_on=settled_on)
    return item
