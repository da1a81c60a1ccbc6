"""What every change of the region tree does: lock, look at the last version, check the place a code names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select

from chassis.errors import NotFound
from services.org.commands.places import lock
from services.org.domain.codes import parent_of
from services.org.domain.periods import Period
from services.org.domain.regions import Holder, RegionVersion, check_code_is_free, check_under
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.org.domain.levels import Level


class ChangeRegion(msgspec.Struct, frozen=True):
    """What is asked of a region that exists: a new name or code (`value`), or its end; from a day on."""

    region_id: UUID
    expected_version: int
    effective_on: date
    value: str = ""


async def locked(session: WriteSession, permit: Permit, asked: ChangeRegion) -> tuple[RowMapping, list[RegionVersion]]:
    """Lock a region and return it with its last version, the only one that a change depends on."""
    row = await lock(session, t.region, asked.region_id, "region", asked.expected_version)
    permit.require(row["region_code"], what="region")
    v = t.region_version
    last = await session.row(select(v).where(v.c.region_id == asked.region_id).order_by(v.c.seq.desc()).limit(1))
    if last is None:
        raise NotFound(what="region")
    return row, [version_of(last)]


def version_of(row: RowMapping) -> RegionVersion:
    """Return the version of a row."""
    return RegionVersion(row["code"], row["name"], row["parent_id"], Period(row["valid_from"], row["valid_to"]))


def row_of(region_id: UUID, level: Level, stamp: str, seq: Any, version: RegionVersion) -> dict[str, Any]:
    """Return the row of a version, which carries the region's current code as `stamp`."""
    return {
        "region_id": region_id,
        "seq": seq,
        "region_code": stamp,
        "level": level.name,
        "code": version.code,
        "name": version.name,
        "parent_id": version.parent_id,
        "valid_from": version.period.start,
        "valid_to": version.period.until,
    }


async def check_place(session: WriteSession, code: str, level: Level, on: date, path: str) -> UUID | None:
    """Refuse a code whose parent is not in force; return the parent's id. The parent is locked against closing."""
    above = parent_of(code)
    parent = None
    if above is not None:
        v = t.region_version
        holder = select(v.c.region_id).where(v.c.code == above, v.c.valid_to.is_(None)).scalar_subquery()
        await session.execute(select(t.region.c.id).where(t.region.c.id == holder).with_for_update(key_share=True))
        parent = await session.row(select(v).where(v.c.code == above, v.c.valid_to.is_(None)))
    check_under(code, level, version_of(parent) if parent else None, on, path)
    return parent["region_id"] if parent else None


async def check_free(session: WriteSession, codes: Mapping[str, UUID], on: date, path: str) -> None:
    """Refuse codes, given with the regions that are to bear them, that others bear on `on` or later. Raises Refused."""
    v = t.region_version
    columns = (v.c.region_id, v.c.code, v.c.valid_from, v.c.valid_to)
    for row in await session.rows(select(*columns).where(v.c.code.in_(list(codes)))):
        holder = Holder(row["region_id"], Period(row["valid_from"], row["valid_to"]))
        check_code_is_free(row["code"], codes[row["code"]], [holder], on, path)
