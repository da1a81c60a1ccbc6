"""Give things a new region, and keep where they lay before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.problems import Refused
from services.org.domain.problems import OrgProblem
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import RowMapping, Table

    from chassis.database import WriteSession
    from services.org.commands.places import RegionInForce


async def relocate(
    session: WriteSession,
    table: Table,
    until: str | None,
    gone: RegionInForce,
    into: RegionInForce,
    on: date,
    *,
    counted: bool = True,
) -> Sequence[RowMapping]:
    """Give the rows of a table that are in `gone` their new region, and keep where they lay; return them as they were.

    `until` names the column of their end, if they have one: what ended by then stays. `counted` rows are at another
    version afterwards, which an event of theirs tells.

    Raises Refused with DATE_TOO_EARLY when one of them was moved after that day already.
    """
    which = table.c.region_id == gone.id
    if until is not None:
        which &= or_(table.c[until].is_(None), table.c[until] > on)
    rows = await session.rows(select(table).where(which).order_by(table.c.id).with_for_update())
    ids = [row["id"] for row in rows]
    if not ids:
        return rows
    r = t.relocation
    last = await session.scalar(select(func.max(r.c.until)).where(r.c.thing_id.in_(ids)))
    if last is not None and last > on:
        raise Refused(OrgProblem.DATE_TOO_EARLY, "on", date=on, earliest=last)
    lay = select(table.c.id, literal(on), table.c.region_id, literal(into.code)).where(table.c.id.in_(ids))
    names = ["thing_id", "until", "region_id", "region_code"]
    # What is moved twice on one day lay, until that day, where it was first.
    await session.execute(upsert(r).from_select(names, lay).on_conflict_do_nothing())
    await session.execute(update(r).where(r.c.thing_id.in_(ids)).values(region_code=into.code))
    here: dict[str, Any] = {"region_id": into.id, "region_code": into.code}
    here |= {"version": table.c.version + 1} if counted else {}
    await session.execute(update(table).where(table.c.id.in_(ids)).values(**here))
    return rows
