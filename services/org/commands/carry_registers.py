"""Let the registers of a region that is merged into another go on there; what both have already is joined.

Rows keep their identity and are not told of one by one: `region.closed` names the region that takes over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from services.org.commands.pairings import goes_on_by, pairing_ended
from services.org.commands.publishing import publish
from services.org.commands.recommendations import withdraw_for_merger
from services.org.commands.register_steps import gone as ended_there
from services.org.commands.relocating import relocate
from services.org.domain import contact_events, model_events
from services.org.domain.recommendations import OPEN
from services.org.storage import place_tables
from services.org.storage import tables as t
from services.org.storage.carried import CARRIED, parts_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping, Table

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from services.org.commands.places import RegionInForce

    _Told = Callable[[RowMapping, date], Event]
    _Joined = tuple[Table, tuple[str, ...], _Told, Callable[[WriteSession, Any, UUID], Awaitable[None]] | None]


async def carry_registers(session: WriteSession, gone: RegionInForce, into: RegionInForce, on: date) -> tuple[int, int]:
    """Carry all registers; return how many rows went over and how many were joined to one that was there."""
    joined = await _join_recommendations(session, gone, into)
    for table, same, told, follow in _JOINED:
        doubles = await _doubles(session, table, same, gone, into)
        for row, other in doubles:
            await _end(session, table, row, on, told)
            if follow is not None:
                await follow(session, {**row, "valid_to": on}, other["id"])
        joined += len(doubles)
    moved = 0
    for table in CARRIED:
        until = "valid_to" if "valid_to" in table.c else None
        ids = [row["id"] for row in await relocate(session, table, until, gone, into, on, counted=False)]
        moved += len(ids)
        for column in parts_of(table) if ids else ():
            await session.execute(update(column.table).where(column.in_(ids)).values(region_code=into.code))
    return moved, joined


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


async def _end(session: WriteSession, table: Table, row: RowMapping, on: date, told: _Told) -> None:
    until, version = max(on, row["valid_from"]), row["version"] + 1
    values: dict[str, Any] = {"valid_to": until, "version": version}
    await session.execute(update(table).where(table.c.id == row["id"]).values(**values))
    await publish(session, told(row, until), row["id"], version, row["region_code"])


def _contact_ended(row: RowMapping, until: date) -> Event:
    facts = {"kind": row["kind"], "person_id": row["person_id"]}
    return contact_events.ContactEnded(contact_id=row["id"], **facts, **ended_there(row, until))


def _expert_left(row: RowMapping, until: date) -> Event:
    return model_events.ExpertLeft(expert_id=row["id"], person_id=row["person_id"], **ended_there(row, until))


def _guidance_ended(row: RowMapping, until: date) -> Event:
    return model_events.GuidanceEnded(guidance_id=row["id"], expert_id=row["expert_id"], **ended_there(row, until))


def _adoption_ended(row: RowMapping, until: date) -> Event:
    return model_events.AdoptionEnded(adoption_id=row["id"], method_id=row["method_id"], **ended_there(row, until))


async def _accompany_by(session: WriteSession, gone: Any, other: UUID) -> None:
    """Let an expert who was on both panels go on with communities as the one who stays; each is accompanied once."""
    g, one, on = place_tables.guidance, gone["id"], gone["valid_to"]
    open_ = select(g).where(g.c.expert_id.in_([one, other]), g.c.valid_to.is_(None))
    rows = await session.rows(open_.order_by(g.c.id).with_for_update())
    theirs = {row["region_id"] for row in rows if row["expert_id"] == other}
    for row in rows:
        if row["expert_id"] == one and row["region_id"] in theirs:
            await _end(session, g, row, on, _guidance_ended)
        elif row["expert_id"] == one:
            await session.execute(update(g).where(g.c.id == row["id"]).values(expert_id=other))


_JOINED: tuple[_Joined, ...] = (
    (t.pairing, ("kind", "organisation_id"), pairing_ended, goes_on_by),
    (t.contact, ("kind", "person_id", "household", "compound_id"), _contact_ended, None),
    (place_tables.expert, ("person_id", "field"), _expert_left, _accompany_by),
    (place_tables.guidance, ("expert_id",), _guidance_ended, None),
    (place_tables.adoption, ("method_id",), _adoption_ended, None),
)
"""What both regions can have: in which columns it is the same, how its end is told, and what goes on by the other."""
