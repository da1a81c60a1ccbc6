"""Who holds an office above the caller, by reference: whose matter is with the community is told who has it there.

Lists and counts stay in scope. Another service names a duty, an organisation or a person because they have to do
with something that the caller sees; of the regions that lie above the caller's own, these are told, masked as ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, union

from services.org.storage import tables as t
from services.org.storage.reads import load_people

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession
    from chassis.graphql.context import Context


def is_above(context: Context, region_code: str) -> bool:
    """Tell whether a region lies above one of the caller's own."""
    return any(prefix.startswith(region_code) for prefix in context.caller.scope)


async def row_above(
    context: Context, load: Callable[[ReadSession, list[UUID]], Awaitable[Sequence[RowMapping | None]]], id_: UUID
) -> RowMapping | None:
    """Return the row of a duty, organisation or team of a region above the caller's; None for any other."""
    (row,) = await load(await context.read_public(), [id_])
    return row if row is not None and is_above(context, row["region_code"]) else None


async def person_above(context: Context, id_: UUID) -> RowMapping | None:
    """Return the row of a person who holds or held a duty of a region above the caller's, or is or was of a team there.

    None for anybody else.
    """
    session = await context.read_public()
    theirs = (select(one.c.region_code).where(one.c.person_id == id_) for one in (t.duty, t.team_member))
    held = await session.rows(union(*theirs))
    if not any(is_above(context, row["region_code"]) for row in held):
        return None
    (row,) = await load_people(session, [id_])
    return row
