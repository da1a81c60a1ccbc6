"""Reaching, for one statement, beyond what the transaction's scope sees: for what is public, and for families."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from chassis.database import WriteSession

_SCOPE = text("SELECT current_setting('linli.scope', true)")
_WITHIN = text("SELECT set_config('linli.scope', :scope, true)")
_EVERYWHERE = '{""}'


@asynccontextmanager
async def everywhere(session: WriteSession) -> AsyncIterator[None]:
    """Let a transaction see everywhere for a while. Who uses it decides by itself what may be seen."""
    scope = await session.scalar(_SCOPE)
    await session.execute(_WITHIN, {"scope": _EVERYWHERE})
    yield
    # After a fault the transaction is lost, and its scope with it.
    await session.execute(_WITHIN, {"scope": scope or "{}"})
