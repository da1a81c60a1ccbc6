"""Open and close stations (阵地): service centres, red stations, deliberation halls, courtyard councils."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import insert, update

from chassis.ids import new_id
from services.org.commands.places import check_kind, lock
from services.org.commands.publishing import publish
from services.org.commands.register_steps import place
from services.org.domain import events
from services.org.domain.periods import Period, check_not_future, ended, today
from services.org.domain.regions import check_name
from services.org.domain.stations import check_functions
from services.org.domain.walking import point_of
from services.org.storage import tables as t

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing


class OpenStation(msgspec.Struct, frozen=True):
    """What is asked: a station of a kind in a region, with what can be done there."""

    kind: str
    name: str
    region_code: str
    opened_on: date
    functions: list[str] = []
    latitude: float | None = None
    longitude: float | None = None


async def open_station(session: WriteSession, permit: Permit, asked: OpenStation) -> UUID:
    """Open a station."""
    region = await place(session, permit, asked.region_code, asked.opened_on, "openedOn")
    name = check_name(asked.name, "name")
    functions = check_functions(asked.functions, "functions")
    await check_kind(session, "station", asked.kind)
    point_of(asked.latitude, asked.longitude, "latitude")
    row: dict[str, Any] = {
        "id": new_id(),
        "kind": asked.kind,
        "name": name,
        "region_id": region.id,
        "region_code": region.code,
        "functions": functions,
        "latitude": asked.latitude,
        "longitude": asked.longitude,
        "opened_on": asked.opened_on,
    }
    await session.execute(insert(t.station), row)
    session.changed("station", row["id"], region.code, kind=asked.kind, name=name, functions=functions)
    event = events.StationOpened(
        station_id=row["id"],
        kind=asked.kind,
        name=name,
        functions=tuple(functions),
        region_id=region.id,
        region_code=region.code,
        opened_on=asked.opened_on,
    )
    await publish(session, event, event.station_id, 1, region.code)
    return event.station_id


async def close_station(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """Close a station."""
    row = await lock(session, t.station, asked.id, "station", asked.expected_version)
    permit.require(row["region_code"], what="station")
    check_not_future(asked.on, today(), "on")
    ended(Period(row["opened_on"], row["closed_on"]), asked.on, "on")
    version = row["version"] + 1
    await session.execute(
        update(t.station).where(t.station.c.id == asked.id).values(closed_on=asked.on, version=version)
    )
    session.changed("station", asked.id, row["region_code"], closed_on=asked.on)
    event = events.StationClosed(
        station_id=asked.id, region_id=row["region_id"], region_code=row["region_code"], closed_on=asked.on
    )
    await publish(session, event, asked.id, version, row["region_code"])
    return asked.id
