"""Where things are: the region of a new compound, and a compound that is to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Table, or_, select

from chassis.errors import NotFound
from chassis.problems import CommonProblem, Refused
from services.property.domain.content import today
from services.property.domain.levels import Level, level_of
from services.property.domain.problems import PropertyProblem
from services.property.storage import tables as t

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit

_LEVELS = (Level.COMMUNITY, Level.GRID, Level.BUILDING)


async def region_of_compound(session: WriteSession, code: str) -> RowMapping:
    """Return the region in force under `code`, held until the transaction ends. Raises Refused."""
    code = code.strip()
    level = level_of(code)
    if level is None:
        raise Refused(CommonProblem.INVALID_REGION_CODE, "regionCode", code=code[:40])
    if level not in _LEVELS:
        raise Refused(PropertyProblem.WRONG_COMPOUND_LEVEL, "regionCode", code=code)
    r = t.region.c
    in_force = or_(r.closed_on.is_(None), r.closed_on > today())
    # Held, so that a recoding of the region finds what is being stored in it, or is found by it.
    region = await session.row(select(r.id, r.code).where(r.code == code, in_force).with_for_update(read=True))
    if region is None:
        raise Refused(CommonProblem.UNKNOWN_REGION, "regionCode", code=code)
    return region


async def lock(session: WriteSession, table: Table, id_: UUID, what: str, expected: int | None = None) -> RowMapping:
    """Lock a row and return it. Raises NotFound, and Refused when it has changed since it was read."""
    row = await session.row(select(table).where(table.c.id == id_).with_for_update())
    if row is None:
        raise NotFound(what=what)
    if expected is not None:
        check_version(row["version"], expected)
    return row


async def lock_in_compound(
    session: WriteSession, permit: Permit, table: Table, id_: UUID, what: str
) -> tuple[RowMapping, RowMapping]:
    """Lock the compound that a row is of, then the row, and return both; everybody locks compounds first.

    Raises NotFound, and what `permit` does when the caller may not do it there.
    """
    compound_id = await session.scalar(select(table.c.compound_id).where(table.c.id == id_))
    if compound_id is None:
        raise NotFound(what=what)
    compound = await lock(session, t.compound, compound_id, "compound")
    row = await lock(session, table, id_, what)
    permit.require(row["region_code"], what=what)
    return compound, row


def check_version(current: int, expected: int) -> None:
    """Refuse a change that was decided on an older version. Raises Refused."""
    if current != expected:
        raise Refused(CommonProblem.STALE_VERSION, "expectedVersion", current=current, expected=expected)
