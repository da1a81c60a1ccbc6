"""What follows from a change in the caller's scope and lies out of it: there the transaction sees everywhere."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy import text

from chassis.database import EVERYWHERE, scope_literal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from chassis.database import WriteSession

_SCOPE = text("SELECT current_setting('linli.scope')")
_SET_SCOPE = text("SELECT set_config('linli.scope', :scope, true)")


@asynccontextmanager
async def everywhere(session: WriteSession) -> AsyncIterator[None]:
    """Let statements inside see and change rows of every region; afterwards the scope is the caller's again.

    Only for what follows from something that the caller was permitted to do, found by its id: as the membership of a
    merged organisation in an alliance above. On an exception the whole transaction is rolled back.
    """
    scope = await session.scalar(_SCOPE)
    await session.execute(_SET_SCOPE, {"scope": scope_literal(EVERYWHERE)})
    yield
    await session.execute(_SET_SCOPE, {"scope": scope})
