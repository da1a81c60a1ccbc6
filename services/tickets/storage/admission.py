"""Rows of entry control: the newest version of an item, what is in force where and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, insert, or_, select, update

from chassis.ids import new_id
from services.tickets.domain.admission import AdmissionItem, AdmissionList, Standing
from services.tickets.domain.levels import Level
from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession, WriteSession

_WRITTEN = tuple(field for field in AdmissionItem.__struct_fields__ if field not in {"list", "keywords"})
ORDER: tuple[ColumnElement[Any], ...] = (t.admission_item.c.list, t.admission_item.c.code, t.admission_item.c.id)


def item_of(row: RowMapping) -> AdmissionItem:
    """Return an item from its row."""
    return AdmissionItem(
        **{name: row[name] for name in _WRITTEN}, list=AdmissionList(row["list"]), keywords=tuple(row["keywords"])
    )


def standing_of(row: RowMapping) -> Standing:
    """Return which version a row is, and when it is in force."""
    return Standing(row["version"], row["valid_from"], row["valid_to"])


async def newest(session: WriteSession, region_id: UUID, list_: AdmissionList, code: str) -> RowMapping | None:
    """Return the newest version of an item of a region, locked; None when there is none."""
    c = t.admission_item.c
    mine = (c.region_id == region_id) & (c.list == list_.value) & (c.code == code)
    return await session.row(select(t.admission_item).where(mine).order_by(c.version.desc()).limit(1).with_for_update())


async def store_version(
    session: WriteSession,
    region: tuple[UUID, str],
    item: AdmissionItem,
    standing: Standing,
    before: RowMapping | None,
    id_: UUID | None = None,
) -> UUID:
    """Store a version of an item of a region (id, code); one before it without end ends where this begins.

    `id_` is the version's own, where it is known already.
    """
    i = t.admission_item
    if before is not None and before["valid_to"] is None:
        await session.execute(update(i).where(i.c.id == before["id"]).values(valid_to=standing.valid_from))
    row = msgspec.structs.asdict(item) | msgspec.structs.asdict(standing)
    row |= {"id": id_ or new_id(), "list": item.list.value, "keywords": list(item.keywords)}
    await session.execute(insert(i), row | {"region_id": region[0], "region_code": region[1]})
    stored: UUID = row["id"]
    return stored


def in_force(region_code: str, day: date) -> ColumnElement[bool]:
    """Return the condition that an item is in force in a region on a day: kept there or above it."""
    c = t.admission_item.c
    above = [region_code[: level.value] for level in Level if level.value <= len(region_code)]
    return and_(c.region_code.in_(above), c.valid_from <= day, or_(c.valid_to.is_(None), c.valid_to > day))


def items_in(region_code: str, list_: AdmissionList | None, day: date) -> Select[Any]:
    """Return the statement of the items in force in a region on a day, of one list or of all."""
    statement = select(t.admission_item).where(in_force(region_code, day))
    return statement if list_ is None else statement.where(t.admission_item.c.list == list_.value)


async def load_items(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return versions of items in the order of their ids."""
    i = t.admission_item
    found = {row["id"]: row for row in await session.rows(select(i).where(i.c.id.in_(ids)))}
    return [found.get(id_) for id_ in ids]
