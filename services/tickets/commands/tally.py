"""Keep the counts of tickets up, and compare them with the tickets themselves or put them right."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from chassis.database import EVERYWHERE
from chassis.errors import Unavailable
from services.tickets.storage.tally import differences, fold

if TYPE_CHECKING:
    from chassis.database import Database
    from chassis.service import Runtime

_log = structlog.get_logger(__name__)
_SECONDS = 1.0
"""How long notes may lie: each is read with the sums until it is summed up, so few should lie."""
_MOST_SHOWN = 20


async def keep_counts(runtime: Runtime) -> None:
    """Sum up what changes noted, until cancelled; in several instances one does it at a time."""
    while True:
        try:
            await fold_all(runtime.database)
        except Unavailable:
            _log.warning("the database is away; notes of counts wait")
        except Exception:  # noqa: BLE001 (whatever it was, notes stay and are tried again)
            _log.exception("counts were not summed up; it is tried again")
        await asyncio.sleep(_SECONDS)


async def fold_all(database: Database) -> int:
    """Sum up all notes, in as many transactions as it takes; return how many there were."""
    done = 0
    while True:
        async with database.write(EVERYWHERE) as session:
            found = await fold(session)
        if not found:
            return done
        done += found


async def compare_counts(runtime: Runtime) -> str:
    """Tell where kept counts differ from the tickets."""
    return await _differences(runtime, repair=False)


async def repair_counts(runtime: Runtime) -> str:
    """Put kept counts right where they differ from the tickets, and tell where they did."""
    return await _differences(runtime, repair=True)


async def _differences(runtime: Runtime, *, repair: bool) -> str:
    async with runtime.database.write(EVERYWHERE) as session:
        rows = await differences(session, repair=repair)
    if not rows:
        return "every kept count is that of the tickets"
    lines = [
        f"{row['region_code']} {row['span']} {row['starts']} {row['process']} {row['key']}: {row['n']:+d}"
        for row in rows[:_MOST_SHOWN]
    ]
    if len(rows) > _MOST_SHOWN:
        lines.append(f"and {len(rows) - _MOST_SHOWN} more")
    return "\n".join([f"{len(rows)} kept counts {'differed' if repair else 'differ'} from the tickets by:", *lines])
