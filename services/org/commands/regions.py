"""Change the region tree: establish, rename, recode, close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
from sqlalchemy import ColumnElement, Table, func, insert, literal, select, update

from chassis.errors import NotFound
from chassis.ids import new_id
from services.org.commands.places import check_none, count_open, lock
from services.org.commands.publishing import publish
from services.org.domain import events
from services.org.domain.codes import check_code, level_of, normalised, parent_of
from services.org.domain.levels import Level
from services.org.domain.periods import Period, check_not_future, today
from services.org.domain.regions import (
    Holder,
    RegionVersion,
    check_code_is_free,
    check_name,
    check_under,
    closed,
    recoded,
    renamed,
)
from services.org.storage import tables as t
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit

_STAMPED = t.GOVERNED
_DISTRICT = Level.DISTRICT.code_length


class EstablishRegion(msgspec.Struct, frozen=True):
    """What is asked: a region of this code and name, from a day on."""

    code: str
    name: str
    valid_from: date


class ChangeRegion(msgspec.Struct, frozen=True):
    """What is asked of a region that exists: a new name or code, or its end; from a day on."""

    region_id: UUID
    expected_version: int
    effective_on: date
    value: str = ""


Change: TypeAlias = "Callable[[WriteSession, Permit, ChangeRegion], Awaitable[UUID]]"
"""A command that changes a region."""


async def establish_region(session: WriteSession, permit: Permit, asked: EstablishRegion) -> UUID:
    """Add a region to the tree."""
    code = normalised(asked.code.strip())
    permit.require(code, what="region")
    level = _level(code)
    check_not_future(asked.valid_from, today(), "validFrom")
    name = check_name(asked.name, "name")
    parent_id = await _check_place(session, code, level, asked.valid_from, "code")
    region_id = new_id()
    await _check_free(session, code, region_id, asked.valid_from, "code")
    await session.execute(insert(t.region), {"id": region_id, "level": level.name, "region_code": code})
    version = RegionVersion(code, name, parent_id, Period(asked.valid_from))
    await session.execute(insert(t.region_version), _row(region_id, level, code, 1, version))
    session.changed("region", region_id, code, code=code, name=name, valid_from=asked.valid_from)
    event = events.RegionEstablished(
        region_id=region_id, code=code, level=level.label, name=name, parent_id=parent_id, valid_from=asked.valid_from
    )
    await publish(session, event, region_id, 1, code)
    return region_id


async def rename_region(session: WriteSession, permit: Permit, asked: ChangeRegion) -> UUID:
    """Give a region another name."""
    row, history = await _locked(session, permit, asked)
    check_not_future(asked.effective_on, today(), "effectiveOn")
    after = renamed(history, asked.value, asked.effective_on)
    await _store(session, row, history, after)
    version = await _bump(session, row)
    session.changed("region", row["id"], row["region_code"], name=after[-1].name, valid_from=asked.effective_on)
    event = events.RegionRenamed(
        region_id=row["id"],
        code=row["region_code"],
        name=after[-1].name,
        previous_name=history[-1].name,
        valid_from=asked.effective_on,
    )
    await publish(session, event, row["id"], version, row["region_code"])
    return asked.region_id


async def close_region(session: WriteSession, permit: Permit, asked: ChangeRegion) -> UUID:
    """End a region in which nothing is left."""
    row, history = await _locked(session, permit, asked)
    check_not_future(asked.effective_on, today(), "effectiveOn")
    after = closed(history, asked.effective_on)
    await _check_empty(session, asked.region_id, asked.effective_on)
    await _store(session, row, history, after)
    version = await _bump(session, row)
    session.changed("region", row["id"], row["region_code"], valid_to=asked.effective_on)
    event = events.RegionClosed(region_id=row["id"], code=row["region_code"], valid_to=asked.effective_on)
    await publish(session, event, row["id"], version, row["region_code"])
    return asked.region_id


async def recode_region(session: WriteSession, permit: Permit, asked: ChangeRegion) -> UUID:
    """Give a region another code, and with it everything below; under another parent when the code says so."""
    row, _ = await _locked(session, permit, asked)
    old, new = row["region_code"], normalised(asked.value.strip())
    check_not_future(asked.effective_on, today(), "effectiveOn")
    level = Level[row["level"]]
    check_code(new, level, "newCode")
    permit.require(new, what="region")
    parent_id = await _check_place(session, new, level, asked.effective_on, "newCode")
    moved = await _locked_subtree(session, old)
    for region in moved:
        is_top = region["id"] == asked.region_id
        history = [_version(region)]
        after = recoded(history, old, new, asked.effective_on, parent_id=parent_id if is_top else None)
        await _check_free(session, after[-1].code, region["id"], asked.effective_on, "newCode")
        await _store(session, region, history, after)
    for table in _STAMPED:
        await _restamp(session, table, old, new)
    session.changed("region", asked.region_id, new, code=new, previous_code=old, regions=len(moved))
    for region in moved:
        await _publish_recoded(session, region, old, new, parent_id, asked)
    return asked.region_id


async def _publish_recoded(
    session: WriteSession, region: RowMapping, old: str, new: str, parent_id: UUID | None, asked: ChangeRegion
) -> None:
    code, previous = new + region["code"].removeprefix(old), region["code"]
    event = events.RegionRecoded(
        region_id=region["id"],
        code=code,
        previous_code=previous,
        level=Level[region["level"]].label,
        parent_id=parent_id if region["id"] == asked.region_id else region["parent_id"],
        valid_from=asked.effective_on,
    )
    version = await _bump(session, region)
    if code[:_DISTRICT] != previous[:_DISTRICT]:
        # The district it leaves is told too: the event below goes to the one it comes to.
        left = events.RegionLeft(region_id=region["id"], code=previous, new_code=code, valid_from=asked.effective_on)
        await publish(session, left, region["id"], version, previous)
        version = await _bump(session, {**region, "version": version})
    await publish(session, event, region["id"], version, code)


def _level(code: str) -> Level:
    level = level_of(code)
    if level is None:
        check_code(code, Level.CITY, "code")
        raise AssertionError(code)
    return level


async def _locked(session: WriteSession, permit: Permit, asked: ChangeRegion) -> tuple[RowMapping, list[RegionVersion]]:
    """Lock a region and return it with its last version, the only one that a change depends on."""
    row = await lock(session, t.region, asked.region_id, "region", asked.expected_version)
    permit.require(row["region_code"], what="region")
    v = t.region_version
    last = await session.row(select(v).where(v.c.region_id == asked.region_id).order_by(v.c.seq.desc()).limit(1))
    if last is None:
        raise NotFound(what="region")
    return row, [_version(last)]


async def _locked_subtree(session: WriteSession, prefix: str) -> list[RowMapping]:
    """Lock every region in force in a prefix, and return it with its open version."""
    r, v = t.region, t.region_version
    columns = (r.c.id, r.c.version, v.c.level, v.c.code, v.c.name, v.c.parent_id, v.c.valid_from, v.c.valid_to)
    statement = (
        select(*columns, r.c.region_code)
        .join(v, (v.c.region_id == r.c.id) & v.c.valid_to.is_(None))
        .where(in_prefix(r.c.region_code, prefix))
        .order_by(r.c.region_code)
        .with_for_update(of=r)
    )
    return list(await session.rows(statement))


def _version(row: RowMapping) -> RegionVersion:
    return RegionVersion(row["code"], row["name"], row["parent_id"], Period(row["valid_from"], row["valid_to"]))


def _row(region_id: UUID, level: Level, stamp: str, seq: Any, version: RegionVersion) -> dict[str, Any]:
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


async def _store(
    session: WriteSession, region: RowMapping, before: list[RegionVersion], after: list[RegionVersion]
) -> None:
    """Write what a change made of a region's last version: its end, and the version that follows if any."""
    v = t.region_version
    last = after[len(before) - 1]
    open_version = (v.c.region_id == region["id"]) & v.c.valid_to.is_(None)
    seq = await session.scalar(update(v).where(open_version).values(valid_to=last.period.until).returning(v.c.seq))
    if len(after) > len(before):
        await session.execute(
            insert(v), _row(region["id"], Level[region["level"]], region["region_code"], seq + 1, after[-1])
        )


async def _bump(session: WriteSession, region: Any) -> int:
    """Count a region's change; return its new version."""
    version = int(region["version"]) + 1
    await session.execute(update(t.region).where(t.region.c.id == region["id"]).values(version=version))
    return version


async def _check_place(session: WriteSession, code: str, level: Level, on: date, path: str) -> UUID | None:
    """Refuse a code whose parent is not in force; return the parent's id. The parent is locked against closing."""
    above = parent_of(code)
    parent = None
    if above is not None:
        v = t.region_version
        holder = select(v.c.region_id).where(v.c.code == above, v.c.valid_to.is_(None)).scalar_subquery()
        await session.execute(select(t.region.c.id).where(t.region.c.id == holder).with_for_update(key_share=True))
        parent = await session.row(select(v).where(v.c.code == above, v.c.valid_to.is_(None)))
    check_under(code, level, _version(parent) if parent else None, on, path)
    return parent["region_id"] if parent else None


async def _check_free(session: WriteSession, code: str, region_id: UUID, on: date, path: str) -> None:
    v = t.region_version
    rows = await session.rows(select(v.c.region_id, v.c.valid_from, v.c.valid_to).where(v.c.code == code))
    holders = [Holder(row["region_id"], Period(row["valid_from"], row["valid_to"])) for row in rows]
    check_code_is_free(code, region_id, holders, on, path)


async def _check_empty(session: WriteSession, region_id: UUID, on: date) -> None:
    """Refuse to close a region with anything in force in it on `on` or later."""
    children = await count_open(session, t.region_version, "valid_to", on, t.region_version.c.parent_id == region_id)
    check_none(children, "regions")
    for table, until in (
        (t.organisation, "dissolved_on"),
        (t.duty, "valid_to"),
        (t.team, "disbanded_on"),
        (t.station, "closed_on"),
        (t.muster, "valid_to"),
    ):
        check_none(await count_open(session, table, until, on, table.c.region_id == region_id), f"{table.name}s")


async def _restamp(session: WriteSession, table: Table, old: str, new: str) -> None:
    """Give the rows of a recoded region its current code."""
    stamp: ColumnElement[str] = literal(new).concat(func.substr(table.c.region_code, len(old) + 1))
    await session.execute(update(table).where(in_prefix(table.c.region_code, old)).values(region_code=stamp))
