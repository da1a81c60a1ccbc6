"""Write on the four lists of a community, link what is on them, and settle it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import insert, or_, select, update

from chassis.problems import Refused
from services.org.commands.handing_over import hand_over_rows
from services.org.commands.places import lock, standing_organisation
from services.org.commands.publishing import publish
from services.org.commands.register_steps import end, enter, gone, place, place_of, where
from services.org.domain import list_events as events
from services.org.domain.lists import (
    ListItem,
    ListName,
    check_detail,
    check_link,
    check_list_kind,
    check_settled,
    check_title,
)
from services.org.domain.muster import check_community
from services.org.domain.periods import check_not_future, today
from services.org.domain.problems import OrgProblem
from services.org.storage import tables as t

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing


class AddListItem(msgspec.Struct, frozen=True):
    """What is asked: something is on a list of a community from a day on."""

    list: ListName
    region_code: str
    title: str
    valid_from: date
    kind: str | None = None
    detail: str | None = None
    organisation_id: UUID | None = None


class LinkListItems(msgspec.Struct, frozen=True):
    """What is asked: one item leads to another."""

    source_id: UUID
    target_id: UUID


class HandleListItem(msgspec.Struct, frozen=True):
    """What is asked: a ticket handles an item."""

    id: UUID
    expected_version: int
    ticket_id: UUID


class SettleListItem(msgspec.Struct, frozen=True):
    """What is asked: a service or task has its result."""

    id: UUID
    expected_version: int
    result: str
    on: date


async def add_list_item(session: WriteSession, permit: Permit, asked: AddListItem) -> UUID:
    """Write something on a list of a community; return the item."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    check_community(region.code, region.level, "regionCode")
    category = asked.list.category
    kinds = await session.rows(select(t.kind.c.code).where(t.kind.c.category == category))
    check_list_kind(asked.kind, {row["code"] for row in kinds}, category)
    if asked.organisation_id is not None:
        await standing_organisation(session, asked.organisation_id, asked.valid_from, "organisationId")
    row = {
        "list": asked.list.value,
        "kind": asked.kind,
        "title": check_title(asked.title),
        "detail": check_detail(asked.detail),
        "organisation_id": asked.organisation_id,
        "valid_from": asked.valid_from,
    }

    def told(row: dict[str, Any]) -> Event:
        return events.ItemListed(item_id=row["id"], list=asked.list.value, kind=asked.kind, **where(row))

    return await enter(session, t.list_item, region, row, told)


async def link_list_items(session: WriteSession, permit: Permit, asked: LinkListItems) -> UUID:
    """Let one item lead to another; return the one that leads. Both are locked, the lesser id first."""
    locked = {id_: await lock(session, t.list_item, id_, "list item") for id_ in sorted({*_ids(asked)})}
    source, target = (locked[id_] for id_ in _ids(asked))
    permit.require(source["region_code"], what="list item")
    permit.require(target["region_code"], what="list item")
    check_link(_item(source), _item(target))
    link = t.list_link
    there = select(link).where(link.c.source_id == asked.source_id, link.c.target_id == asked.target_id)
    if await session.row(there) is not None:
        raise Refused(OrgProblem.NOTHING_CHANGES, "targetId")
    await session.execute(insert(link), {**msgspec.structs.asdict(asked), "region_code": source["region_code"]})
    return await _change(
        session,
        source,
        {},
        events.ItemLinked(item_id=asked.source_id, target_id=asked.target_id, **place_of(source)),
        target=asked.target_id,
    )


async def handle_list_item(session: WriteSession, permit: Permit, asked: HandleListItem) -> UUID:
    """Name the ticket that handles an item."""
    row = await _mine(session, permit, asked.id, asked.expected_version)
    if row["ticket_id"] == asked.ticket_id:
        raise Refused(OrgProblem.NOTHING_CHANGES, "ticketId")
    if not _item(row).is_open:
        raise Refused(OrgProblem.OFF_THE_LIST)
    event = events.ItemHandled(item_id=asked.id, ticket_id=asked.ticket_id, **place_of(row))
    return await _change(session, row, {"ticket_id": asked.ticket_id}, event, ticket=asked.ticket_id)


async def settle_list_item(session: WriteSession, permit: Permit, asked: SettleListItem) -> UUID:
    """Write down the result of a service or task."""
    row = await _mine(session, permit, asked.id, asked.expected_version)
    check_not_future(asked.on, today(), "on")
    result = check_settled(_item(row), row["valid_from"], row["settled_on"], asked.result, asked.on)
    event = events.ItemSettled(item_id=asked.id, list=row["list"], settled_on=asked.on, **place_of(row))
    values = {"result": result, "settled_on": asked.on}
    return await _change(session, row, values, event, settled_on=asked.on)


async def end_list_item(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """Take an item off its list."""

    def told(row: RowMapping) -> Event:
        return events.ItemEnded(item_id=row["id"], list=row["list"], **gone(row, asked.on))

    return await end(session, permit, t.list_item, asked, told)


async def hand_over_items(session: WriteSession, gone_id: UUID, into_id: UUID, on: date) -> None:
    """Let the organisation `into_id` have the items of one that is merged into it on `on`, or see to them."""
    i = t.list_item
    theirs = (i.c.organisation_id == gone_id) & or_(i.c.valid_to.is_(None), i.c.valid_to > on)

    def told(row: RowMapping) -> Event:
        return events.ItemHandedOver(item_id=row["id"], organisation_id=into_id, **place_of(row))

    await hand_over_rows(session, i.c.organisation_id, theirs, into_id, told)


async def _mine(session: WriteSession, permit: Permit, id_: UUID, expected_version: int) -> RowMapping:
    row = await lock(session, t.list_item, id_, "list item", expected_version)
    permit.require(row["region_code"], what="list item")
    return row


async def _change(
    session: WriteSession, row: RowMapping, values: dict[str, Any], event: Event, **recorded: Any
) -> UUID:
    item = t.list_item
    version = row["version"] + 1
    await session.execute(update(item).where(item.c.id == row["id"]).values(version=version, **values))
    session.changed("list_item", row["id"], row["region_code"], **recorded)
    await publish(session, event, row["id"], version, row["region_code"])
    item_id: UUID = row["id"]
    return item_id


def _item(row: RowMapping) -> ListItem:
    return ListItem(ListName(row["list"]), row["region_code"], is_open=row["valid_to"] is None)


def _ids(asked: LinkListItems) -> tuple[UUID, UUID]:
    return asked.source_id, asked.target_id
