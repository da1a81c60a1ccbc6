"""Let the registers of a region that is merged into another go on there; what both have already is joined.

Rows keep their identity and are not told of one by one: `region.closed` names the region that takes over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from services.org.commands.publishing import publish
from services.org.commands.recommendations import withdraw_for_merger
from services.org.commands.relocating import relocate
from services.org.domain import contact_events, register_events
from services.org.domain.recommendations import OPEN
from services.org.storage import tables as t
from services.org.storage.carried import CARRIED, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from sqlalchemy import RowMapping, Table

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from services.org.commands.places import RegionInForce


async def carry_registers(session: WriteSession, gone: RegionInForce, into: RegionInForce, on: date) -> tuple[int, int]:
    """Carry all registers; return how many rows went over and how many were joined to one that was there."""
    joined = await _join_pairings(session, gone, into, on)
    joined += await _join_contacts(session, gone, into, on)
    joined += await _join_recommendations(session, gone, into)
    moved = 0
    for table in CARRIED:
        until = "valid_to" if "valid_to" in table.c else None
        ids = [row["id"] for row in await relocate(session, table, until, gone, into, on, counted=False)]
        moved += len(ids)
        for column in parts_of(table) if ids else ():
            await session.execute(update(column.table).where(column.in_(ids)).values(region_code=into.code))
    return moved, joined


async def _join_pairings(session: WriteSession, gone: RegionInForce, into: RegionInForce, on: date) -> int:
    """End pairings of units that are paired with the other region in the same way; their contacts go on by that one."""

    def told(row: RowMapping, until: date) -> Event:
        return register_events.PairingEnded(
            pairing_id=row["id"],
            kind=row["kind"],
            organisation_id=row["organisation_id"],
            region_id=row["region_id"],
            region_code=row["region_code"],
            valid_to=until,
        )

    doubles = await _doubles(session, t.pairing, ("kind", "organisation_id"), gone, into)
    for row, other in doubles:
        await _end(session, t.pairing, row, on, told)
        c = t.contact
        await session.execute(update(c).where(c.c.pairing_id == row["id"]).values(pairing_id=other["id"]))
    return len(doubles)


async def _join_contacts(session: WriteSession, gone: RegionInForce, into: RegionInForce, on: date) -> int:
    """End contacts of who looks after the same in the other region."""

    def told(row: RowMapping, until: date) -> Event:
        return contact_events.ContactEnded(
            contact_id=row["id"],
            kind=row["kind"],
            person_id=row["person_id"],
            region_id=row["region_id"],
            region_code=row["region_code"],
            valid_to=until,
        )

    doubles = await _doubles(session, t.contact, ("kind", "person_id", "household", "compound_id"), gone, into)
    for row, _ in doubles:
        await _end(session, t.contact, row, on, told)
    return len(doubles)


async def _join_recommendations(session: WriteSession, gone: RegionInForce, into: RegionInForce) -> int:
    """Withdraw recommendations for posts for which one is under way in the other region."""
    r, other = t.recommendation, t.recommendation.alias("other")
    there = select(other.c.title).where(other.c.region_id == into.id, other.c.state.in_(OPEN))
    mine = select(r).where(r.c.region_id == gone.id, r.c.state.in_(OPEN), r.c.title.in_(there))
    rows = await session.rows(mine.order_by(r.c.id).with_for_update())
    for row in rows:
        await withdraw_for_merger(session, row)
    return len(rows)


async def _doubles(
    session: WriteSession, table: Table, same: tuple[str, ...], gone: RegionInForce, into: RegionInForce
) -> list[tuple[RowMapping, RowMapping]]:
    """Return the open rows of `gone` with the one of `into` that is the same in those columns."""
    open_ = select(table).where(table.c.region_id.in_([gone.id, into.id]), table.c.valid_to.is_(None))
    rows = await session.rows(open_.order_by(table.c.id).with_for_update())
    there = {tuple(row[name] for name in same): row for row in rows if row["region_id"] == into.id}
    mine = [(row, tuple(row[name] for name in same)) for row in rows if row["region_id"] == gone.id]
    return [(row, there[key]) for row, key in mine if key in there]


async def _end(
    session: WriteSession, table: Table, row: RowMapping, on: date, told: Callable[[RowMapping, date], Event]
) -> None:
    until, version = max(on, row["valid_from"]), row["version"] + 1
    values: dict[str, Any] = {"valid_to": until, "version": version}
    await session.execute(update(table).where(table.c.id == row["id"]).values(**values))
    await publish(session, told(row, until), row["id"], version, row["region_code"])
