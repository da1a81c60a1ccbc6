"""A database in memory: transactions, locks that end with them, and ways to fail. No rule of Linli's is in here.

Changes are made at once and undone by a rollback, except new outbox rows, which nobody sees before their commit: all
else is only touched under a lock that the transaction holds, as in the real tables.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.events.tables import outbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Hop = Callable[[], Awaitable[None]]


class ConnectionLostError(OSError):
    """The database is away, or ended this transaction."""


@dataclass
class Row:
    """A row of the outbox."""

    id: int
    event_id: UUID
    aggregate_id: UUID
    aggregate_version: int
    tenant: str
    type: str
    subject: str
    payload: bytes
    entity: str
    created_at: float
    position: int | None = None
    feed_sequence: int | None = None
    stream_seq: int | None = None
    published_at: float | None = None
    attempts: int = 0
    last_error: str | None = None
    held_until: float | None = None


@dataclass
class Database:
    """The tables of one service, and who holds which lock."""

    hop: Hop
    now: Callable[[], float]
    rows: dict[int, Row] = field(default_factory=dict)
    feed: dict[str, int] = field(default_factory=dict)
    numbering: dict[int, dict[int, tuple[int, int]]] = field(default_factory=dict)
    """Positions and feed sequences by id, of each batch by its first position."""
    versions_of_notes: dict[UUID, int] = field(default_factory=dict)
    inbox: set[tuple[str, UUID]] = field(default_factory=set)
    versions: dict[tuple[str, str, str, UUID], int] = field(default_factory=dict)
    positions: dict[str, tuple[str, int]] = field(default_factory=dict)
    effects: list[tuple[str, Any]] = field(default_factory=list)
    dead_letters: list[tuple[str, Any]] = field(default_factory=list)
    locks: dict[object, Transaction] = field(default_factory=dict)
    away: bool = False
    last_id: int = 0
    open: list[Transaction] = field(default_factory=list)

    def crash(self) -> None:
        """End every transaction; what is committed stays."""
        for transaction in list(self.open):
            transaction.abort()


class Transaction:
    """What an AsyncConnection is to the real code; its operations are in `ledger` and `inbox` beside this module."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._undo: list[Callable[[], None]] = []
        self._inserted: list[Row] = []
        self._ended = asyncio.Event()
        self._held: dict[object, None] = {}
        database.open.append(self)

    async def step(self) -> None:
        """Go to the server and back, as each statement does. Raises ConnectionLostError."""
        await self.database.hop()
        if self._ended.is_set() or self.database.away:
            raise ConnectionLostError("the database ended the connection")

    async def execute(self, statement: Any, parameters: Any = None) -> None:
        """Take new rows of the outbox; whatever else the code runs directly sets variables only."""
        await self.step()
        if getattr(statement, "table", None) is outbox:
            self.insert(parameters)

    def insert(self, values: dict[str, Any]) -> None:
        """Add a row, to be seen when committed; its id is given now, as an identity column does."""
        self.database.last_id += 1
        known = {key: value for key, value in values.items() if key != "region_code"}
        self._inserted.append(Row(id=self.database.last_id, created_at=self.database.now(), **known))

    def try_lock(self, key: object) -> bool:
        """Take a lock until the transaction ends, if it is free."""
        if self.database.locks.setdefault(key, self) is not self:
            return False
        self._held[key] = None
        return True

    async def lock(self, key: object) -> None:
        """Wait for a lock and take it."""
        while not self.try_lock(key):
            await self.database.locks[key].ended()
            await self.step()

    async def ended(self) -> None:
        await self._ended.wait()

    def set(self, record: Any, **values: Any) -> None:
        """Change attributes, to be undone by a rollback."""
        before = {name: getattr(record, name) for name in values}
        self._undo.append(lambda: _set_all(record, before))
        for name, value in values.items():
            setattr(record, name, value)

    def put(self, mapping: dict[Any, Any], key: Any, value: Any) -> None:
        """Change a key, to be undone by a rollback."""
        absent = object()
        before = mapping.get(key, absent)
        self._undo.append(lambda: mapping.pop(key, None) if before is absent else mapping.update({key: before}))
        mapping[key] = value

    def add(self, collection: Any, item: Any) -> None:
        """Add to a list or set, to be undone by a rollback."""
        if isinstance(collection, set):
            collection.add(item)
            self._undo.append(lambda: collection.discard(item))
        else:
            collection.append(item)
            self._undo.append(lambda: collection.remove(item))

    async def commit(self) -> None:
        """Make it last. Raises ConnectionLostError when that is refused, or when it is done and the answer is lost."""
        await self.step()
        self.database.rows.update({row.id: row for row in self._inserted})
        self._undo.clear()
        self._end()
        await self.database.hop()
        if self.database.away:
            raise ConnectionLostError("the answer to the commit was lost")

    def abort(self) -> None:
        """Undo everything."""
        if not self._ended.is_set():
            for undo in reversed(self._undo):
                undo()
            self._end()

    def _end(self) -> None:
        self._ended.set()
        for key in self._held:
            del self.database.locks[key]
        self._held.clear()
        self.database.open.remove(self)


def _set_all(record: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)


@dataclass
class Engine:
    """What an AsyncEngine is to the real code: a process's way to the database."""

    database: Database
    own: list[Transaction] = field(default_factory=list)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """Open a transaction that is committed at the end, or rolled back when something is raised."""
        if self.database.away:
            await self.database.hop()
            raise ConnectionLostError("the database is away")
        transaction = Transaction(self.database)
        self.own.append(transaction)
        try:
            yield transaction
            await transaction.commit()
        finally:
            transaction.abort()
            self.own.remove(transaction)

    connect = begin
