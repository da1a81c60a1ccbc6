"""Relay connections with keyset pagination (GraphQL Cursor Connections Specification).

A cursor holds the position in the order and a fingerprint of the query it was made for, so that a cursor of another
query is refused rather than misread.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

import msgspec
import strawberry
from sqlalchemy import ColumnElement, Integer, Select, func, literal, select, tuple_

from chassis.built import named, shaped
from chassis.errors import BadCursor, BadPage

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.database import ReadSession

DEFAULT_PAGE = 20
LARGEST_PAGE = 100

T = TypeVar("T")


@strawberry.federation.type(shareable=True, description="Where a page of a connection stands. 分页信息")
class PageInfo:
    """Relay PageInfo."""

    has_next_page: bool = strawberry.field(description="Whether there is more after this page.")
    has_previous_page: bool = strawberry.field(description="Whether there is more before this page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first item.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last item.")


@strawberry.type(description="An item and its place in the connection. 条目")
class Edge(Generic[T]):
    """Relay Edge."""

    node: T = strawberry.field(description="The item.")
    cursor: str = strawberry.field(description="Its place, for `after` and `before`.")


@strawberry.type(description="A page of a list. 分页列表")
class Connection(Generic[T]):
    """Relay Connection; the total is counted only when it is asked for."""

    edges: list[Edge[T]] = strawberry.field(description="The items of this page with their cursors.")
    page_info: PageInfo = strawberry.field(description="Where this page stands.")
    counter: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="How many there are in all pages; long lists say up to what they count. 总数")
    async def total_count(self) -> int:
        """Count everything the connection would list."""
        return await self.counter()


@dataclass(frozen=True, slots=True)
class PageArguments:
    """The four Relay arguments as the client gave them."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    def size(self) -> int:
        """Return the page size. Raises BadPage when the arguments do not go together or exceed the limit."""
        backward = self.last is not None or self.before is not None
        if backward and (self.first is not None or self.after is not None):
            raise BadPage(most=LARGEST_PAGE)
        wanted = self.last if backward else self.first
        size = DEFAULT_PAGE if wanted is None else wanted
        if not 1 <= size <= LARGEST_PAGE:
            raise BadPage(most=LARGEST_PAGE)
        return size

    @property
    def is_backward(self) -> bool:
        """Whether the page ends before a cursor rather than starting after one."""
        return self.last is not None or self.before is not None


@dataclass(frozen=True)
class Page:
    """Rows in the connection's order with their cursors, and what lies around them."""

    rows: Sequence[RowMapping]
    cursors: Sequence[str]
    info: PageInfo
    count: Callable[[], Awaitable[int]]

    def connection(self, node: Callable[[RowMapping], T], kind: type[Connection[T]] = Connection) -> Connection[T]:
        """Make the connection, turning each row into a node."""
        edges = [Edge(node=node(row), cursor=cursor) for row, cursor in zip(self.rows, self.cursors, strict=True)]
        return kind(edges=edges, page_info=self.info, counter=self.count)


def fingerprint(*parts: object) -> str:
    """Return a short digest of what makes two queries the same: name, order and filters."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def encode_cursor(mark: str, values: Sequence[Any]) -> str:
    """Return the opaque cursor for a position."""
    return urlsafe_b64encode(msgspec.json.encode([mark, list(values)])).decode().rstrip("=")


def decode_cursor(cursor: str, mark: str, types: Sequence[type]) -> list[Any]:
    """Return the position; raises BadCursor for one that was made for another query, or not by us."""
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        found, values = msgspec.json.decode(raw, type=tuple[str, list[Any]])
        if found != mark or len(values) != len(types):
            raise BadCursor
        return [msgspec.convert(value, type_, strict=False) for value, type_ in zip(values, types, strict=True)]
    except (ValueError, msgspec.MsgspecError) as error:
        raise BadCursor from error


class Narrow(Protocol):
    """Narrows a statement to the rows of a page: those beyond the cursor, in order, and one more than it has.

    `order` are the order's columns in that statement, when they are not the page's own.
    """

    def __call__(self, part: Select[Any], order: Sequence[ColumnElement[Any]] | None = None) -> Select[Any]:
        """Return the statement, narrowed."""


def whole(part: Select[Any], order: Sequence[ColumnElement[Any]] | None = None) -> Select[Any]:  # noqa: ARG001
    """Narrow nothing."""
    return part


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins, and which way it goes on."""

    after: Sequence[Any]
    """The values of the order's columns beyond which it begins; empty for the beginning."""
    falling: bool
    size: int
    """How many rows to read: one more than the page has."""


class Shaped(NamedTuple):
    """What a page is read from when it is put together once for each shape (0110), with the values of this time.

    `make(narrow, *shape)` returns the statement of a page, whose parts may be narrowed each by itself, so that each is
    read by an index of its own; all its values are named.
    """

    make: Callable[..., Select[Any]]
    shape: tuple[Hashable, ...]
    values: Mapping[str, Any]

    def everything(self) -> Select[Any]:
        """Return the statement of all rows with its values, for what is asked of it seldom."""
        return self.make(whole, *self.shape).params(self.values)


class Read(Protocol):
    """Reads the rows of a page of a statement, in the page's order."""

    async def __call__(self, statement: Shaped, /) -> Sequence[RowMapping]:
        """Return them, one more than the page has if there are."""


class Finder(Protocol):
    """Finds the rows of a page by several statements, where one would read too much."""

    async def rows(self, read: Read, position: Position) -> Sequence[RowMapping]:
        """Return the rows of a page in their order, as many as `position` says if there are."""

    async def total(self, most: int | None) -> int:
        """Return how many rows there are, or `most` when there are more."""


def _narrow(
    order: Sequence[ColumnElement[Any]], bounds: Sequence[ColumnElement[Any]], size: Any, *, falling: bool
) -> Narrow:
    in_order = order

    def narrow(part: Select[Any], order: Sequence[ColumnElement[Any]] | None = None) -> Select[Any]:
        columns = order or in_order
        part = part.order_by(*(column.desc() if falling else column.asc() for column in columns)).limit(size)
        if not bounds:
            return part
        return part.where(tuple_(*columns) < tuple_(*bounds) if falling else tuple_(*columns) > tuple_(*bounds))

    return narrow


def _page_of_shape(
    make: Callable[..., Select[Any]],
    shape: tuple[Hashable, ...],
    order: Sequence[ColumnElement[Any]],
    falling: bool,  # noqa: FBT001 (part of a shape)
    bounded: bool,  # noqa: FBT001
) -> Select[Any]:
    bounds = [named(f"after_{at}", column.type) for at, column in enumerate(order)] if bounded else ()
    return make(_narrow(order, bounds, named("page_size", Integer()), falling=falling), *shape)


def _count_of(everything: Select[Any], most: ColumnElement[int] | None) -> Select[Any]:
    rows = everything.order_by(None)
    return select(func.count()).select_from((rows if most is None else rows.limit(most)).subquery())


def _count_of_shape(make: Callable[..., Select[Any]], shape: tuple[Hashable, ...], bounded: bool) -> Select[Any]:  # noqa: FBT001
    everything = make(whole, *shape)
    counted = _count_of(everything, named("most_counted", Integer()) if bounded else None)
    return counted.execution_options(**everything.get_execution_options())


def page_of_kept(items: Sequence[Any], arguments: PageArguments, mark: str) -> Page:
    """Return a page of what is kept whole in one value, in its order; each row has an item as `item`.

    Raises BadPage and BadCursor.
    """
    cursor = arguments.before if arguments.is_backward else arguments.after
    rows: list[Any] = [{"place": place, "item": item} for place, item in enumerate(items)]
    if cursor is not None:
        (place,) = decode_cursor(cursor, mark, [int])
        rows = rows[: max(place, 0)] if arguments.is_backward else rows[place + 1 :]

    async def count() -> int:
        return len(items)

    return page_of_rows(rows[::-1] if arguments.is_backward else rows, ["place"], arguments, mark, count)


async def count_of(session: ReadSession, statement: Select[Any] | Shaped, most: int | None = None) -> int:
    """Return how many rows a statement has, or `most` when it has more."""
    if isinstance(statement, Shaped):
        counted = shaped(_count_of_shape, statement.make, statement.shape, most is not None)
        return int(await session.scalar(counted, {**statement.values, "most_counted": most}))
    return int(await session.scalar(_count_of(statement, None if most is None else literal(most))))


def page_of_rows(
    rows: Sequence[RowMapping],
    order: Sequence[str],
    arguments: PageArguments,
    mark: str,
    count: Callable[[], Awaitable[int]],
) -> Page:
    """Return the page of rows that were read as `arguments` go, one more than it has if there are.

    `order` are the names of the order's columns. Raises BadPage.
    """
    size, backward = arguments.size(), arguments.is_backward
    started = (arguments.before if backward else arguments.after) is not None
    more = len(rows) > size
    rows = rows[:size][::-1] if backward else rows[:size]
    cursors = [encode_cursor(mark, [row[name] for name in order]) for row in rows]
    info = PageInfo(
        has_next_page=started if backward else more,
        has_previous_page=more if backward else started,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
    return Page(rows, cursors, info, count)


async def paginate(
    session: ReadSession,
    statement: Select[Any] | Finder | Shaped,
    order: Sequence[ColumnElement[Any]],
    arguments: PageArguments,
    mark: str,
    *,
    descending: bool = False,
    most_counted: int | None = None,
) -> Page:
    """Read one page of `statement` ordered by `order` (non-null columns, the last unique, all selected by it).

    `mark` is the query's `fingerprint`; with `most_counted` the total is that when there are more. Raises BadPage and
    BadCursor.
    """
    size, backward = arguments.size(), arguments.is_backward
    cursor = arguments.before if backward else arguments.after
    falling = descending != backward
    values = decode_cursor(cursor, mark, [column.type.python_type for column in order]) if cursor is not None else ()

    async def read(of: Shaped, /) -> Sequence[RowMapping]:
        page = shaped(_page_of_shape, of.make, of.shape, tuple(order), falling, bool(values))
        bounds = {f"after_{at}": value for at, value in enumerate(values)}
        return await session.rows(page, {**of.values, "page_size": size + 1, **bounds})

    if isinstance(statement, Shaped):
        rows = await read(statement)
    elif isinstance(statement, Select):
        # Of the beginning there are no values.
        bounded = [literal(value, column.type) for value, column in zip(values, order, strict=False)]
        rows = await session.rows(_narrow(order, bounded, size + 1, falling=falling)(statement))
    else:
        rows = await statement.rows(read, Position(values, falling, size + 1))

    async def count() -> int:
        if isinstance(statement, Select | Shaped):
            return await count_of(session, statement, most_counted)
        return await statement.total(most_counted)

    return page_of_rows(rows, [column.name for column in order], arguments, mark, count)
