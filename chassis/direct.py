"""Plain SQL straight to the driver: what most statements of a request are, without the toolkit's fixed cost.

SQLAlchemy takes several times as long over a small statement as asyncpg, which does the work. So a `text()` whose
parameters have no types of their own goes to asyncpg, on the connection that SQLAlchemy lends and in its transaction;
everything else goes the usual way. Rows and errors are SQLAlchemy's in both.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from asyncpg import IntegrityConstraintViolationError, InternalClientError, PostgresError, SyntaxOrAccessError
from asyncpg import InterfaceError as DriverInterfaceError
from sqlalchemy import TextClause, text
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.types import NullType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import asyncpg
    from sqlalchemy import Executable
    from sqlalchemy.ext.asyncio import AsyncConnection

    from chassis.built import Built

_DIALECT = dialect()  # type: ignore[no-untyped-call]
_NO_NAMES = ("",)
"""The driver tells no names of a result without rows, and SQLAlchemy wants one to find none of it."""
_NOTHING = text("SELECT")
_WORD = re.compile(r"'[^']*'|[()]|\b(?:SELECT|INSERT|UPDATE|DELETE|RETURNING)\b")
_ERRORS = (PostgresError, DriverInterfaceError, InternalClientError, OSError)
_KINDS = ((IntegrityConstraintViolationError, IntegrityError), (SyntaxOrAccessError, ProgrammingError))
_AWAY = ("08", "57P")
"""Classes of SQLSTATE (PostgreSQL, appendix A)."""


class Answer(IteratorResult[Any]):
    """The rows of a statement, and how many it found or changed."""

    def __init__(self, names: Sequence[str], rows: Sequence[tuple[Any, ...]], rowcount: int) -> None:
        super().__init__(SimpleResultMetaData(names), iter(rows))
        self.rowcount = rowcount
        self.returns_rows = bool(names)


class Kind(Enum):
    """What comes back of a statement."""

    ROWS = auto()
    COUNT = auto()
    """How many rows were changed, and none of them."""
    OTHER = auto()
    """Neither reads nor changes rows."""


class Plain(NamedTuple):
    """A statement as the driver takes it, with the names of its parameters in their order."""

    sql: str
    names: tuple[str, ...]
    kind: Kind

    def values(self, parameters: Mapping[str, Any] | None) -> list[Any]:
        """Return the parameters in their order. Raises KeyError when one is missing."""
        return [parameters[name] for name in self.names] if parameters else []


_plain: WeakKeyDictionary[TextClause, Plain | None] = WeakKeyDictionary()


def plain(statement: Executable) -> Plain | None:
    """Return a statement as the driver takes it, or None when SQLAlchemy has more to do for it."""
    if type(statement) is not TextClause:
        return None
    try:
        return _plain[statement]
    except KeyError:
        compiled = statement.compile(dialect=_DIALECT)
        sql = compiled.string
        if all(isinstance(bind.type, NullType) and not bind.expanding for bind in compiled.binds.values()):
            names = tuple(compiled.positiontup or ())
            found = Plain(sql, names, _kind(sql))
        else:
            found = None
        _plain[statement] = found
        return found


def prepared(sql: str) -> Plain:
    """Return SQL with `:names` for parameters as the driver takes it."""
    found = plain(text(sql))
    if found is None:
        raise ValueError("parameters have no types of their own")
    return found


async def run(connection: AsyncConnection, statement: Plain, parameters: Mapping[str, Any] | None) -> Answer:
    """Run a statement in the transaction that the connection is in. Raises what SQLAlchemy raises."""
    values = statement.values(parameters)
    if statement.kind is Kind.COUNT:
        status: str = await _asked(connection, statement.sql, values, counts=True)
        return Answer((), (), int(status.rpartition(" ")[2]))
    records = await _asked(connection, statement.sql, values)
    names = tuple(records[0].keys()) if records else _NO_NAMES
    return Answer(names, [tuple(record) for record in records], len(records))


async def fetch(connection: AsyncConnection, statement: Built) -> Answer:
    """Read a built statement in the transaction that the connection is in. Raises what SQLAlchemy raises."""
    records = await _asked(connection, statement.sql, statement.values)
    return Answer(statement.columns.names, [statement.row(record) for record in records], len(records))


async def _asked(connection: AsyncConnection, sql: str, values: Sequence[Any], *, counts: bool = False) -> Any:
    """Return the driver's records, or its status when only the rows that were changed are counted."""
    driver = _driver(connection)
    if not driver.is_in_transaction():
        await connection.execute(_NOTHING)  # SQLAlchemy begins a transaction with its first statement
    try:
        return await (driver.execute if counts else driver.fetch)(sql, *values)
    except _ERRORS as error:
        raise await _told(connection, sql, error) from error


async def command(connection: AsyncConnection, sql: str) -> None:
    """Run SQL of one or several commands, without parameters. Raises what SQLAlchemy raises."""
    try:
        await _driver(connection).execute(sql)
    except _ERRORS as error:
        raise await _told(connection, sql, error) from error


async def roll_back(connection: AsyncConnection) -> None:
    """End a transaction that failed; a connection on which that fails too is not lent again."""
    if connection.invalidated:
        return
    try:
        await _driver(connection).execute("ROLLBACK")
    except BaseException as error:
        await connection.invalidate()
        if not isinstance(error, _ERRORS):
            raise


def _kind(sql: str) -> Kind:
    """Tell by the words outside all brackets: the first is what the statement does."""
    depth, words = 0, []
    for word in _WORD.findall(sql):
        depth += (word == "(") - (word == ")")
        if depth == 0 and word.isalpha():
            words.append(word)
    if not words:
        return Kind.OTHER
    return Kind.ROWS if words[0] == "SELECT" or "RETURNING" in words else Kind.COUNT


def _driver(connection: AsyncConnection) -> asyncpg.Connection:
    lent: Any = connection.sync_connection
    driver: asyncpg.Connection = lent.connection.driver_connection
    return driver


async def _told(connection: AsyncConnection, sql: str, error: Exception) -> DBAPIError:
    """Return what SQLAlchemy raises for an error of the driver; a lost connection is not lent again."""
    if isinstance(error, PostgresError):
        state = error.sqlstate or ""
        if not state.startswith(_AWAY):
            kind = next((told for driver, told in _KINDS if isinstance(error, driver)), DBAPIError)
            return kind(sql, None, error)
    elif isinstance(error, ValueError):
        return DBAPIError(sql, None, error)
    if not connection.invalidated:
        await connection.invalidate(error)
    lost = OperationalError if isinstance(error, PostgresError) else InterfaceError
    return lost(sql, None, error, connection_invalidated=True)
