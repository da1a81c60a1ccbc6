"""A request's snapshot of the database: one connection, read in each scope that its resolvers ask for, by turns.

With a connection for each scope, requests would hold one while they wait for a second, and as many as there are
connections would wait for each other.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from chassis.database import ReadSession, scope_literal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from sqlalchemy import CursorResult, Executable, RowMapping

    from chassis.direct import Answer

    Scope = tuple[str, ...]

_SET_SCOPE = text("SELECT set_config('linli.scope', :scope, true)")


class Snapshot:
    """What a session that was opened in one scope shows to several."""

    def __init__(self, session: ReadSession, scope: Scope) -> None:
        self.session = session
        self._scope: Scope | None = scope
        """In which its transaction is now; None when that is not known."""
        self._turn = asyncio.Lock()

    def seen_in(self, scope: Scope) -> ReadSession:
        """Return the session by which the snapshot is read in a scope."""
        return _View(self, scope)

    @asynccontextmanager
    async def turned_to(self, scope: Scope) -> AsyncIterator[ReadSession]:
        """Lend the session, in a scope and to nobody else."""
        async with self._turn:
            if scope != self._scope:
                self._scope = None
                await self.session.execute(_SET_SCOPE, {"scope": scope_literal(scope)})
                self._scope = scope
            yield self.session


class _View(ReadSession):
    def __init__(self, snapshot: Snapshot, scope: Scope) -> None:
        super().__init__(snapshot.session.connection)
        self._snapshot = snapshot
        self._scope = scope

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any] | Answer:
        async with self._snapshot.turned_to(self._scope) as session:
            return await session.execute(statement, parameters)

    async def rows(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Sequence[RowMapping]:
        async with self._snapshot.turned_to(self._scope) as session:
            return await session.rows(statement, parameters)

    async def row(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> RowMapping | None:
        async with self._snapshot.turned_to(self._scope) as session:
            return await session.row(statement, parameters)

    async def scalar(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Any:
        async with self._snapshot.turned_to(self._scope) as session:
            return await session.scalar(statement, parameters)
