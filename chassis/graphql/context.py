"""What a resolver has at hand: who calls, in which language, a snapshot of the database, batching loaders."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from strawberry.dataloader import DataLoader

from chassis.database import EVERYWHERE
from chassis.graphql.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, Sequence
    from types import TracebackType

    from chassis.access import Access
    from chassis.cipher import DataCipher
    from chassis.database import Database, ReadSession
    from chassis.graphql.problems import Problem
    from chassis.identity import Caller

K = TypeVar("K", bound="Hashable")
V = TypeVar("V")


@dataclass
class Context:
    """One request's context; use as `async with`: it gives the snapshot back at the end."""

    caller: Caller
    language: str
    """`zh-CN` or `en`."""
    database: Database
    access: Access
    problem_type: type[Problem]
    cipher: DataCipher
    request_id: str
    extras: Any = None
    """What the service's composition root put there for its own resolvers."""
    _loaders: dict[Any, DataLoader[Any, Any]] = field(default_factory=dict)
    _made: dict[Any, Any] = field(default_factory=dict)
    _snapshot: Snapshot | None = None
    _sessions: dict[tuple[str, ...], ReadSession] = field(default_factory=dict)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.renew()

    async def read(self) -> ReadSession:
        """Return this request's snapshot in the caller's scope; the same one for every resolver.

        Raises Unavailable when the database is away.
        """
        return await self._session(self.caller.scope)

    async def read_public(self) -> ReadSession:
        """Return the same snapshot without a scope, for what everyone may see: the query must choose only that."""
        return await self._session(EVERYWHERE)

    async def _session(self, scope: tuple[str, ...]) -> ReadSession:
        session = self._sessions.get(scope)
        if session is not None:
            return session
        # Resolvers that run beside each other wait for one connection instead of taking one each.
        async with self._opening:
            if self._snapshot is None:
                self._snapshot = Snapshot(await self._stack.enter_async_context(self.database.read(scope)), scope)
            return self._sessions.setdefault(scope, self._snapshot.seen_in(scope))

    def remembered(self, make: Callable[[], V]) -> V:
        """Return what `make` returned when this request first asked for it."""
        if make not in self._made:
            self._made[make] = make()
        return cast("V", self._made[make])

    async def renew(self) -> None:
        """Drop the snapshot and what was loaded, so that what a mutation just committed is seen."""
        self._snapshot = None
        self._sessions.clear()
        self._loaders.clear()
        self._made.clear()
        await self._stack.aclose()
        self._stack = AsyncExitStack()

    def loader(
        self, load: Callable[[ReadSession, list[K]], Awaitable[Sequence[V]]], *, public: bool = False
    ) -> DataLoader[K, V]:
        """Return this request's batching loader for `load(session, keys)`, which answers in the order of the keys.

        With `public` it reads without a scope, as `read_public`.
        """
        read = self.read_public if public else self.read

        async def batch(keys: list[K]) -> list[V]:
            return list(await load(await read(), keys))

        if (load, public) not in self._loaders:
            self._loaders[load, public] = DataLoader(load_fn=batch)
        return self._loaders[load, public]
