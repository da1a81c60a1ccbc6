"""Keep the lists of entry control: set an item, which makes a version of it, and end one."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003

import msgspec
from sqlalchemy import select, text, update

from chassis.errors import NotFound
from chassis.problems import CommonProblem, Refused
from services.tickets.commands.actors import now
from services.tickets.commands.publishing import publish_about
from services.tickets.commands.raise_ticket import region_in_force
from services.tickets.domain.admission import (
    AdmissionItem,
    AdmissionList,
    Standing,
    check_end,
    checked_item,
    next_version,
)
from services.tickets.domain.admission_events import AdmissionItemEnded, AdmissionItemListed
from services.tickets.domain.calendar import local_day
from services.tickets.domain.problems import TicketProblem
from services.tickets.storage import tables as t
from services.tickets.storage.admission import newest, standing_of, store_version

if TYPE_CHECKING:
    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit

_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(hashtextextended('admission ' || CAST(:region AS text), 0))")


class SetAdmissionItem(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: an item of a region's list, as it is from a day on.

    `expected_version` is the number of the version that it follows, 0 for an item that is new.
    """

    region_code: str
    item: AdmissionItem
    valid_from: date
    expected_version: int = 0


class EndAdmissionItem(msgspec.Struct, frozen=True):
    """What is asked: a version that is the newest of its item is no longer in force from a day on."""

    id: UUID
    valid_to: date


async def set_admission_item(session: WriteSession, permit: Permit, asked: SetAdmissionItem) -> UUID:
    """Store a version of an item that begins today or later, and return its id."""
    region = await region_in_force(session, permit, asked.region_code.strip())
    permit.require(region["code"], what="region")
    item = checked_item(asked.item)
    _not_before_today(asked.valid_from, "validFrom")
    # Two who set the same new item would each find none.
    await session.execute(_TAKE_TURNS, {"region": str(region["id"])})
    before = await newest(session, region["id"], item.list, item.code)
    found = before["version"] if before else 0
    if found != asked.expected_version:
        raise Refused(CommonProblem.STALE_VERSION, "expectedVersion", current=found, expected=asked.expected_version)
    version = next_version(standing_of(before) if before else None, asked.valid_from)
    standing = Standing(version, asked.valid_from, None)
    id_ = await store_version(session, (region["id"], region["code"]), item, standing, before)
    session.changed("admission_item", id_, region["code"], list=item.list.value, code=item.code, version=version)
    event = listed(id_, item, standing, region["id"], region["code"])
    await publish_about(session, event, id_, 1, region["code"], now())
    return id_


async def end_admission_item(session: WriteSession, permit: Permit, asked: EndAdmissionItem) -> UUID:
    """End an item from today or a later day on, and return the id of its last version."""
    i = t.admission_item
    row = await session.row(select(i).where(i.c.id == asked.id).with_for_update())
    if row is None:
        raise NotFound(what="admission item")
    permit.require(row["region_code"], what="admission item")
    _not_before_today(asked.valid_to, "validTo")
    check_end(standing_of(row), asked.valid_to)
    await session.execute(update(i).where(i.c.id == asked.id).values(valid_to=asked.valid_to))
    session.changed("admission_item", asked.id, row["region_code"], valid_to=asked.valid_to.isoformat())
    event = AdmissionItemEnded(
        item_id=asked.id,
        list=AdmissionList(row["list"]),
        code=row["code"],
        item_version=row["version"],
        region_id=row["region_id"],
        region_code=row["region_code"],
        valid_to=asked.valid_to,
    )
    await publish_about(session, event, asked.id, 2, row["region_code"], now())
    return asked.id


def listed(
    id_: UUID, item: AdmissionItem, standing: Standing, region_id: UUID, region_code: str
) -> AdmissionItemListed:
    """Return the event of a version that was put on a list."""
    return AdmissionItemListed(
        item_id=id_,
        list=item.list,
        code=item.code,
        item_version=standing.version,
        name=item.name_zh,
        region_id=region_id,
        region_code=region_code,
        valid_from=standing.valid_from,
    )


def _not_before_today(day: date, field: str) -> None:
    today = local_day(now())
    if day < today:
        raise Refused(TicketProblem.VERSION_TOO_EARLY, field, day=today)
