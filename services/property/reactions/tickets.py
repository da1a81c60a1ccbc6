"""Keep what property needs of tickets: which were deliberated, and how many concern property, and how they ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from services.property.commands.company_tickets import link_by_rule
from services.property.domain.content import ZONE
from services.property.storage import tables as t
from services.property.storage.care_tables import ticket_told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from chassis.events.consumer import Handler
    from chassis.events.envelope import Envelope


class TicketTold(msgspec.Struct, frozen=True, rename="camel"):
    """What every event of a ticket says, as far as it matters."""

    ticket_id: UUID
    region_id: UUID
    region_code: str
    category: str | None = None
    outcome: str | None = None
    rating: int | None = None


async def ticket_told_of(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Take over where tickets stand: what each was told last, and whether it was ever deliberated or rated."""
    told_of = [(event, msgspec.json.decode(event.data, type=TicketTold)) for event in events]
    here = select(t.region.c.id, t.region.c.code).where(t.region.c.id.in_({told.region_id for _, told in told_of}))
    codes = {row.id: row.code for row in await connection.execute(here)}
    rows: dict[UUID, dict[str, Any]] = {}
    for event, told in told_of:
        known = rows.get(told.ticket_id, {})
        rows[told.ticket_id] = {
            "id": told.ticket_id,
            "category": told.category or "",
            "region_id": told.region_id,
            "region_code": codes.get(told.region_id, told.region_code),
            "raised_on": known.get("raised_on") or event.time.astimezone(ZONE).date(),
            "is_deliberated": known.get("is_deliberated", False) or event.type.split(".")[3] == "deliberated",
            "outcome": told.outcome,
            "rating": told.rating if told.rating is not None else known.get("rating"),
        }
    statement = upsert(ticket_told)
    new = statement.excluded
    values: dict[str, Any] = {name: new[name] for name in ("category", "region_id", "region_code", "outcome")}
    values["is_deliberated"] = ticket_told.c.is_deliberated | new.is_deliberated
    values["rating"] = func.coalesce(new.rating, ticket_told.c.rating)
    await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values), [*rows.values()])
    for event, told in told_of:
        if event.type.split(".")[3] == "raised" and told.category:
            code = rows[told.ticket_id]["region_code"]
            await link_by_rule(connection, event, told.ticket_id, told.category, code)


_FACTS = (
    "raised", "accepted", "deliberated", "decided", "carried_out", "evaluated", "publicised", "advanced", "refused",
    "returned", "withdrawn", "reopened", "lapsed",
)  # fmt: skip

TICKET_HANDLERS: dict[str, Handler] = {f"linli.tickets.ticket.{fact}.v1": ticket_told_of for fact in _FACTS}
