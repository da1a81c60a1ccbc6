"""Run a mutation whose work takes what was asked: what most mutations of property do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from chassis.graphql.mutate import Outcome, Permit, mutate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from uuid import UUID

    from chassis.database import WriteSession
    from services.property.graphql.links import Info

A = TypeVar("A")


async def perform(
    info: Info,
    operation: str,
    work: Callable[[WriteSession, Permit, A], Awaitable[UUID]],
    asked: A,
    key: str | None = None,
) -> Outcome:
    """Run it; an idempotency key is bound to what was asked, by a keyed digest where it holds personal data."""
    bound: Any = asked
    if key is not None and hasattr(asked, "bound"):
        bound = asked.bound(info.context.cipher)
    return await mutate(
        info.context, operation, lambda session, permit: work(session, permit, asked), key=key, asked=bound
    )
