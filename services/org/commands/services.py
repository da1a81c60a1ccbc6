"""Keep the catalogue of items of service: offer them, change by which ways they are handled, withdraw them."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003

import msgspec
from sqlalchemy import or_, select, update

from chassis.problems import Refused
from services.org.commands.handing_over import hand_over_rows
from services.org.commands.places import lock, standing_organisation
from services.org.commands.publishing import publish
from services.org.commands.register_steps import end, enter, gone, place, place_of, where
from services.org.domain import service_events as events
from services.org.domain.activities import LONGEST_TITLE, check_optional, check_text
from services.org.domain.problems import OrgProblem
from services.org.domain.services import Handling, Way, check_handling, check_offered_in
from services.org.domain.stations import LONGEST_FUNCTION
from services.org.storage import tables as t
from services.org.storage.place_tables import service_item

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing


class OfferServiceItem(msgspec.Struct, frozen=True):
    """What is asked: an item can be handled in a region from a day on, by these ways."""

    title: str
    region_code: str
    valid_from: date
    ways: list[Way]
    station_kinds: list[str] = []
    function: str | None = None
    department_id: UUID | None = None
    guide: str | None = None


class ChangeServiceItem(msgspec.Struct, frozen=True):
    """What is asked: an item is handled by these ways and by no others."""

    id: UUID
    expected_version: int
    ways: list[Way]
    station_kinds: list[str] = []
    function: str | None = None
    guide: str | None = None


async def offer_service_item(session: WriteSession, permit: Permit, asked: OfferServiceItem) -> UUID:
    """Put an item into the catalogue; return it."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    check_offered_in(region.code, region.level, "regionCode")
    if asked.department_id is not None:
        await standing_organisation(session, asked.department_id, asked.valid_from, "departmentId")
    handling = await _handling(session, asked)
    row = {
        "title": check_text(asked.title, "title", LONGEST_TITLE),
        "department_id": asked.department_id,
        "guide": check_optional(asked.guide, "guide"),
        "valid_from": asked.valid_from,
        **columns_of(handling),
    }

    def told(row: dict[str, Any]) -> Event:
        return events.ServiceItemOffered(
            item_id=row["id"], department_id=asked.department_id, **ways_of(row), **where(row)
        )

    return await enter(session, service_item, region, row, told)


async def change_service_item(session: WriteSession, permit: Permit, asked: ChangeServiceItem) -> UUID:
    """Change by which ways an item is handled."""
    row = await lock(session, service_item, asked.id, "service item", asked.expected_version)
    permit.require(row["region_code"], what="service item")
    if row["valid_to"] is not None:
        raise Refused(OrgProblem.ALREADY_ENDED, "id", date=row["valid_to"])
    changes = columns_of(await _handling(session, asked)) | {"guide": check_optional(asked.guide, "guide")}
    if all(row[name] == value for name, value in changes.items()):
        raise Refused(OrgProblem.NOTHING_CHANGES, "ways")
    version = row["version"] + 1
    await session.execute(update(service_item).where(service_item.c.id == asked.id).values(version=version, **changes))
    session.changed("service_item", asked.id, row["region_code"], ways=changes["ways"])
    event = events.ServiceItemChanged(item_id=asked.id, **ways_of(changes), **place_of(row))
    await publish(session, event, asked.id, version, row["region_code"])
    return asked.id


async def withdraw_service_item(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """Take an item out of the catalogue."""

    def told(row: RowMapping) -> Event:
        return events.ServiceItemWithdrawn(item_id=row["id"], **gone(row, asked.on))

    return await end(session, permit, service_item, asked, told)


async def hand_over_service_items(session: WriteSession, gone_id: UUID, into_id: UUID, on: date) -> None:
    """Let the organisation `into_id` be the department of the items of one that is merged into it on `on`."""
    s = service_item
    theirs = (s.c.department_id == gone_id) & or_(s.c.valid_to.is_(None), s.c.valid_to > on)

    def told(row: RowMapping) -> Event:
        return events.ServiceItemHandedOver(item_id=row["id"], department_id=into_id, **place_of(row))

    await hand_over_rows(session, s.c.department_id, theirs, into_id, told)


async def _handling(session: WriteSession, asked: OfferServiceItem | ChangeServiceItem) -> Handling:
    function = check_optional(asked.function, "function", LONGEST_FUNCTION)
    kinds = await session.rows(select(t.kind.c.code).where(t.kind.c.category == "station"))
    wanted = Handling(tuple(asked.ways), tuple(asked.station_kinds), function)
    return check_handling(wanted, {row["code"] for row in kinds})


def columns_of(handling: Handling) -> dict[str, Any]:
    """Return how an item is handled, as its row has it."""
    return {
        "ways": [way.value for way in handling.ways],
        "station_kinds": list(handling.station_kinds),
        "function": handling.function,
    }


def ways_of(row: dict[str, Any]) -> dict[str, Any]:
    """Return how an item is handled, as its events tell it."""
    return {"ways": tuple(row["ways"]), "station_kinds": tuple(row["station_kinds"])}
