"""The one way a mutation runs: access, transaction, idempotency, audit, commit; or refusal and nothing changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

from chassis.problems import Refused
from chassis.records import claim_key, settle_key, write_audit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from uuid import UUID

    import strawberry

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession
    from chassis.graphql.context import Context
    from chassis.graphql.problems import Problem
    from chassis.identity import Caller

Asked = TypeVar("Asked")


class UnguardedMutation(AssertionError):
    """A mutation's work returned without asking whether the caller may do it where it did it: a fault of ours."""


@dataclass
class Permit:
    """What the work of a mutation is handed: who asks, and the question it must put before it changes anything."""

    context: Context
    operation: str
    asked: bool = False

    @property
    def caller(self) -> Caller:
        """Who asks."""
        return self.context.caller

    def require(self, region_code: str, *, what: str = "it") -> None:
        """Refuse unless the caller may do this operation in `region_code`; see `Access.permit`."""
        self.context.access.permit(self.caller, self.operation, region_code, what=what)
        self.asked = True

    def decided(self) -> None:
        """Say that the service's access.py has decided by a finer rule than role and region."""
        self.asked = True


@dataclass(frozen=True)
class Outcome:
    """The id of the thing changed (None when refused) and the problems (empty when done)."""

    id: UUID | None
    problems: list[Problem] = field(default_factory=list)


async def mutate(
    context: Context,
    operation: str,
    work: Callable[[WriteSession, Permit], Awaitable[UUID]],
    *,
    key: str | None = None,
    asked: Any = None,
) -> Outcome:
    """Run `work(session, permit) -> id of the thing changed` in one transaction.

    `work` must call `permit.require(region_code)` (or decide in access.py and say so by `permit.decided()`), note
    its changes with `session.changed(...)`, append its events, and raise Refused to refuse. With an idempotency
    `key`, `asked` (anything msgspec can encode) is bound to it and a repeated request returns the first one's id.

    Raises the ApiErrors of access and database; in every case of refusal nothing was changed or published.
    """
    context.access.admit(context.caller, operation)
    actor = str(context.caller.subject)
    permit = Permit(context, operation)
    # What was read before this mutation must not be what its answer is read from.
    await context.renew()
    try:
        async with context.database.write(context.caller.scope) as session:
            earlier = await claim_key(session, actor, operation, key, asked) if key is not None else None
            if earlier is not None:
                return Outcome(earlier)
            changed = await work(session, permit)
            if not permit.asked:
                raise UnguardedMutation(operation)
            await write_audit(session, actor, operation)
            if key is not None:
                await settle_key(session, actor, key, changed)
    except Refused as refused:
        return Outcome(None, [context.problem_type.of(refused, context.language)])
    return Outcome(changed)


@runtime_checkable
class Bound(Protocol):
    """What is asked and holds personal data: it says itself what an idempotency key is bound to."""

    def bound(self, cipher: DataCipher) -> Any:
        """Return it without personal data that could be guessed from a digest."""


async def perform(
    info: strawberry.Info[Context, None],
    operation: str,
    command: Callable[[WriteSession, Permit, Asked], Awaitable[UUID]],
    asked: Asked,
    key: str | None = None,
) -> Outcome:
    """Run `command(session, permit, asked)`, what most mutations do; see `mutate`.

    An idempotency `key` is bound to what is asked, or to what that is `bound` to if it holds personal data.
    """
    bound = asked.bound(info.context.cipher) if key is not None and isinstance(asked, Bound) else asked
    return await mutate(
        info.context, operation, lambda session, permit: command(session, permit, asked), key=key, asked=bound
    )
