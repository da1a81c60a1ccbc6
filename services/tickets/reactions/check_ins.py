"""Keep what tickets needs of org's check-ins: who checked in where, as what, and to which branch they are assigned.

A check-in lies among the duties, under its own id and the title `checked_in:` and its group: so it is looked up, waited
for and told like one. Check-ins, assignments and regions are told in any order among each other. Check-ins of a region
that is merged into another go on there, and the end of the region is all that tells of it.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003

import msgspec
from sqlalchemy import Uuid, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from services.tickets.domain.process_words import MEMBER, checked_in_post
from services.tickets.reactions.places import present_codes
from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from chassis.events.consumer import Handler
    from chassis.events.envelope import Envelope

_ANY_GROUP = checked_in_post("")


class CheckInTold(msgspec.Struct, frozen=True, rename="camel"):
    """`org.check_in.begun`."""

    check_in_id: UUID
    person_id: UUID
    region_id: UUID
    region_code: str
    valid_from: date
    valid_to: date | None = None
    group: str | None = None


class AssignmentTold(msgspec.Struct, frozen=True, rename="camel"):
    """`org.assignment.begun`."""

    assignment_id: UUID
    check_in_id: UUID
    valid_from: date
    organisation_id: UUID | None = None
    valid_to: date | None = None


class EndTold(msgspec.Struct, frozen=True, rename="camel"):
    """`org.check_in.ended` and `org.assignment.ended`, as far as each says it."""

    valid_to: date
    check_in_id: UUID
    assignment_id: UUID | None = None


class ClosedTold(msgspec.Struct, frozen=True, rename="camel"):
    """`org.region.closed`."""

    region_id: UUID
    valid_to: date
    into_region_id: UUID | None = None
    into_code: str | None = None


async def check_in_begun(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Learn who checked in; where a region has been merged into another already, they are there."""
    told = [msgspec.json.decode(event.data, type=CheckInTold) for event in events]
    codes = await present_codes(connection, {one.region_id for one in told})
    rows = [
        {
            "id": one.check_in_id,
            "person_id": one.person_id,
            "title": checked_in_post(one.group or MEMBER),
            "region_id": one.region_id,
            "region_code": codes.get(one.region_id, one.region_code),
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
        }
        for one in told
    ]
    await _keep(connection, t.duty, rows)
    gone = t.taken_over.c.region_id
    among = gone == func.any(literal(sorted({one.region_id for one in told}), ARRAY(Uuid)))
    for region_id in (await connection.execute(select(gone).where(among).order_by(gone))).scalars().all():
        await _carry(connection, region_id)


async def check_in_ended(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Learn which check-ins ended, and when."""
    for event in events:
        told = msgspec.json.decode(event.data, type=EndTold)
        ended = update(t.duty).where(t.duty.c.id == told.check_in_id)
        await connection.execute(ended.values(valid_to=told.valid_to))


async def assignment_begun(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Learn who belongs to which branch; who only took on a post belongs to none."""
    told = [msgspec.json.decode(event.data, type=AssignmentTold) for event in events]
    rows = [
        {
            "id": one.assignment_id,
            "check_in_id": one.check_in_id,
            "organisation_id": one.organisation_id,
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
        }
        for one in told
        if one.organisation_id is not None
    ]
    await _keep(connection, t.check_in_assignment, rows)


async def assignment_ended(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Learn which assignments ended, and when."""
    a = t.check_in_assignment
    for event in events:
        told = msgspec.json.decode(event.data, type=EndTold)
        await connection.execute(update(a).where(a.c.id == told.assignment_id).values(valid_to=told.valid_to))


async def region_closed(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Let the check-ins of regions that were merged into others go on there."""
    for event in events:
        told = msgspec.json.decode(event.data, type=ClosedTold)
        if told.into_region_id is None:
            continue
        into = {"into_id": told.into_region_id, "into_code": told.into_code, "closed_on": told.valid_to}
        statement = upsert(t.taken_over).values(region_id=told.region_id, **into)
        await connection.execute(statement.on_conflict_do_update(index_elements=["region_id"], set_=into))
        await _carry(connection, told.region_id)


async def _carry(connection: AsyncConnection, region_id: UUID) -> None:
    """Give the check-ins of a region the one that took it over, and so on; what had ended stays where it was."""
    d, a, over = t.duty.c, t.absence, t.taken_over
    at: UUID | None = region_id
    while at is not None:
        found = (await connection.execute(select(over).where(over.c.region_id == at))).one_or_none()
        if found is None:
            return
        codes = await present_codes(connection, {found.into_id})
        here: dict[str, Any] = {"region_id": found.into_id, "region_code": codes.get(found.into_id, found.into_code)}
        goes_on = or_(d.valid_to.is_(None), d.valid_to > found.closed_on)
        mine = update(t.duty).where(d.region_id == at, d.title.startswith(_ANY_GROUP, autoescape=True), goes_on)
        moved = (await connection.execute(mine.values(**here).returning(d.id))).scalars().all()
        theirs = a.c.duty_id == func.any(literal(sorted(moved), ARRAY(Uuid)))
        await connection.execute(update(a).where(theirs).values(**here))
        at = found.into_id


async def _keep(connection: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows, or bring those that are there up to date; of two of one id the later one counts."""
    unique = {row["id"]: row for row in rows}
    if not unique:
        return
    statement = upsert(table)
    others = {name: statement.excluded[name] for name in rows[0] if name != "id"}
    await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=others), list(unique.values()))


CHECK_IN_HANDLERS: dict[str, Handler] = {
    "linli.org.check_in.begun.v1": check_in_begun,
    "linli.org.check_in.ended.v1": check_in_ended,
    "linli.org.assignment.begun.v1": assignment_begun,
    "linli.org.assignment.ended.v1": assignment_ended,
    "linli.org.region.closed.v1": region_closed,
}
