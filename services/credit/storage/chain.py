"""Chain the postings of a book, and follow a chain again."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Uuid, delete, func, insert, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from services.credit.domain.chain import content, genesis, link
from services.credit.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession, WriteSession

_AT_ONCE = 2000
_SEALED_AT_ONCE = 250
"""Fewer: hashing holds up requests of the same program for some milliseconds at a time."""
_LOCK = text("SELECT pg_advisory_xact_lock(7240127, hashtext(:book))")
_FOLD = text("SELECT fold_grid_changes(:book)")
_RECOUNT = text("SELECT recount_grids(:book)")


class Head(NamedTuple):
    """Where a chain ends: how many postings it has, and the hash of the last."""

    number: int
    hash: bytes


class Link(NamedTuple):
    """One posting of a chain: its number, the hash that is stored, and its content."""

    number: int
    hash: bytes
    said: dict[str, Any]


async def books(session: ReadSession) -> Sequence[RowMapping]:
    """Return all books."""
    return await session.rows(select(t.book).order_by(t.book.c.region_code))


async def head(session: ReadSession, book_id: UUID) -> Head:
    """Return the end of a book's chain."""
    s = t.seal.c
    last = await session.row(select(s.number, s.hash).where(s.book_id == book_id).order_by(s.number.desc()).limit(1))
    return Head(last["number"], bytes(last["hash"])) if last else Head(0, genesis(book_id))


async def seal_some(session: WriteSession, book_id: UUID) -> int:
    """Chain postings of a book that wait for it; return how many, 0 when none waits."""
    await session.execute(_LOCK, {"book": str(book_id)})
    u = t.unsealed.c
    waiting = select(u.posting_id).where(u.book_id == book_id).order_by(u.posting_id).limit(_SEALED_AT_ONCE)
    ids = [row["posting_id"] for row in await session.rows(waiting)]
    if not ids:
        return 0
    last = await head(session, book_id)
    rows = []
    for said in await _contents(session, ids):
        last = Head(last.number + 1, link(last.hash, last.number + 1, said))
        rows.append({"book_id": book_id, "number": last.number, "posting_id": said["id"], "hash": last.hash})
    await session.execute(insert(t.seal), rows)
    await session.execute(delete(t.unsealed).where(u.posting_id == func.any(literal(ids, ARRAY(Uuid)))))
    return len(ids)


async def fold(session: WriteSession, book_id: UUID) -> None:
    """Sum up what was noted of a book's grids, for rankings."""
    await session.execute(_LOCK, {"book": str(book_id)})
    await session.execute(_FOLD, {"book": book_id})


async def recount(session: WriteSession, book_id: UUID) -> int:
    """Count a book's grids anew and mend what is kept of them; return how many grids and quarters differed."""
    return int((await session.execute(_RECOUNT, {"book": book_id})).scalar_one())


async def _contents(session: ReadSession, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Return what is hashed of postings, in the order of `ids`."""
    p, e = t.posting, t.entry
    among = literal(list(ids), ARRAY(Uuid))
    postings = {row["id"]: row for row in await session.rows(select(p).where(p.c.id == func.any(among)))}
    lines = select(e).where(e.c.posting_id == func.any(among)).order_by(e.c.posting_id, e.c.line)
    entries = {key: list(group) for key, group in groupby(await session.rows(lines), lambda row: row["posting_id"])}
    return [content(postings[id_], entries.get(id_, [])) for id_ in ids if id_ in postings]


async def links(session: ReadSession, book_id: UUID) -> AsyncIterator[Link]:
    """Yield a book's chain from its beginning; a seal whose posting is gone has an empty content."""
    s, number = t.seal.c, 0
    while True:
        page = select(s.number, s.posting_id, s.hash).where(s.book_id == book_id, s.number > number)
        rows = await session.rows(page.order_by(s.number).limit(_AT_ONCE))
        if not rows:
            return
        said = {one["id"]: one for one in await _contents(session, [row["posting_id"] for row in rows])}
        for row in rows:
            number = row["number"]
            yield Link(number, bytes(row["hash"]), said.get(str(row["posting_id"]), {}))
