"""Redraw grids in one transaction: found grids, move buildings, merge grids with all that lies in them, and report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import func, insert, select

from chassis.errors import NotFound
from chassis.ids import new_id
from services.org.commands.absorb import absorb
from services.org.commands.assignments import follow_building
from services.org.commands.places import lock, region_in_force
from services.org.commands.recode import recode_region
from services.org.commands.region_tree import ChangeRegion
from services.org.commands.regions import EstablishRegion, close_into, establish_region
from services.org.commands.rehearsing import Rehearsed
from services.org.domain.levels import Level
from services.org.domain.periods import check_not_future, today
from services.org.domain.redrawing import Line, Redrawing, Thing, check_redrawing, free_codes
from services.org.storage import tables as t
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from chassis.database import ReadSession, WriteSession
    from chassis.graphql.mutate import Permit


class NewGrid(msgspec.Struct, frozen=True):
    """A grid that the redrawing founds."""

    code: str
    name: str


class RedrawGrids(msgspec.Struct, frozen=True):
    """What is asked: a redrawing from a day on; a rehearsal does the same and takes it back."""

    within: str
    on: date
    establish: list[NewGrid]
    move: list[tuple[str, str]]
    merge: list[tuple[str, str]]
    rehearse: bool = False

    @property
    def plan(self) -> Redrawing:
        """The plan as the rules see it."""
        return Redrawing(self.within, tuple(grid.code for grid in self.establish), tuple(self.move), tuple(self.merge))


async def redraw_grids(session: WriteSession, permit: Permit, asked: RedrawGrids) -> UUID:
    """Redraw, and keep what was moved; return the redrawing, which has the region within which it was done.

    Raises Refused, and Rehearsed at the end of a rehearsal.
    """
    bounds = await region_in_force(session, asked.within, "within")
    permit.require(bounds.code, what="region")
    check_not_future(asked.on, today(), "on")
    check_redrawing(asked.plan)
    report: list[Line] = []
    for grid in asked.establish:
        await establish_region(session, permit, EstablishRegion(grid.code, grid.name, asked.on))
    for code, new in asked.move:
        report.append(await _move(session, permit, code, new, asked.on))
        await follow_building(session, code, new, asked.on)
    for code, into in asked.merge:
        report += await _merge(session, permit, code, into, asked.on)
    if asked.rehearse:
        raise Rehearsed(bounds.id, report)
    row: dict[str, Any] = {
        "id": new_id(),
        "region_id": bounds.id,
        "region_code": bounds.code,
        "effective_on": asked.on,
        "report": msgspec.to_builtins(report),
    }
    await session.execute(insert(t.redrawing), row)
    session.changed("redrawing", row["id"], bounds.code, lines=len(report), on=asked.on)
    redrawing_id: UUID = row["id"]
    return redrawing_id


async def redrawing_of(session: ReadSession, id_: UUID) -> tuple[UUID, list[Line]]:
    """Return the region of a redrawing, and its report. Raises NotFound outside the caller's scope."""
    row = await session.row(select(t.redrawing).where(t.redrawing.c.id == id_))
    if row is None:
        raise NotFound(what="redrawing")
    return row["region_id"], msgspec.convert(row["report"], list[Line])


async def _move(session: WriteSession, permit: Permit, code: str, new: str, on: date) -> Line:
    """Move a building to another grid under a new code."""
    building = await region_in_force(session, code, "move")
    row = await lock(session, t.region, building.id, "region")
    await recode_region(session, permit, ChangeRegion(building.id, row["version"], on, new))
    grid = Level.GRID.code_length
    return Line(Thing.BUILDING, code[:grid], new[:grid], 1)


async def _merge(session: WriteSession, permit: Permit, code: str, into_code: str, on: date) -> list[Line]:
    """Move all buildings of a grid and what lies directly in it to another grid, and close it."""
    gone = await region_in_force(session, code, "merge")
    into = await region_in_force(session, into_code, "merge")
    r, v = t.region, t.region_version
    open_children = select(r.c.region_code).join(v, (v.c.region_id == r.c.id) & v.c.valid_to.is_(None))
    buildings = await session.rows(open_children.where(v.c.parent_id == gone.id).order_by(r.c.region_code))
    borne = select(v.c.code).where(in_prefix(v.c.code, into.code), func.length(v.c.code) == Level.BUILDING.code_length)
    taken = [row["code"] for row in await session.rows(borne)]
    new_codes = free_codes(into.code, taken, len(buildings))
    for building, new in zip(buildings, new_codes, strict=True):
        await _move(session, permit, building["region_code"], new, on)
    lines = [Line(Thing.BUILDING, gone.code, into.code, len(buildings))]
    lines += await absorb(session, gone, into, on)
    row = await lock(session, t.region, gone.id, "region")
    await close_into(session, permit, ChangeRegion(gone.id, row["version"], on), into)
    return lines
