"""Check every book: the chain from its beginning, the sums against the entries; and write a book out for an auditor."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING

import msgspec
from sqlalchemy import text

from services.credit.domain.chain import genesis, link
from services.credit.storage import chain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession

_MOST_SHOWN = 10

_CHECKS = {
    "postings whose entries do not add up to zero, or are not all there": """
        SELECT p.id FROM posting p LEFT JOIN entry e ON e.posting_id = p.id WHERE p.book_id = :book
        GROUP BY p.id HAVING coalesce(sum(e.amount), 1) <> 0 OR count(e.posting_id) <> p.lines""",
    "accounts whose sums are not those of their entries": """
        SELECT a.id FROM account a LEFT JOIN entry e ON e.account_id = a.id
        WHERE a.book_id = :book AND a.nature <> 'system' GROUP BY a.id
        HAVING a.available <> coalesce(sum(e.amount) FILTER (WHERE e.component = 'available'), 0)
            OR a.held <> coalesce(sum(e.amount) FILTER (WHERE e.component = 'held'), 0)
            OR a.deducted <> coalesce(sum(e.amount) FILTER (WHERE e.component = 'deducted'), 0)""",
    "lots whose sums are not those of their entries": """
        SELECT l.id FROM lot l JOIN account a ON a.id = l.account_id LEFT JOIN entry e ON e.lot_id = l.id
        WHERE a.book_id = :book GROUP BY l.id
        HAVING l.available <> coalesce(sum(e.amount) FILTER (WHERE e.component = 'available'), 0)
            OR l.held <> coalesce(sum(e.amount) FILTER (WHERE e.component = 'held'), 0)""",
    "postings that are neither chained nor wait for it": """
        SELECT p.id FROM posting p WHERE p.book_id = :book
        AND NOT EXISTS (SELECT FROM seal s WHERE s.posting_id = p.id)
        AND NOT EXISTS (SELECT FROM unsealed u WHERE u.posting_id = p.id)""",
}


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a check of a book found."""

    book_id: UUID
    region_code: str
    postings: int
    waiting: int
    """Postings that are not chained yet."""
    head: bytes
    """The last hash, to be compared with one that was published or noted earlier."""
    faults: list[str]


async def verify(session: ReadSession) -> list[Verdict]:
    """Check all books, each to its end."""
    return [await _verify(session, book) for book in await chain.books(session)]


async def _verify(session: ReadSession, book: RowMapping) -> Verdict:
    faults: list[str] = []
    number, hash_ = 0, genesis(book["id"])
    async for found in chain.links(session, book["id"]):
        number += 1
        hash_ = link(hash_, number, found.said)
        if (found.number, found.hash) != (number, hash_):
            faults.append(f"the chain breaks at number {found.number}, posting {found.said.get('id', 'gone')}")
            break
    for what, statement in _CHECKS.items():
        faults += _told(what, await session.rows(text(statement), {"book": book["id"]}))
    waiting = await session.scalar(text("SELECT count(*) FROM unsealed WHERE book_id = :book"), {"book": book["id"]})
    return Verdict(
        book_id=book["id"],
        region_code=book["region_code"],
        postings=number,
        waiting=int(waiting),
        head=hash_,
        faults=faults,
    )


def _told(what: str, rows: Sequence[RowMapping]) -> list[str]:
    if not rows:
        return []
    shown = ", ".join(str(row["id"]) for row in rows[:_MOST_SHOWN])
    return [f"{len(rows)} {what}: {shown}{' …' if len(rows) > _MOST_SHOWN else ''}"]


async def export(session: ReadSession, region_code: str, out: IO[str]) -> int:
    """Write the chain of the book of a district, a posting a line; return how many, -1 when there is no such book.

    The first line names the book and the hash before its first posting. Nothing in it says whose an account is.
    """
    book = next((one for one in await chain.books(session) if one["region_code"] == region_code), None)
    if book is None:
        return -1
    head = {"book": str(book["id"]), "region": book["region_code"], "genesis": genesis(book["id"]).hex()}
    out.write(json.dumps(head, ensure_ascii=False) + "\n")
    number = 0
    async for found in chain.links(session, book["id"]):
        number = found.number
        line = {"number": number, "hash": found.hash.hex(), "posting": found.said}
        out.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
    return number
