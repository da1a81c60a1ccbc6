"""Count a vote once more by another way: from the frozen register, elector by elector, each ballot verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from services.property.domain.ballot_keys import ballot_key, keys_of
from services.property.domain.ballots import Count, Sealed, TamperedError, unseal
from services.property.domain.results import Cast, recount
from services.property.storage import vote_tables as v

if TYPE_CHECKING:
    from uuid import UUID

    from chassis.cipher import DataCipher
    from chassis.database import ReadSession


async def recount_vote(session: ReadSession, cipher: DataCipher, vote_id: UUID, items: int) -> Count | None:
    """Return the count; None when a ballot was altered, is missing, or is nobody's."""
    e, p, b = v.elector.c, v.participation.c, v.ballot.c
    there = select(e.id, e.area).join(v.participation, p.elector_id == e.id).where(e.vote_id == vote_id)
    stored = select(b.ballot_key, b.nonce, b.body, b.tag).where(b.vote_id == vote_id)
    ballots = {
        bytes(row["ballot_key"]): Sealed(bytes(row["nonce"]), bytes(row["body"]), bytes(row["tag"]))
        for row in await session.rows(stored)
    }
    voted = int(await session.scalar(select(func.count()).where(p.vote_id == vote_id)))
    keys, casts = keys_of(cipher, vote_id), []
    for row in await session.rows(there):
        key = ballot_key(cipher, vote_id, row["id"])
        sealed = ballots.pop(key, None)
        if sealed is None:
            return None
        try:
            area, choices = unseal(keys, key, sealed, items)
        except (TamperedError, ValueError):
            return None
        if area != row["area"]:
            return None
        casts.append(Cast(row["area"], choices))
    return None if ballots or len(casts) != voted else recount(casts, items)
