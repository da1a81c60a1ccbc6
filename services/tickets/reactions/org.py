"""Keep what tickets needs of org: regions, organisations, duties; re-stamp tickets when a region is recoded.

Handlers run in the consumer's transaction, each event of an aggregate in order. Events of different aggregates come in
any order, so nothing here depends on another aggregate being known already.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003

import msgspec
from sqlalchemy import Uuid, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from chassis.events.consumer import Handler
    from chassis.events.envelope import Envelope


class _Told(msgspec.Struct, frozen=True, rename="camel"):
    """Base: only the fields that are needed; what else an event says is ignored."""


class RegionTold(_Told, frozen=True, rename="camel"):
    """`org.region.established`, `renamed`, `recoded` and `closed`, as far as each says it."""

    region_id: UUID
    code: str
    name: str | None = None
    valid_to: date | None = None
    into_region_id: UUID | None = None
    into_code: str | None = None


class OrganisationTold(_Told, frozen=True, rename="camel"):
    """`org.organisation.founded`, `renamed`, `moved` and `dissolved`, as far as each says it."""

    organisation_id: UUID
    region_id: UUID
    kind: str | None = None
    name: str | None = None
    dissolved_on: date | None = None
    merged_into: UUID | None = None


class DutyTold(_Told, frozen=True, rename="camel"):
    """`org.duty.assigned` and `ended`."""

    duty_id: UUID
    person_id: UUID
    title: str
    organisation_id: UUID | None
    region_id: UUID
    region_code: str
    valid_from: date
    valid_to: date | None = None


def _told(events: Sequence[Envelope], kind: type[Any]) -> list[Any]:
    return [msgspec.json.decode(event.data, type=kind) for event in events]


async def region_established(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Learn of regions."""
    rows = [{"id": told.region_id, "code": told.code, "name": told.name} for told in _told(events, RegionTold)]
    await _put(connection, t.region, rows, keep=("closed_on",))


async def region_renamed(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Take over the new names."""
    for told in _told(events, RegionTold):
        await connection.execute(update(t.region).where(t.region.c.id == told.region_id).values(name=told.name))


async def region_closed(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Take over the ends; open tickets of a region that was merged into another go on there."""
    for told in _told(events, RegionTold):
        closed = update(t.region).where(t.region.c.id == told.region_id).values(closed_on=told.valid_to)
        await connection.execute(closed)
        if told.into_region_id is not None and told.into_code is not None:
            await _follow(connection, told.region_id, told.into_region_id, told.into_code)


async def _follow(connection: AsyncConnection, region_id: UUID, into_id: UUID, into_code: str) -> None:
    """Let the open tickets of one region go on in another; what has ended stays where it ended."""
    code = (await _codes(connection, {into_id})).get(into_id, into_code)
    open_here = (t.ticket.c.region_id == region_id) & t.ticket.c.ended_at.is_(None)
    here = update(t.ticket).where(open_here).values(region_id=into_id, region_code=code)
    moved = (await connection.execute(here.returning(t.ticket.c.id))).scalars().all()
    for table in t.OF_A_TICKET:
        of_them = table.c.ticket_id == func.any(literal(sorted(moved), ARRAY(Uuid)))
        await connection.execute(update(table).where(of_them).values(region_code=code))
    u = t.upload.c
    goes_on = (u.region_id == region_id) & (u.attached_at.is_(None) | (u.ticket_id.in_(moved)))
    await connection.execute(update(t.upload).where(goes_on).values(region_id=into_id, region_code=code))


async def region_recoded(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Give regions their new codes, and re-stamp the duties and tickets that are in them."""
    for told in _told(events, RegionTold):
        # The region first: a ticket that is being raised in it holds the row until it is stored.
        await connection.execute(update(t.region).where(t.region.c.id == told.region_id).values(code=told.code))
        for table in t.OF_A_REGION:
            moved = (table.c.region_id == told.region_id) & (table.c.region_code != told.code)
            await connection.execute(update(table).where(moved).values(region_code=told.code))
        mine = select(t.ticket.c.id).where(t.ticket.c.region_id == told.region_id)
        for table in t.OF_A_TICKET:
            moved = table.c.ticket_id.in_(mine) & (table.c.region_code != told.code)
            await connection.execute(update(table).where(moved).values(region_code=told.code))


async def organisation_founded(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Learn of organisations."""
    rows = [
        {
            "id": told.organisation_id,
            "kind": told.kind,
            "name": told.name,
            "region_id": told.region_id,
            "dissolved_on": told.dissolved_on,
        }
        for told in _told(events, OrganisationTold)
    ]
    await _put(connection, t.organisation, rows)


async def organisation_renamed(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Take over the new names."""
    for told in _told(events, OrganisationTold):
        named = update(t.organisation).where(t.organisation.c.id == told.organisation_id)
        await connection.execute(named.values(name=told.name))


async def organisation_moved(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Take over the regions that organisations belong to now."""
    for told in _told(events, OrganisationTold):
        moved = update(t.organisation).where(t.organisation.c.id == told.organisation_id)
        await connection.execute(moved.values(region_id=told.region_id))


async def organisation_dissolved(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Take over the ends; what a merged organisation was to carry out, the one that took over is to carry out."""
    o = t.organisation
    for told in _told(events, OrganisationTold):
        ended = update(o).where(o.c.id == told.organisation_id).values(dissolved_on=told.dissolved_on)
        await connection.execute(ended)
        if told.merged_into is not None:
            theirs = (t.ticket.c.responsible == told.organisation_id) & t.ticket.c.ended_at.is_(None)
            await connection.execute(update(t.ticket).where(theirs).values(responsible=told.merged_into))


async def duty_changed(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Learn who holds which duty, and until when; the region's code is the present one if it is known."""
    told = {one.duty_id: one for one in _told(events, DutyTold)}
    known = await _codes(connection, {one.region_id for one in told.values()})
    rows = [
        {
            "id": one.duty_id,
            "person_id": one.person_id,
            "title": one.title,
            "organisation_id": one.organisation_id,
            "region_id": one.region_id,
            "region_code": known.get(one.region_id, one.region_code),
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
        }
        for one in told.values()
    ]
    await _put(connection, t.duty, rows)


async def _codes(connection: AsyncConnection, ids: set[UUID]) -> dict[UUID, str]:
    among = t.region.c.id == func.any(literal(sorted(ids), ARRAY(Uuid)))
    found = await connection.execute(select(t.region.c.id, t.region.c.code).where(among))
    return {row.id: row.code for row in found}


async def _put(connection: AsyncConnection, table: Table, rows: list[dict[str, Any]], keep: Sequence[str] = ()) -> None:
    """Insert rows, or bring those that are there up to date, but for the columns in `keep`."""
    statement = upsert(table)
    others = {c.name: statement.excluded[c.name] for c in table.c if c.name != "id" and c.name not in keep}
    await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=others), rows)


HANDLERS: dict[str, Handler] = {
    "linli.org.region.established.v1": region_established,
    "linli.org.region.renamed.v1": region_renamed,
    "linli.org.region.recoded.v1": region_recoded,
    "linli.org.region.closed.v1": region_closed,
    "linli.org.organisation.founded.v1": organisation_founded,
    "linli.org.organisation.renamed.v1": organisation_renamed,
    "linli.org.organisation.moved.v1": organisation_moved,
    "linli.org.organisation.dissolved.v1": organisation_dissolved,
    "linli.org.duty.assigned.v1": duty_changed,
    "linli.org.duty.ended.v1": duty_changed,
}
