"""Keep the counts of tickets up, and compare them with the tickets themselves or put them right."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from chassis.database import EVERYWHERE
from chassis.service import Amiss
from services.tickets.commands.actors import now
from services.tickets.storage.tally import differences, fold, mark_overdue, years

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import RowMapping

    from chassis.database import Database
    from chassis.service import Runtime

_SECONDS = 1.0
"""How long notes may lie: each is read with the sums until it is summed up, so few should lie."""
_MOST_SHOWN = 20


async def keep_counts(runtime: Runtime) -> None:
    """Mark what is overdue and sum up what changes noted, until cancelled; of several instances one sums up."""
    while True:
        await mark_all(runtime.database, now())
        await fold_all(runtime.database)
        await asyncio.sleep(_SECONDS)


async def mark_all(database: Database, at: datetime) -> int:
    """Count as overdue all open tickets whose deadline has passed; return how many there were."""
    done = 0
    while True:
        async with database.write(EVERYWHERE) as session:
            found = await mark_overdue(session, at)
        if not found:
            return done
        done += found


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
    """Say that kept counts are those of the tickets. Raises Amiss, which tells where they differ."""
    return await _differences(runtime, repair=False)


async def repair_counts(runtime: Runtime) -> str:
    """Put kept counts right where they differ from the tickets, and tell where they did."""
    return await _differences(runtime, repair=True)


async def _differences(runtime: Runtime, *, repair: bool) -> str:
    async with runtime.database.write(EVERYWHERE) as session:
        counted = await years(session)
    total = 0
    rows: list[RowMapping] = []
    for year in counted:
        async with runtime.database.write(EVERYWHERE) as session:
            found = await differences(session, year, _MOST_SHOWN, repair=repair)
        total += found[0]["total"] if found else 0
        rows += found
    if not total:
        return "every kept count is that of the tickets"
    lines = [
        f"{row['region_code']} {row['span']} {row['starts']} {row['process']} {row['key']}: {row['n']:+d}"
        for row in rows[:_MOST_SHOWN]
    ]
    if total > len(lines):
        lines.append(f"and {total - len(lines)} more")
    told = "\n".join([f"{total} kept counts {'differed' if repair else 'differ'} from the tickets by:", *lines])
    if not repair:
        raise Amiss(told)
    return told
