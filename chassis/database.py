"""Database sessions: one transaction a request, committed once at the edge, scoped by row-level security.

A `ReadSession` cannot write and a `WriteSession` can; they are different types, so that a reader that is handed to a
writer's helper is a type error. Resolvers and commands never commit: leaving the `async with` block does, and an
exception rolls everything back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Executable, event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from chassis import direct
from chassis.built import built
from chassis.errors import BadRequest, Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from sqlalchemy import CursorResult, RowMapping
    from sqlalchemy.engine import ExceptionContext

S = TypeVar("S", bound=Executable)
EVERYWHERE: tuple[str, ...] = ("",)
"""The scope of the service itself: sweeps, reactions, imports."""

_UNSTORABLE_TEXT = "22021"
_AWAY = ("08", "57P")
"""Classes of SQLSTATE: connection, shutdown (PostgreSQL, appendix A). A connection that is lost while it is being made
is told by nothing else."""
_PATIENCE_SECONDS = 5.0
_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_BEGIN_WRITING = "BEGIN"
_PLANS = {
    True: "SET LOCAL plan_cache_mode = force_generic_plan",
    False: "SET LOCAL plan_cache_mode = force_custom_plan",
}


def keeps_plan(statement: S) -> S:
    """Return a statement whose plan fits all values, where others are planned for theirs (`plans_by_value`)."""
    kept: S = statement.execution_options(keeps_plan=True)
    return kept


def scope_literal(scope: Sequence[str]) -> str:
    """Return the PostgreSQL text[] literal that row-level security reads; prefixes are digits only."""
    if any(prefix and not (prefix.isascii() and prefix.isdigit()) for prefix in scope):
        raise ValueError("a scope prefix has digits only")
    return "{" + ",".join(f'"{prefix}"' for prefix in scope) + "}"


@contextmanager
def refused_or_away() -> Iterator[None]:
    """Turn what PostgreSQL says of a value or of itself into what a caller is told.

    Raises BadRequest for text that it cannot hold (SQLSTATE 22021: U+0000), Unavailable when it is away.
    """
    try:
        yield
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None) or ""
        if state == _UNSTORABLE_TEXT:
            raise BadRequest(reason="A text has the character U+0000, which cannot be stored.") from error
        is_away = error.connection_invalidated or state.startswith(_AWAY)
        if is_away or isinstance(error, OperationalError | InterfaceError):
            raise Unavailable from error
        raise
    except (PoolTimeoutError, PendingRollbackError) as error:
        # The last: the connection was lost under an earlier statement of the same transaction.
        raise Unavailable from error


def _by_driver(context: ExceptionContext) -> None:
    """Mark what broke under a statement as the database's; what else a transaction calls may also raise OSError."""
    error = context.original_exception
    if isinstance(error, OSError):
        raise InterfaceError(context.statement, None, error) from error


class ReadSession:
    """A read-only snapshot of what the scope may see; concurrent resolvers take turns on its connection."""

    def __init__(self, connection: AsyncConnection, *, plans_by_value: bool = False) -> None:
        self.connection = connection
        self._turn = asyncio.Lock()
        self._keeps_plans = False if plans_by_value else None
        """Whether the transaction keeps plans now; None: PostgreSQL chooses."""

    async def execute(
        self,
        statement: Executable,
        parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> CursorResult[Any] | direct.Answer:
        """Run a statement and return its buffered result."""
        plain = direct.plain(statement)
        if plain is None or plain.kind is direct.Kind.OTHER or isinstance(parameters, Sequence):
            async with self._in_turn(statement):
                return await self.connection.execute(statement, parameters)
        async with self._in_turn(statement):
            return await direct.run(self.connection, plain, parameters)

    async def rows(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Sequence[RowMapping]:
        """Return all rows."""
        return (await self._read(statement, parameters)).mappings().all()

    async def row(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> RowMapping | None:
        """Return the first row or None."""
        return (await self._read(statement, parameters)).mappings().first()

    async def scalar(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Any:
        """Return the first column of the first row, or None."""
        return (await self._read(statement, parameters)).scalar()

    async def _read(
        self, statement: Executable, parameters: Mapping[str, Any] | None
    ) -> CursorResult[Any] | direct.Answer:
        plain = direct.plain(statement)
        if plain is not None:
            async with self._in_turn(statement):
                return await direct.run(self.connection, plain, parameters)
        select = built(statement, parameters)
        if select is None:
            return await self.execute(statement, parameters)
        async with self._in_turn(statement):
            return await direct.fetch(self.connection, select)

    @asynccontextmanager
    async def _in_turn(self, statement: Executable) -> AsyncIterator[None]:
        """Wait for the connection, and have it plan as the statement wants."""
        async with self._turn:
            with refused_or_away():
                if self._keeps_plans is not None:
                    keeps = "keeps_plan" in statement.get_execution_options()
                    if keeps is not self._keeps_plans:
                        await direct.command(self.connection, _PLANS[keeps])
                        self._keeps_plans = keeps
                yield


@dataclass(frozen=True, slots=True)
class Change:
    """What a mutation changed, for the audit record."""

    kind: str
    id: str
    region_code: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    """Names and new values of what changed; personal data only by name, with the value left out (None)."""


class WriteSession(ReadSession):
    """A transaction that may write; what it changed is told with `changed` and lands in the audit record."""

    def __init__(self, connection: AsyncConnection, *, plans_by_value: bool = False) -> None:
        super().__init__(connection, plans_by_value=plans_by_value)
        self.changes: list[Change] = []

    def changed(self, kind: str, id_: object, region_code: str, /, **fields: Any) -> None:
        """Note a change for the audit record, which is written with it or not at all."""
        self.changes.append(Change(kind, str(id_), region_code, fields))


class Database:
    """The service's own database, by the role that serves requests."""

    def __init__(
        self,
        url: str,
        *,
        name: str,
        pool_size: int = 10,
        statement_seconds: float = 10.0,
        idle_seconds: float = 15.0,
        plans_by_value: bool = False,
    ) -> None:
        """Connect when first used.

        `idle_seconds` is how long a transaction may wait for us before PostgreSQL ends it; `plans_by_value` has each
        statement planned for its values but those of `keeps_plan`: one for any prefix is wrong for most (0097).
        """
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            connect_args={
                "timeout": 10,
                # PostgreSQL ends what takes too long; this is for a connection on which nothing comes any more.
                "command_timeout": statement_seconds + _PATIENCE_SECONDS,
                "server_settings": {
                    "application_name": name,
                    "timezone": "UTC",
                    "statement_timeout": str(int(statement_seconds * 1000)),
                    "lock_timeout": "5000",
                    "plan_cache_mode": "force_custom_plan" if plans_by_value else "auto",
                    # No statement of a request is worth compiling.
                    "jit": "off",
                    "idle_in_transaction_session_timeout": str(int(idle_seconds * 1000)),
                },
            },
        )
        event.listen(self.engine.sync_engine, "handle_error", _by_driver)
        # Sessions begin and end their transactions themselves: with the scope, in one message to the server.
        self._kept = pool_size
        self._plans_by_value = plans_by_value
        self._sessions = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.after_commit: list[Callable[[], None]] = []
        """Called after each committed write: how the relay learns at once that there is something to publish."""

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()

    async def is_reachable(self) -> bool:
        """Tell whether the database answers."""
        try:
            async with self._transaction(_BEGIN_READING, ()):
                pass
        except Unavailable:
            return False
        return True

    async def _begin(self, begin: str, scope: Sequence[str]) -> AsyncConnection:
        """Lend a connection in a transaction that has begun in `scope`."""
        begin = f"{begin}; SET LOCAL linli.scope = '{scope_literal(scope)}'"
        for left in range(self._kept, -1, -1):
            try:
                connection = await self._sessions.connect()
            except OSError as error:
                raise Unavailable from error
            try:
                await direct.command(connection, begin)
            except BaseException as error:
                await connection.close()
                # Kept connections do not outlive a restart of the server; a new one shows whether it is back.
                if not left or not (isinstance(error, DBAPIError) and error.connection_invalidated):
                    raise
            else:
                return connection
        raise Unavailable

    @asynccontextmanager
    async def _transaction(self, begin: str, scope: Sequence[str]) -> AsyncIterator[AsyncConnection]:
        """Lend a connection in a transaction; what says that the database is away becomes Unavailable."""
        with refused_or_away():
            connection = await self._begin(begin, scope)
            try:
                yield connection
                if begin == _BEGIN_WRITING:
                    await direct.command(connection, "COMMIT")
                else:
                    # What was read was read: a connection that was lost since does not undo the answer.
                    await direct.roll_back(connection)
            except BaseException:
                await direct.roll_back(connection)
                raise
            finally:
                await connection.close()

    @asynccontextmanager
    async def read(self, scope: Sequence[str]) -> AsyncIterator[ReadSession]:
        """Open a read-only snapshot of what `scope` (region prefixes) may see. Raises Unavailable."""
        async with self._transaction(_BEGIN_READING, scope) as connection:
            yield ReadSession(connection, plans_by_value=self._plans_by_value)

    @asynccontextmanager
    async def write(self, scope: Sequence[str]) -> AsyncIterator[WriteSession]:
        """Open a transaction limited to `scope`; commits on leaving, rolls back on an exception. Raises Unavailable."""
        async with self._transaction(_BEGIN_WRITING, scope) as connection:
            yield WriteSession(connection, plans_by_value=self._plans_by_value)
        for callback in self.after_commit:
            callback()
