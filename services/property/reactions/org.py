"""Keep what property needs of org: regions, organisations, duties; re-stamp what lies in a region that is recoded.

Handlers run in the consumer's transaction, each event of an aggregate in order.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003

import msgspec
from sqlalchemy import Text, case, cast, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.property.commands.compounds import moved
from services.property.commands.publishing import append
from services.property.domain.company_events import CompanyChanged
from services.property.storage import committee_tables as c
from services.property.storage import tables as t
from services.property.storage.care_tables import ticket_told
from services.property.storage.company_tables import COMPANY_TABLES
from services.property.storage.governed import OF_A_COMPOUND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from chassis.events.consumer import Handler
    from chassis.events.envelope import Envelope


class RegionTold(msgspec.Struct, frozen=True, rename="camel"):
    """`org.region.established`, `renamed`, `recoded` and `closed`, as far as each says it."""

    region_id: UUID
    code: str
    name: str | None = None
    valid_to: date | None = None
    into_region_id: UUID | None = None
    into_code: str | None = None


def _told(events: Sequence[Envelope]) -> list[RegionTold]:
    return [msgspec.json.decode(event.data, type=RegionTold) for event in events]


async def region_established(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Learn of regions."""
    statement = upsert(t.region)
    others = {name: statement.excluded[name] for name in ("code", "name")}
    rows = [{"id": told.region_id, "code": told.code, "name": told.name} for told in _told(events)]
    await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=others), rows)


async def region_renamed(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Take over the new names."""
    for told in _told(events):
        await connection.execute(update(t.region).where(t.region.c.id == told.region_id).values(name=told.name))


async def region_closed(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Take over the ends; what lay directly in a region that was merged into another lies there from now on."""
    for event, told in zip(events, _told(events), strict=True):
        closed = update(t.region).where(t.region.c.id == told.region_id).values(closed_on=told.valid_to)
        await connection.execute(closed)
        if told.into_region_id is not None and told.into_code is not None:
            present = select(t.region.c.code).where(t.region.c.id == told.into_region_id)
            code = await connection.scalar(present) or told.into_code
            await _rename_doubles(connection, told.region_id, told.into_region_id)
            await _move_compounds(connection, told.region_id, told.into_region_id, code, event)
            await _place(connection, told.region_id, told.into_region_id, code)


async def region_recoded(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Give regions their new codes, and re-stamp the compounds in them with all that belongs to these."""
    for told in _told(events):
        # The region first: a compound that is being registered in it holds the row until it is stored.
        await connection.execute(update(t.region).where(t.region.c.id == told.region_id).values(code=told.code))
        await _place(connection, told.region_id, told.region_id, told.code)


async def _move_compounds(
    connection: AsyncConnection, before: UUID, into: UUID, code: str, caused_by: Envelope
) -> None:
    """Let the compounds of one region lie in another, and tell of each."""
    m = t.compound
    here = update(m).where(m.c.region_id == before)
    changed = here.values(region_id=into, region_code=code, version=m.c.version + 1, events=m.c.events + 1)
    for row in (await connection.execute(changed.returning(m))).mappings().all():
        await append(connection, moved(row), row["id"], row["events"], row["region_code"], caused_by=caused_by)


async def _place(connection: AsyncConnection, before: UUID, region_id: UUID, code: str) -> None:
    """Let what lies directly in one region lie in another (or the same), with that one's code on every row."""
    for table in (t.compound, t.company, ticket_told):
        moved = (table.c.region_id == before) & ((table.c.region_code != code) | (table.c.region_id != region_id))
        await connection.execute(update(table).where(moved).values(region_id=region_id, region_code=code))
    looked_after = select(t.company.c.id).where(t.company.c.region_id == region_id)
    for table in COMPANY_TABLES:
        stale = table.c.company_id.in_(looked_after) & (table.c.region_code != code)
        await connection.execute(update(table).where(stale).values(region_code=code))
    mine = select(t.compound.c.id).where(t.compound.c.region_id == region_id)
    for table in OF_A_COMPOUND:
        stale = table.c.compound_id.in_(mine) & (table.c.region_code != code)
        await connection.execute(update(table).where(stale).values(region_code=code))


async def _rename_doubles(connection: AsyncConnection, before: UUID, into: UUID) -> None:
    """Let compounds whose name another has in the region that takes over be called by where they were, too."""
    m, there = t.compound.c, t.compound.alias().c
    taken = select(there.name).where(there.region_id == into)
    was = select(t.region.c.name).where(t.region.c.id == before).scalar_subquery()
    doubles = (m.region_id == before) & m.name.in_(taken)
    # The id tells apart those that were merged before under the same name.
    name = m.name.concat(func.coalesce(literal("（原").concat(was).concat("）"), ""))
    unique = case((name.in_(taken), name.concat(" ").concat(cast(m.id, Text))), else_=name)
    await connection.execute(update(t.compound).where(doubles).values(name=unique))


class OrganisationTold(msgspec.Struct, frozen=True, rename="camel"):
    """`org.organisation.founded` and `dissolved`."""

    organisation_id: UUID
    kind: str
    region_id: UUID
    name: str = ""
    dissolved_on: date | None = None


class DutyTold(msgspec.Struct, frozen=True, rename="camel"):
    """`org.duty.assigned` and `ended`."""

    duty_id: UUID
    person_id: UUID
    title: str
    valid_from: date
    valid_to: date | None = None


async def organisation_founded(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Learn of organisations: Party branches and working groups of committees are among them."""
    told = {one.organisation_id: one for one in (msgspec.json.decode(e.data, type=OrganisationTold) for e in events)}
    rows = [
        {"id": id_, "kind": one.kind, "name": one.name, "region_id": one.region_id, "dissolved_on": one.dissolved_on}
        for id_, one in told.items()
    ]
    await _put(connection, c.organisation, rows)


async def organisation_dissolved(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Take over the ends; a company whose Party branch it was has none any more, and that is told."""
    o, m = c.organisation, t.company
    for event in events:
        told = msgspec.json.decode(event.data, type=OrganisationTold)
        ended = update(o).where(o.c.id == told.organisation_id).values(dissolved_on=told.dissolved_on)
        await connection.execute(ended)
        changed = (
            update(m)
            .where(m.c.organisation_id == told.organisation_id)
            .values(organisation_id=None, has_party_branch=False, version=m.c.version + 1, events=m.c.events + 1)
            .returning(m)
        )
        for row in (await connection.execute(changed)).mappings().all():
            lost = CompanyChanged(
                company_id=row["id"],
                region_code=row["region_code"],
                credit_code=row["credit_code"],
                has_party_branch=False,
            )
            await append(connection, lost, row["id"], row["events"], row["region_code"], caused_by=event)


async def duty_changed(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Learn who holds which duty, and until when."""
    told = {one.duty_id: one for one in (msgspec.json.decode(event.data, type=DutyTold) for event in events)}
    same = ("person_id", "title", "valid_from", "valid_to")
    rows = [{"id": id_} | {name: getattr(one, name) for name in same} for id_, one in told.items()]
    await _put(connection, c.duty, rows)


async def _put(connection: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows, or bring those that are there up to date."""
    statement = upsert(table)
    others = {one.name: statement.excluded[one.name] for one in table.c if one.name != "id"}
    await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=others), rows)


HANDLERS: dict[str, Handler] = {
    "linli.org.region.established.v1": region_established,
    "linli.org.region.renamed.v1": region_renamed,
    "linli.org.region.recoded.v1": region_recoded,
    "linli.org.region.closed.v1": region_closed,
    "linli.org.organisation.founded.v1": organisation_founded,
    "linli.org.organisation.dissolved.v1": organisation_dissolved,
    "linli.org.duty.assigned.v1": duty_changed,
    "linli.org.duty.ended.v1": duty_changed,
}
