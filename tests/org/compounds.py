"""Compounds of the small city, as property would tell of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from chassis.events.envelope import Envelope
from chassis.events.subject import tenant_of
from chassis.ids import new_id
from services.org.reactions.property import HANDLERS
from services.property.domain import events as property_events
from services.property.domain.care import Care
from tests.org import city

if TYPE_CHECKING:
    from chassis.database import Database
    from chassis.events.event import Event

PLACES = {
    (): city.COMMUNITY,
    (0,): city.COMMUNITY,
    (1,): city.COMMUNITY,
    (2,): city.COMMUNITY,
    ("a",): city.COMMUNITY,
    ("b",): city.COMMUNITY,
    ("grid",): city.SECOND_GRID,
    ("second",): city.SECOND_COMMUNITY,
    ("foreign",): city.FOREIGN_COMMUNITY,
}
"""Where they are, by the rest of their key."""
REGISTERED = date(2023, 6, 1)


def compound_id(*key: object) -> UUID:
    return city.id_of("compound", *key)


def name_of(*key: object) -> str:
    return f"小区{''.join(map(str, key))}"


def registered(*key: object, code: str | None = None, **more: Any) -> Event:
    """What property tells of a compound that is registered."""
    where = code or PLACES[key]
    told: dict[str, Any] = {"registered_on": REGISTERED, "name": name_of(*key)} | more
    return property_events.CompoundRegistered(
        compound_id=compound_id(*key),
        region_id=city.id_of("region", where),
        region_code=where,
        kind="commercial",
        care=Care.NONE,
        **told,
    )


def placed(latitude: float | None, longitude: float | None, *key: object, code: str | None = None) -> Event:
    """What property tells of a compound of which it is known where it lies."""
    where = code or PLACES[key]
    return property_events.CompoundPlaced(
        compound_id=compound_id(*key),
        region_id=city.id_of("region", where),
        region_code=where,
        name=name_of(*key),
        registered_on=REGISTERED,
        latitude=latitude,
        longitude=longitude,
    )


def envelope(event: Any, version: int = 1) -> Envelope:
    return Envelope(
        specversion="1.0",
        id=new_id(),
        source="/linli/property",
        type=type(event).type_in("property"),
        subject=event.compound_id,
        time=datetime(2024, 5, 1, 16, 30, tzinfo=UTC),
        datacontenttype="application/json",
        tenant=tenant_of(event.region_code),
        regioncode=event.region_code,
        aggregateversion=version,
        data=msgspec.Raw(msgspec.json.encode(event)),
    )


async def tell(database: Database, *events: Event) -> None:
    """Let org hear events of property, in their order."""
    for event in events:
        told = envelope(event)
        async with database.write(("",)) as session:
            await HANDLERS[told.type](session.connection, [told])
