"""Keep what credit needs of org: regions and duties; re-stamp accounts when a region is recoded.

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

from services.credit.storage import selection_tables as s
from services.credit.storage import tables as t

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


class DutyTold(_Told, frozen=True, rename="camel"):
    """`org.duty.assigned` and `ended`."""

    duty_id: UUID
    person_id: UUID
    title: str
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
    """Take over the ends; accounts of a region that was merged into another go on there, with all they hold."""
    for told in _told(events, RegionTold):
        closed = update(t.region).where(t.region.c.id == told.region_id).values(closed_on=told.valid_to)
        await connection.execute(closed)
        if told.into_region_id is not None and told.into_code is not None:
            await _follow(connection, told.region_id, told.into_region_id, told.into_code)


async def _follow(connection: AsyncConnection, region_id: UUID, into_id: UUID, into_code: str) -> None:
    """Let accounts, and selections that are not concluded, of one region be in another.

    A district's book stays a book of its own, looked after where the district was merged into. Rankings stay what they
    were in their quarter.
    """
    code = (await _codes(connection, {into_id})).get(into_id, into_code)
    await connection.execute(update(t.book).where(t.book.c.region_id == region_id).values(region_code=code))
    a, c = t.account.c, s.candidate.c
    mine = (a.region_id == region_id) & (a.nature != "system")
    await connection.execute(update(t.account).where(mine).values(region_id=into_id, region_code=code))
    held = (s.selection.c.region_id == region_id) & (s.selection.c.concluded_at.is_(None))
    await connection.execute(update(s.selection).where(held).values(region_id=into_id))
    going_on = select(s.selection.c.id).where(s.selection.c.concluded_at.is_(None))
    people = (c.region_id == region_id) & c.account_id.is_not(None) & c.selection_id.in_(going_on)
    await connection.execute(update(s.candidate).where(people).values(region_id=into_id))


async def region_recoded(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Give regions their new codes, and re-stamp the duties, books and accounts that are in them."""
    for told in _told(events, RegionTold):
        # The region first: an account that is being opened in it holds the row until it is stored.
        await connection.execute(update(t.region).where(t.region.c.id == told.region_id).values(code=told.code))
        for table in (t.duty, *t.STAMPED):
            moved = (table.c.region_id == told.region_id) & (table.c.region_code != told.code)
            await connection.execute(update(table).where(moved).values(region_code=told.code))


async def duty_changed(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Learn who holds which duty, and until when; the region's code is the present one if it is known."""
    told = {one.duty_id: one for one in _told(events, DutyTold)}
    known = await _codes(connection, {one.region_id for one in told.values()})
    rows = [
        {
            "id": one.duty_id,
            "person_id": one.person_id,
            "title": one.title,
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
    "linli.org.duty.assigned.v1": duty_changed,
    "linli.org.duty.ended.v1": duty_changed,
}
