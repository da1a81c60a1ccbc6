"""What commands ask of compounds: that they are known, and lie where something is said about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from chassis.problems import Refused
from services.org.domain.compounds import check_lies_there
from services.org.domain.problems import OrgProblem
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from chassis.database import WriteSession


async def check_compounds(session: WriteSession, ids: Sequence[UUID], region_code: str, *path: str) -> None:
    """Refuse compounds that are not known in the caller's scope, or lie outside the community. Raises Refused.

    What property has not told of yet is refused as well: it may lie anywhere, and comes within moments.
    """
    c = t.compound.c
    known = {row["id"]: row for row in await session.rows(select(c.id, c.name, c.region_code).where(c.id.in_(ids)))}
    for id_ in ids:
        if id_ not in known:
            raise Refused(OrgProblem.UNKNOWN_COMPOUND, *path, compound=id_)
        check_lies_there(known[id_]["name"], known[id_]["region_code"], region_code, *path)
