"""What the commands of registers share: find the place, enter a row, end a row; each told by an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, update

from chassis.ids import new_id
from services.org.commands.places import lock, lock_region, region_in_force
from services.org.commands.publishing import publish
from services.org.domain.periods import Period, check_existence, check_not_future, ended, today

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping, Table

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing
    from services.org.commands.places import RegionInForce

UNTOLD = frozenset({"reason", "title", "detail", "result", "guide", "content", "household"})
"""Free text and doors of households, which the audit record does not repeat."""


async def place(session: WriteSession, permit: Permit, code: str, on: date, path: str = "validFrom") -> RegionInForce:
    """Return the region that bears `code`, locked, when the caller may do it there; `path` names the day `on`."""
    region = await region_in_force(session, code, "regionCode")
    permit.require(region.code, what="region")
    await lock_region(session, region.id)
    check_not_future(on, today(), path)
    check_existence(region.existence, Period(on), "region", "regionCode")
    return region


async def enter(
    session: WriteSession,
    table: Table,
    region: RegionInForce,
    values: dict[str, Any],
    told: Callable[[dict[str, Any]], Event],
) -> UUID:
    """Store a row of a register and tell of it; return its id."""
    row = {"id": new_id(), **values, "region_id": region.id, "region_code": region.code}
    await session.execute(insert(table), row)
    session.changed(table.name, row["id"], region.code, **{name: values[name] for name in values if name not in UNTOLD})
    await publish(session, told(row), row["id"], 1, region.code)
    row_id: UUID = row["id"]
    return row_id


async def end(
    session: WriteSession, permit: Permit, table: Table, asked: EndThing, told: Callable[[RowMapping], Event]
) -> UUID:
    """End a row of a register on a day and tell of it."""
    row = await lock(session, table, asked.id, table.name, asked.expected_version)
    permit.require(row["region_code"], what=table.name)
    check_not_future(asked.on, today(), "on")
    ended(Period(row["valid_from"], row["valid_to"]), asked.on, "on")
    version = row["version"] + 1
    await session.execute(update(table).where(table.c.id == asked.id).values(valid_to=asked.on, version=version))
    session.changed(table.name, asked.id, row["region_code"], valid_to=asked.on)
    await publish(session, told(row), asked.id, version, row["region_code"])
    return asked.id


def where(row: dict[str, Any]) -> dict[str, Any]:
    """Return where a new row holds and since when, as its event tells it."""
    return {name: row[name] for name in ("region_id", "region_code", "valid_from")}


def gone(row: RowMapping, on: date) -> dict[str, Any]:
    """Return where a row held until `on`, as its event tells it."""
    return {"region_id": row["region_id"], "region_code": row["region_code"], "valid_to": on}


def place_of(row: RowMapping) -> dict[str, Any]:
    """Return where a row holds, as an event of it tells it."""
    return {"region_id": row["region_id"], "region_code": row["region_code"]}
