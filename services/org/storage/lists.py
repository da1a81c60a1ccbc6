"""Reads of the four lists: what leads to what, what came of it, and counts."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, or_, select

from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force, within
from services.org.storage.reads import rows_by_id

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import ColumnElement, RowMapping

    from chassis.database import ReadSession


async def load_list_items(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return items in the order of their ids, None for what is not in scope."""
    return await rows_by_id(session, t.list_item, ids)


async def load_items_of_tickets(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return for each ticket the items that it handles."""
    item = t.list_item
    statement = select(item).where(item.c.ticket_id.in_(ids)).order_by(item.c.valid_from, item.c.id)
    found: dict[UUID, list[RowMapping]] = defaultdict(list)
    for row in await session.rows(statement):
        found[row["ticket_id"]].append(row)
    return [found[id_] for id_ in ids]


async def load_led_to(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return for each item the items that it leads to."""
    return await _linked(session, ids, "source_id", "target_id")


async def load_led_from(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return for each item the items that lead to it."""
    return await _linked(session, ids, "target_id", "source_id")


async def _linked(session: ReadSession, ids: list[UUID], here: str, there: str) -> list[list[RowMapping]]:
    item, link = t.list_item, t.list_link
    statement = (
        select(item, link.c[here].label("from_id"))
        .join(link, link.c[there] == item.c.id)
        .where(link.c[here].in_(ids))
        .order_by(item.c.valid_from, item.c.id)
    )
    found: dict[UUID, list[RowMapping]] = defaultdict(list)
    for row in await session.rows(statement):
        found[row["from_id"]].append(row)
    return [found[id_] for id_ in ids]


async def count_lists(session: ReadSession, place: Place) -> list[RowMapping]:
    """Count the items of each list in a place and below on its day: all, linked, settled, and needs answered."""
    i, link = t.list_item, t.list_link
    is_settled = i.c.settled_on <= place.as_of
    is_linked = exists().where(or_(link.c.source_id == i.c.id, link.c.target_id == i.c.id))
    statement = (
        select(
            i.c.list,
            func.count().label("items"),
            func.count(i.c.kind.distinct()).label("kinds"),
            func.count().filter(is_linked).label("linked"),
            func.count().filter(is_settled).label("settled"),
            func.count().filter(i.c.list == "NEED", _is_answered(place)).label("answered"),
        )
        .where(within(i.c.region_id, i.c.region_code, place, direct=False), in_force(i, place.as_of))
        .group_by(i.c.list)
    )
    return list(await session.rows(statement))


def _is_answered(place: Place) -> ColumnElement[bool]:
    """Return whether links lead from the need to something settled: at once, or by a resource; no chain is longer."""
    first, second, done = t.list_link.alias(), t.list_link.alias(), t.list_item.alias()
    led: Any = first.outerjoin(second, second.c.source_id == first.c.target_id)
    led = led.join(done, or_(done.c.id == first.c.target_id, done.c.id == second.c.target_id))
    return exists().select_from(led).where(first.c.source_id == t.list_item.c.id, done.c.settled_on <= place.as_of)
