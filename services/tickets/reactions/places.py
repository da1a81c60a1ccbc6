"""The codes that regions bear now, for rows that know their region by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Uuid, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection


async def present_codes(connection: AsyncConnection, ids: set[UUID]) -> dict[UUID, str]:
    """Return the present codes of regions, and hold them: one that is being recoded re-stamps the caller's rows too."""
    r = t.region.c
    among = r.id == func.any(literal(sorted(ids), ARRAY(Uuid)))
    held = select(r.id, r.code).where(among).order_by(r.id).with_for_update(read=True)
    return {row.id: row.code for row in await connection.execute(held)}
