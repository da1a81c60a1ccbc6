"""Search in what tickets say, within the scope of the transaction; a page of it is found in the order of time.

Words that few tickets hold are looked up in the index, and what else is asked for is asked of those few. Words that
many hold are looked for in windows of days from the page's beginning on, each as wide as should fill the page by how
frequent the words are and what the one before had (`domain/windows.py`). Where a day has more than a page of them, they
are compared with the tickets that come next, one by one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    Text,
    Uuid,
    any_,
    cast,
    exists,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from chassis.built import Value, literals, named, shaped
from chassis.database import keeps_plan
from chassis.graphql.connection import Narrow, Shaped, count_of, whole
from services.tickets.domain import windows
from services.tickets.domain.numbers import number_in
from services.tickets.domain.windows import PACED, Ahead, Window
from services.tickets.domain.wording import lexemes, query
from services.tickets.storage import tables as t
from services.tickets.storage.prefixes import in_region_of, region_values
from services.tickets.storage.reads import ORDER
from services.tickets.storage.ticket_indexes import LEVELS

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession
    from chassis.graphql.connection import Position, Read

FEW = 1000
"""Up to how many matches are looked up at once."""
SOMETIMES = 0.0005
"""The least share at which a word is taken to be no rare one."""
_MUCH = 2.0
"""How many times as frequent as the rarest one a word is by which nothing is looked up."""
_AT_ONCE = 300
_SHORT = 20_000
"""Up to how many tickets a list is short, whose tickets are compared with words to count them."""
_MOST_COMPARED = 100_000
"""The same of words that are so frequent that this many hold as many as are counted."""
_OFTEN = 0.02
"""From which share on words are not looked up to be counted."""
_MORE = 8
_REGION_DIGITS, _COMMUNITY_DIGITS = 6, 12
_REMEMBERED_SECONDS = 300.0
_SEARCH = text(
    "SELECT id, raised_at FROM search_tickets(CAST(:wanted AS tsquery), CAST(:region AS text), CAST(:prefix AS text),"
    " CAST(:marks AS text[]), CAST(:first AS timestamptz), CAST(:beyond AS timestamptz), CAST(:most AS int),"
    " CAST(:found_by AS tsquery))"
)
_FREQUENT = text("SELECT word, share FROM frequent_words()")
Found = tuple[datetime, "UUID"]
"""Where a ticket stands in the order: when it was raised, and its id."""


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


async def _look_up(session: ReadSession, words: str, prefix: str, window: Window | None = None) -> list[Found] | None:
    """Return the tickets in a region, raised in a window, that say all of some words; None when more than a few do."""
    first, beyond = window.bounds() if window else (None, None)
    asked = {
        "wanted": query(words),
        "found_by": await _frequent.rare(session, words),
        "region": _mark(prefix),
        "prefix": prefix,
        "marks": (window.marks() if window else None) or None,
        "first": first,
        "beyond": beyond,
        "most": FEW + 1,
    }
    found = [(row["raised_at"], row["id"]) for row in await session.rows(_SEARCH, asked)]
    return found if len(found) <= FEW else None


def _mark(prefix: str) -> str:
    """Return the region by which the index is narrowed; the prefix says the rest."""
    return prefix[:_COMMUNITY_DIGITS] if len(prefix) >= _REGION_DIGITS else ""


def _ids(found: Sequence[Found]) -> list[UUID]:
    return [id_ for _, id_ in found]


def _says(id_: ColumnElement[Any], value: Value) -> ColumnElement[bool]:
    w = t.wording.c
    matches = w.words.op("@@")(cast(value("words", Text()), TSQUERY))
    return exists(literal_column("1")).where(w.ticket_id == id_, matches)


def _among(value: Value) -> ColumnElement[bool]:
    return t.ticket.c.id == any_(value("found", ARRAY(Uuid())))


async def matching(session: ReadSession, words: str, prefix: str) -> ColumnElement[bool]:
    """Return the condition that a ticket in a region says all of some words, or has them for its number."""
    c, wanted = t.ticket.c, query(words)
    number = number_in(words)
    conditions: list[ColumnElement[bool]] = [c.number == number if number else false()]
    if wanted is not None:
        found = await _look_up(session, words, prefix)
        value = literals({"words": wanted, "found": _ids(found or [])})
        conditions.append(_says(c.id, value) if found is None else _among(value))
    return or_(*conditions)


class Search(NamedTuple):
    """The tickets of a list, all in one region, that say all of some words, or have them for their number."""

    session: ReadSession
    listed: Shaped
    words: str
    prefix: str

    async def rows(self, read: Read, position: Position) -> Sequence[RowMapping]:
        """Return the rows of a page in their order."""
        number = number_in(self.words)
        by_number = await read(self._such(_numbered, number=number)) if number else []
        said = await self._said(read, position) if query(self.words) else []
        numbers = {row["id"] for row in by_number}
        both = [*by_number, *(row for row in said if row["id"] not in numbers)]
        both.sort(key=lambda row: (row["raised_at"], row["id"]), reverse=position.falling)
        return both[: position.size]

    async def total(self, most: int | None) -> int:
        """Return how many there are, or `most` when there are more."""
        number, share = number_in(self.words), await _frequent.share(self.session, self.words)
        found = None if share > _OFTEN else await _look_up(self.session, self.words, self.prefix)
        if found is not None:
            return await count_of(self.session, self._such(_counted, number=number, found=_ids(found)), most)
        asked = {"number": number, "most": most, "region": _mark(self.prefix), "prefix": self.prefix}
        if compared := await self._enough(share, most):
            row = await self._counts(_of_compared, **asked, counted=compared)
            if row["counted"] < compared or row["n"] == most:
                return int(row["n"])
        looked_up = most or FEW
        while (row := await self._counts(_of_told, **asked, counted=looked_up))["counted"] == looked_up:
            if row["n"] == most:
                break
            looked_up *= _MORE
        return int(row["n"])

    async def _enough(self, share: float, most: int | None) -> int:
        """Return how many tickets of the list are compared with the words to count them; 0 for too many."""
        if share and most and (enough := round(1.25 * most / share)) <= _MOST_COMPARED:
            return enough
        return _SHORT + 1 if await count_of(self.session, self.listed, _SHORT + 1) <= _SHORT else 0

    async def _counts(self, make: Callable[..., Select[Any]], **values: Any) -> RowMapping:
        asked = shaped(make, self.listed.make, self.listed.shape, values["number"] is not None)
        row = await self.session.row(asked, {**self._values(), **values})
        if row is None:
            raise RuntimeError("an aggregate has a row")
        return row

    def _values(self) -> dict[str, Any]:
        return {**self.listed.values, "words": query(self.words)}

    def _such(self, make: Callable[..., Select[Any]], *shape: Hashable, **values: Any) -> Shaped:
        """Return the statement of those of the list that `make` narrows it to."""
        return Shaped(make, (self.listed.make, self.listed.shape, *shape), {**self._values(), **values})

    async def _said(self, read: Read, position: Position) -> list[RowMapping]:
        share, ahead = await _frequent.share(self.session, self.words), await self._ahead(position)
        if ahead is None:
            return []
        if count := windows.to_compare(share, position.size, ahead.pace):
            compared = await read(self._such(_compared, position.falling, compared=count))
            if len(compared) == position.size or ahead.is_within(count):
                return list(compared)
        rows: list[RowMapping] = []
        window, days = None, windows.days_for(share, position.size, ahead.pace)
        while len(rows) < position.size and (this := ahead.window(window, days)):
            found = await _look_up(self.session, self.words, self.prefix, this)
            if found is None and this.days > 1:
                days = windows.narrower(this)
                continue
            more = await (self._each(read, this) if found is None else self._of(read, found, position))
            rows += more
            window, days = this, windows.wider(this, len(more), position.size - len(rows))
        return rows

    async def _ahead(self, position: Position) -> Ahead | None:
        """Return what lies ahead of where the page begins; None for nothing."""
        values = {**region_values(self.prefix), "after": next(iter(position.after), None)}
        asked = shaped(_seen_ahead, len(self.prefix), position.falling, bool(position.after))
        row = await self.session.row(asked, values)
        return Ahead.of(**row) if row and row["next_at"] else None

    async def _each(self, read: Read, window: Window) -> Sequence[RowMapping]:
        """Return those of a page in a window, each ticket of which is compared in the order."""
        first, beyond = window.bounds()
        return await read(self._such(_within, first=first, beyond=beyond))

    async def _of(self, read: Read, found: list[Found], position: Position) -> list[RowMapping]:
        """Return the rows of a page among tickets that match, those first that come first."""
        beyond = tuple(position.after)
        ahead = [one for one in found if not beyond or (one < beyond if position.falling else one > beyond)]
        ahead.sort(reverse=position.falling)
        rows: list[RowMapping] = []
        for start in range(0, len(ahead), _AT_ONCE):
            rows += await read(self._such(_found, found=_ids(ahead[start : start + _AT_ONCE])))
            if len(rows) >= position.size:
                break
        return rows


Listed = Callable[..., Select[Any]]
"""Makes the statement of a list, as `Shaped` has it."""
_INSTANT = DateTime(timezone=True)


def _numbered(narrow: Narrow, listed: Listed, shape: Any) -> Select[Any]:
    number = t.ticket.c.number == named("number", Text())
    return keeps_plan(narrow(listed(whole, *shape).where(number)))


def _found(narrow: Narrow, listed: Listed, shape: Any) -> Select[Any]:
    return keeps_plan(narrow(listed(whole, *shape).where(_among(named))))


def _counted(narrow: Narrow, listed: Listed, shape: Any) -> Select[Any]:
    number = t.ticket.c.number == named("number", Text())
    return narrow(listed(whole, *shape).where(or_(number, _among(named))))


def _within(narrow: Narrow, listed: Listed, shape: Any) -> Select[Any]:
    c = t.ticket.c
    window = (c.raised_at >= named("first", _INSTANT), c.raised_at < named("beyond", _INSTANT))
    return narrow(listed(whole, *shape).where(*window, _says(c.id, named)))


def _compared(narrow: Narrow, listed: Listed, shape: Any, falling: bool) -> Select[Any]:  # noqa: FBT001 (part of a shape)
    """Return those of a page that are among so many tickets that come next."""
    next_ones = narrow(listed(whole, *shape)).limit(named("compared", Integer())).subquery().c
    order = (next_ones[one.name] for one in ORDER)
    ordered = (one.desc() if falling else one.asc() for one in order)
    return select(*next_ones).where(_says(next_ones.id, named)).order_by(*ordered).limit(named("page_size", Integer()))


def _of_compared(listed: Listed, shape: Any, has_number: bool) -> Select[Any]:  # noqa: FBT001 (part of a shape)
    """Return how many of the list are compared, and how many of them say the words."""
    of_list = listed(whole, *shape).limit(named("counted", Integer())).cte("of_list")
    says = _says(of_list.c.id, named)
    said = or_(of_list.c.number == named("number", Text()), says) if has_number else says
    return _both(of_list, select(of_list.c.id).where(said))


def _of_told(listed: Listed, shape: Any, has_number: bool) -> Select[Any]:  # noqa: FBT001 (part of a shape)
    """Return how many are looked up, and how many of them are of the list."""
    words, nothing = cast(named("words", Text()), TSQUERY), (null() for _ in range(3))
    asked = (words, named("region", Text()), named("prefix", Text()), *nothing, named("counted", Integer()), null())
    told = select(func.search_tickets(*asked).table_valued("id", "raised_at").c.id).cte("told")
    among = t.ticket.c.id.in_(select(told.c.id))
    said = or_(t.ticket.c.number == named("number", Text()), among) if has_number else among
    return _both(told, listed(whole, *shape).where(said))


def _both(counted: CTE, found: Select[Any]) -> Select[Any]:
    bounded = found.limit(named("most", Integer())).subquery()
    each = {"counted": counted, "n": bounded}
    return select(*(select(func.count()).select_from(one).scalar_subquery().label(name) for name, one in each.items()))


def _seen_ahead(digits: int, falling: bool, bounded: bool) -> Select[Any]:  # noqa: FBT001 (parts of a shape)
    raised, after = t.ticket.c.raised_at, named("after", _INSTANT)
    inside = select(raised).where(in_region_of(digits, named)).limit(literal_column("1"))
    if bounded:
        inside = inside.where(raised <= after if falling else raised >= after)
    down, up = inside.order_by(*(one.desc() for one in ORDER)), inside.order_by(*ORDER)
    on, back = (down, up) if falling else (up, down)
    told = (on.label("next_at"), back.label("last_at"), on.offset(literal_column(str(PACED))).label("paced_at"))
    asked = select(*told)
    # Only of what has a column of its own is the same plan best for a part of the city and for all of it.
    return keeps_plan(asked) if digits in LEVELS else asked
