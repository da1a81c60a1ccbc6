"""Search in what tickets say, within the scope of the transaction; a page of it is found in the order of time.

Words that few tickets hold are looked up in the index, and what else is asked for is asked of those few. Words that
many hold are looked for month by month from the page's beginning, ever more months at a time, until the page is full.
Words that are frequent everywhere are first compared, ticket by ticket, with those that come next.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    Uuid,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from services.tickets.domain.wording import lexemes, query
from services.tickets.storage import tables as t
from services.tickets.storage.prefixes import in_region
from services.tickets.storage.reads import ORDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession
    from chassis.graphql.connection import Narrow, Position

FEW = 1000
"""Up to how many matches are looked up at once."""
MOST_OF_MONTHS = 4000
"""The same of some months: beyond it they are so frequent that a page is soon full."""
_COMPARED = {9: 1500, 12: 300}
"""How many of the tickets that come next are compared with words at most, by length of code: those of a small region
lie far apart from each other."""
_MOST_COMPARED = 6000
_TIMES = 2.0
"""How many times as many are compared as should do by the share of all tickets that hold the words."""
SOMETIMES = 0.0005
"""The share from which on words are looked for by months."""
_MUCH = 2.0
"""How many times as frequent as the rarest one a word is by which nothing is looked up."""
_AT_ONCE = 300
_REGION_DIGITS, _COMMUNITY_DIGITS = 6, 12
_REMEMBERED_SECONDS = 300.0
_SEARCH = text(
    "SELECT id, raised_at FROM search_tickets(CAST(:wanted AS tsquery), CAST(:region AS text), CAST(:prefix AS text),"
    " CAST(:months AS text[]), CAST(:most AS int), CAST(:found_by AS tsquery))"
)
_FREQUENT = text("SELECT word, share FROM frequent_words()")
Found = tuple[datetime, "UUID"]
"""Where a ticket stands in the order: when it was raised, and its id."""


def compared(share: float, size: int, digits: int) -> int:
    """Return how many of the tickets that come next are compared with words, for a page of so many rows.

    `share` of all tickets hold the words, `digits` has the region's code. 0 when it would be too many.
    """
    enough = round(_TIMES * size / share) if share else _MOST_COMPARED + 1
    most = _COMPARED.get(min(digits, _COMMUNITY_DIGITS), _MOST_COMPARED)
    return enough if enough <= most else 0


class _Frequent:
    """How frequent the most frequent words are, as the database last told."""

    def __init__(self) -> None:
        self._shares: dict[str, float] = {}
        self._read_at = -_REMEMBERED_SECONDS

    async def share(self, session: ReadSession, words: str) -> float:
        """Return at most how many of all tickets hold all of some words, as a share; 0 when they are rare."""
        shares = await self._known(session)
        return min((shares.get(one, 0.0) for one in lexemes(words)), default=0.0)

    async def rare(self, session: ReadSession, words: str) -> str | None:
        """Return the query of the rare ones of some words, by which all are found; None when none is much rarer.

        The index reads everything that it has of each word it is asked for.
        """
        shares, wanted = await self._known(session), dict.fromkeys(lexemes(words))
        least = max(SOMETIMES, min((shares.get(one, 0.0) for one in wanted), default=0.0))
        rare = [one for one in wanted if shares.get(one, 0.0) <= _MUCH * least]
        return " & ".join(f"'{one}'" for one in rare) if rare and len(rare) < len(wanted) else None

    async def _known(self, session: ReadSession) -> dict[str, float]:
        if time.monotonic() - self._read_at > _REMEMBERED_SECONDS:
            self._shares = {row["word"]: row["share"] for row in await session.rows(_FREQUENT)}
            self._read_at = time.monotonic()
        return self._shares


_frequent = _Frequent()


async def _look_up(
    session: ReadSession, words: str, prefix: str, most: int, months: Sequence[str] | None = None
) -> list[Found]:
    """Return up to so many tickets in a region, and raised in one of some months, that say all of some words."""
    asked = {
        "wanted": query(words),
        "found_by": await _frequent.rare(session, words),
        "region": _mark(prefix),
        "prefix": prefix,
        "months": months,
        "most": most,
    }
    return [(row["raised_at"], row["id"]) for row in await session.rows(_SEARCH, asked)]


def _mark(prefix: str) -> str:
    """Return the region by which the index is narrowed; the prefix says the rest."""
    return prefix[:_COMMUNITY_DIGITS] if len(prefix) >= _REGION_DIGITS else ""


def _says(wanted: str, id_: ColumnElement[Any]) -> ColumnElement[bool]:
    w = t.wording.c
    matches = w.words.op("@@")(cast(wanted, TSQUERY))
    return exists(literal_column("1")).where(w.ticket_id == id_, matches)


def _among(found: Sequence[Found]) -> ColumnElement[bool]:
    return t.ticket.c.id == func.any(literal([id_ for _, id_ in found], ARRAY(Uuid)))


async def matching(session: ReadSession, words: str, prefix: str) -> ColumnElement[bool]:
    """Return the condition that a ticket in a region says all of some words, or has them for its number."""
    is_number = t.ticket.c.number == words.strip()
    wanted = query(words)
    if wanted is None:
        return is_number
    found = await _look_up(session, words, prefix, FEW + 1)
    if len(found) <= FEW:
        return or_(is_number, _among(found)) if found else or_(is_number, false())
    return or_(is_number, _says(wanted, t.ticket.c.id))


class Search(NamedTuple):
    """The tickets of a statement, all in one region, that say all of some words, or have them for their number."""

    session: ReadSession
    statement: Select[Any]
    words: str
    prefix: str

    async def rows(self, narrow: Narrow, position: Position) -> Sequence[RowMapping]:
        """Return the rows of a page in their order."""
        by_number = await self.session.rows(narrow(self._numbered()))
        wanted = query(self.words)
        said = [] if wanted is None else await self._said(wanted, narrow, position)
        numbers = {row["id"] for row in by_number}
        both = [*by_number, *(row for row in said if row["id"] not in numbers)]
        both.sort(key=lambda row: (row["raised_at"], row["id"]), reverse=position.falling)
        return both[: position.size]

    def everything(self) -> Select[Any]:
        """Return the statement of all of them."""
        wanted = query(self.words)
        if wanted is None:
            return self._numbered()
        told = func.search_tickets(cast(wanted, TSQUERY), _mark(self.prefix), self.prefix, None, None)
        ids = select(told.table_valued("id", "raised_at").c.id)
        c = t.ticket.c.id
        both = union_all(self.statement.where(c.in_(ids)), self._numbered().where(not_(_says(wanted, c)))).subquery()
        return select(*both.c)

    def _numbered(self) -> Select[Any]:
        return self.statement.where(t.ticket.c.number == self.words.strip())

    async def _said(self, wanted: str, narrow: Narrow, position: Position) -> list[RowMapping]:
        share = await _frequent.share(self.session, self.words)
        if count := compared(share, position.size, len(self.prefix)):
            next_ones = narrow(self.statement).limit(count).subquery()
            order = [next_ones.c[one.name] for one in ORDER]
            ordered = (one.desc() if position.falling else one.asc() for one in order)
            page = select(*next_ones.c).where(_says(wanted, next_ones.c.id)).order_by(*ordered).limit(position.size)
            rows = list(await self.session.rows(page))
            if len(rows) == position.size:
                return rows
        if share < SOMETIMES or len(self.prefix) >= _COMMUNITY_DIGITS:
            found = await _look_up(self.session, self.words, self.prefix, FEW + 1)
            if len(found) <= FEW:
                return await self._of(found, narrow, position)
        rows = []
        for months in await self._months(position):
            rows += await self._in_months(wanted, months, narrow, position)
            if len(rows) >= position.size:
                break
        return rows

    async def _in_months(
        self, wanted: str, months: Sequence[int], narrow: Narrow, position: Position
    ) -> list[RowMapping]:
        found = await _look_up(self.session, self.words, self.prefix, MOST_OF_MONTHS + 1, [f"m{one}" for one in months])
        if len(found) <= MOST_OF_MONTHS:
            return await self._of(found, narrow, position)
        raised = t.ticket.c.raised_at
        within = (raised >= _begin(min(months)), raised < _begin(max(months) + 1))
        return list(await self.session.rows(narrow(self.statement.where(*within, _says(wanted, t.ticket.c.id)))))

    async def _of(self, found: list[Found], narrow: Narrow, position: Position) -> list[RowMapping]:
        """Return the rows of a page among tickets that match, those first that come first."""
        beyond = tuple(position.after)
        ahead = [one for one in found if not beyond or (one < beyond if position.falling else one > beyond)]
        ahead.sort(reverse=position.falling)
        rows: list[RowMapping] = []
        for start in range(0, len(ahead), _AT_ONCE):
            rows += await self.session.rows(narrow(self.statement.where(_among(ahead[start : start + _AT_ONCE]))))
            if len(rows) >= position.size:
                break
        return rows

    async def _months(self, position: Position) -> Iterator[list[int]]:
        """Return the months from the page's beginning on: one, then two more, then four, and so on."""
        c = t.ticket.c
        in_order = select(c.raised_at).where(in_region(self.prefix)).order_by(c.raised_at).limit(1)
        first: datetime | None = await self.session.scalar(in_order)
        last: datetime | None = await self.session.scalar(in_order.order_by(None).order_by(c.raised_at.desc()))
        if first is None or last is None:
            return iter(())
        lowest, highest = _month(first), _month(last)
        if position.after:
            at = _month(position.after[0])
            lowest, highest = (lowest, min(highest, at)) if position.falling else (max(lowest, at), highest)
        months = list(range(lowest, highest + 1))
        return _doubling(months[::-1] if position.falling else months)


def _doubling(months: list[int]) -> Iterator[list[int]]:
    start, width = 0, 1
    while start < len(months):
        yield months[start : start + width]
        start, width = start + width, 2 * width


def _month(at: datetime) -> int:
    """Return the number of an instant's month, as the index has it (0098)."""
    at = at.astimezone(UTC)
    return 12 * at.year + at.month


def _begin(month: int) -> datetime:
    return datetime((month - 1) // 12, (month - 1) % 12 + 1, 1, tzinfo=UTC)
