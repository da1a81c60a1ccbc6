"""How every mutation runs its command: by the one way to mutate, under its own name."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from chassis.graphql.mutate import Outcome, mutate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from uuid import UUID

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.org.graphql.links import Info

A = TypeVar("A")


async def perform(
    info: Info,
    operation: str,
    command: Callable[[WriteSession, Permit, A], Awaitable[UUID]],
    asked: A,
    key: str | None = None,
) -> Outcome:
    """Run `command` with what is `asked`, bound to the idempotency key if there is one; see `mutate`."""
    return await mutate(
        info.context, operation, lambda session, permit: command(session, permit, asked), key=key, asked=asked
    )
