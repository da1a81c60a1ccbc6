"""End by itself what is past its last day: recommendations, filings, records of special needs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from chassis.background import for_each
from services.org.commands import filings, recommendations, special_needs
from services.org.domain.periods import today

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date

    from chassis.database import Database
    from chassis.service import Runtime

    Sweep = Callable[[Database, date], Awaitable[int]]

_SWEEP_SECONDS = 600
SWEEPS: tuple[Sweep, ...] = (
    special_needs.erase_overdue,
    recommendations.expire_overdue,
    filings.expire_overdue,
)
"""Each ends some of what is overdue on a day, and says how many."""


async def keep_expiry(runtime: Runtime) -> None:
    """Sweep until cancelled; one that fails holds up no other. Safe in several instances."""

    async def whole(sweep: Sweep) -> None:
        while await sweep(runtime.database, today()):
            pass

    while True:
        await for_each(SWEEPS, whole)
        await asyncio.sleep(_SWEEP_SECONDS)
