"""Change the region tree: establish, rename, recode, close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
from sqlalchemy import func, insert, update

from chassis.ids import new_id
from services.org.commands.absorb import absorb
from services.org.commands.emptiness import check_empty
from services.org.commands.places import region_in_force
from services.org.commands.publishing import publish
from services.org.commands.region_tree import ChangeRegion, check_free, check_place, locked, row_of
from services.org.commands.rehearsing import Rehearsed
from services.org.domain import events
from services.org.domain.codes import check_code, level_of, normalised
from services.org.domain.levels import Level
from services.org.domain.periods import Period, check_existence, check_not_future, today
from services.org.domain.regions import (
    RegionVersion,
    check_name,
    check_takes_over,
    closed,
    renamed,
)
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.org.commands.places import RegionInForce
    from services.org.domain.redrawing import Line


class EstablishRegion(msgspec.Struct, frozen=True):
    """What is asked: a region of this code and name, from a day on."""

    code: str
    name: str
    valid_from: date


class CloseRegion(msgspec.Struct, frozen=True):
    """What is asked: the end of a region; another may take over from it, and it may be a rehearsal only."""

    change: ChangeRegion
    into_code: str = ""
    rehearse: bool = False


Change: TypeAlias = "Callable[[WriteSession, Permit, ChangeRegion], Awaitable[UUID]]"
"""A command that changes a region."""


async def establish_region(session: WriteSession, permit: Permit, asked: EstablishRegion) -> UUID:
    """Add a region to the tree."""
    code = normalised(asked.code.strip())
    permit.require(code, what="region")
    level = _level(code)
    check_not_future(asked.valid_from, today(), "validFrom")
    name = check_name(asked.name, "name")
    parent_id = await check_place(session, code, level, asked.valid_from, "code")
    region_id = new_id()
    await check_free(session, {code: region_id}, asked.valid_from, "code")
    await session.execute(insert(t.region), {"id": region_id, "level": level.name, "region_code": code})
    version = RegionVersion(code, name, parent_id, Period(asked.valid_from))
    await session.execute(insert(t.region_version), row_of(region_id, level, code, 1, version))
    session.changed("region", region_id, code, code=code, name=name, valid_from=asked.valid_from)
    event = events.RegionEstablished(
        region_id=region_id, code=code, level=level.label, name=name, parent_id=parent_id, valid_from=asked.valid_from
    )
    await publish(session, event, region_id, 1, code)
    return region_id


async def rename_region(session: WriteSession, permit: Permit, asked: ChangeRegion) -> UUID:
    """Give a region another name."""
    row, history = await locked(session, permit, asked)
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


async def close_region(session: WriteSession, permit: Permit, asked: CloseRegion, report: list[Line]) -> UUID:
    """End a region in which nothing is left, or which another one takes over from; put into `report` what went over.

    Raises Refused, with NOT_EMPTY or HOLDS_COMPOUNDS when something is left and nothing takes over, and Rehearsed at
    the end of a rehearsal.
    """
    into = await _take_over(session, permit, asked, report) if asked.into_code else None
    await close_into(session, permit, asked.change, into)
    if asked.rehearse:
        raise Rehearsed(asked.change.region_id, report)
    return asked.change.region_id


async def _take_over(session: WriteSession, permit: Permit, asked: CloseRegion, report: list[Line]) -> RegionInForce:
    """Let what lies directly in a region go on in the one that takes over; return that one."""
    on = asked.change.effective_on
    row, history = await locked(session, permit, asked.change)
    check_not_future(on, today(), "effectiveOn")
    closed(history, on)
    into = await region_in_force(session, asked.into_code, "intoCode")
    check_takes_over(row["region_code"], into.code)
    permit.require(into.code, what="region")
    check_existence(into.existence, Period(on), "region", "intoCode")
    gone = await region_in_force(session, row["region_code"])
    report += await absorb(session, gone, into, on)
    return into


async def close_into(session: WriteSession, permit: Permit, asked: ChangeRegion, into: RegionInForce | None) -> UUID:
    """End a region in which nothing is left; `into` is what took over, so that others can follow."""
    row, history = await locked(session, permit, asked)
    check_not_future(asked.effective_on, today(), "effectiveOn")
    after = closed(history, asked.effective_on)
    await check_empty(session, asked.region_id, asked.effective_on)
    await _end_with_region(session, asked.region_id, asked.effective_on)
    await _store(session, row, history, after)
    version = await _bump(session, row)
    session.changed("region", row["id"], row["region_code"], valid_to=asked.effective_on)
    event = events.RegionClosed(
        region_id=row["id"],
        code=row["region_code"],
        valid_to=asked.effective_on,
        into_region_id=into.id if into else None,
        into_code=into.code if into else None,
    )
    await publish(session, event, row["id"], version, row["region_code"])
    return asked.region_id


def _level(code: str) -> Level:
    level = level_of(code)
    if level is None:
        check_code(code, Level.CITY, "code")
        raise AssertionError(code)
    return level


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
            insert(v), row_of(region["id"], Level[region["level"]], region["region_code"], seq + 1, after[-1])
        )


async def _bump(session: WriteSession, region: Any) -> int:
    """Count a region's change; return its new version."""
    version = int(region["version"]) + 1
    await session.execute(update(t.region).where(t.region.c.id == region["id"]).values(version=version))
    return version


async def _end_with_region(session: WriteSession, region_id: UUID, on: date) -> None:
    """End what says what a region was: its type as a community, its count as a grid."""
    for table in (t.community_profile, t.census):
        mine = (table.c.region_id == region_id) & table.c.valid_to.is_(None)
        over = {"valid_to": func.greatest(table.c.valid_from, on), "version": table.c.version + 1}
        await session.execute(update(table).where(mine).values(**over))
