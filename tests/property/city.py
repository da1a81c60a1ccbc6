"""A small city as org would tell of it: two districts, two communities."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from chassis.events.envelope import Envelope
from chassis.events.subject import tenant_of
from chassis.ids import new_id
from services.org.domain import events as org
from services.property.reactions.org import HANDLERS

if TYPE_CHECKING:
    from chassis.database import Database
    from chassis.events.event import Event

CITY, DISTRICT, SUBDISTRICT = "3703", "370321", "370321002"
COMMUNITY, COMMUNITY_2, GRID = "370321002001", "370321002002", "370321002001001"
ELSEWHERE = "370303001001"
"""A community of another district."""
LEVELS: dict[int, Any] = {4: "CITY", 6: "DISTRICT", 9: "SUBDISTRICT", 12: "COMMUNITY", 15: "GRID"}
CODES = (CITY, DISTRICT, SUBDISTRICT, COMMUNITY, COMMUNITY_2, GRID, "370303", "370303001", ELSEWHERE)


def region_id(code: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"region {code}")


def history() -> list[Event]:
    return [
        org.RegionEstablished(
            region_id=region_id(code), code=code, level=LEVELS[len(code)], name=f"区划{code}", parent_id=None,
            valid_from=date(2024, 1, 1),
        )
        for code in CODES
    ]  # fmt: skip


def envelope(event: Any) -> Envelope:
    code = event.region_code if hasattr(event, "region_code") else event.code
    return Envelope(
        specversion="1.0",
        id=new_id(),
        source="/linli/org",
        type=type(event).type_in("org"),
        subject=getattr(event, "region_id", new_id()),
        time=datetime.now(UTC),
        datacontenttype="application/json",
        tenant=tenant_of(code),
        regioncode=code,
        aggregateversion=1,
        data=msgspec.Raw(msgspec.json.encode(event)),
    )


async def tell(database: Database, *events: Event) -> None:
    """Let property hear events of org."""
    for event in events:
        told = envelope(event)
        async with database.write(("",)) as session:
            await HANDLERS[told.type](session.connection, [told])
