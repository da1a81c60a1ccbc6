"""Keep what org needs of property: which compounds there are, in which region, and where they lie.

Handlers run in the consumer's transaction, each event of a compound in order. A compound may be told of before org has
its region (an import is loaded into all services side by side), and after the region was recoded or merged.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003

import msgspec
from sqlalchemy import Uuid, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from services.org.domain.periods import ZONE
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from chassis.events.consumer import Handler
    from chassis.events.envelope import Envelope

_TOLD = ("name", "latitude", "longitude", "registered_on")
_WHERE = ("region_id", "region_code")


class CompoundTold(msgspec.Struct, frozen=True, rename="camel"):
    """`property.compound.registered`, `placed` and `moved`, as far as it matters."""

    compound_id: UUID
    region_id: UUID
    region_code: str
    name: str
    registered_on: date | None = None
    latitude: float | None = None
    longitude: float | None = None


async def compound_told(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Learn of compounds, and where they lie; one that is known stays in its region, which org knows better."""
    await _put(connection, events, _TOLD)


async def compound_moved(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Let compounds lie in the regions that took over; those of a merged region that org knew of lie there already."""
    await _put(connection, events, (*_TOLD, *_WHERE))


async def _put(connection: AsyncConnection, events: Sequence[Envelope], changed: Sequence[str]) -> None:
    """Insert compounds, or bring the columns `changed` of those that are there up to date."""
    told = [(event, msgspec.json.decode(event.data, type=CompoundTold)) for event in events]
    codes = await _present_codes(connection, {one.region_id for _, one in told})
    rows: list[dict[str, Any]] = [
        {
            "id": one.compound_id,
            "region_id": one.region_id,
            "region_code": codes.get(one.region_id, one.region_code),
            "name": one.name,
            "latitude": one.latitude,
            "longitude": one.longitude,
            # Events of before it was said: no compound is older than what tells of it.
            "registered_on": one.registered_on or event.time.astimezone(ZONE).date(),
        }
        for event, one in told
    ]
    statement = upsert(t.compound)
    others = {name: statement.excluded[name] for name in changed}
    await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=others), rows)


async def _present_codes(connection: AsyncConnection, ids: set[UUID]) -> dict[UUID, str]:
    """Return the codes that regions bear now, held: a recoding waits, and finds what is stored in them."""
    r = t.region.c
    among = r.id == func.any(literal(sorted(ids), ARRAY(Uuid)))
    held = select(r.id, r.region_code).where(among).order_by(r.region_code).with_for_update(read=True)
    return {row.id: row.region_code for row in await connection.execute(held)}


HANDLERS: dict[str, Handler] = {
    "linli.property.compound.registered.v1": compound_told,
    "linli.property.compound.placed.v1": compound_told,
    "linli.property.compound.moved.v1": compound_moved,
}
