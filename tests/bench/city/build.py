"""`python -m tests.bench.city.build --folder FOLDER --tickets N`: a whole city in a PostgreSQL of its own, by COPY.

Every row of org and tickets is what the services would have written: histories are replayed by the rules of their
processes, words indexed, deadlines taken effect; counts are made by the service's own command. Left out are the
events and the audit record. FOLDER is kept, for `python -m tests.bench.city --folder FOLDER`.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from deploy.practices.catalogue import read_practice
from deploy.practices.demonstration import _words, json_lines
from deploy.practices.processes import processes_of
from services.org.commands.import_practice import import_practice
from services.org.main import SERVICE as ORG
from services.tickets.commands.import_tickets import import_tickets
from services.tickets.commands.tally import repair_counts
from services.tickets.domain.records import ProcessRecord
from services.tickets.main import SERVICE as TICKETS
from services.tickets.storage import tables as t
from tests.bench.city import organisation, tickets
from tests.bench.city.copying import copy, driver_url, loading
from tests.bench.city.histories import History, columns, histories
from tests.bench.city.running import CityServer

_PRACTICES = ("huantai", "gusu", "daye", "hongtu", "tongguan")
_COPIED = ", ".join(c.name for c in t.brought.c if c.name not in {"ticket_id", "title", "post_region"})
_BROUGHT = f"""
INSERT INTO brought (ticket_id, title, post_region, {_COPIED})
SELECT DISTINCT id, coalesce(one->>'title', 'team:' || (one->>'team')), left(region_code, digits), {_COPIED}
FROM ticket CROSS JOIN LATERAL jsonb_array_elements(escalated) AS one
JOIN (VALUES ('CITY', 4), ('DISTRICT', 6), ('SUBDISTRICT', 9), ('COMMUNITY', 12), ('GRID', 15)) AS level(name, digits)
  ON name = one->>'level'
WHERE ended_at IS NULL"""  # noqa: S608 (columns of this program's tables)
"""What the trigger would have kept: COPY wrote without it."""
_plan: list[list[list[History]]] = []
"""The histories, made before the processes that write are forked."""


@contextmanager
def _told(what: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    sys.stdout.write(f"  {what}: {time.monotonic() - started:.0f} s\n")
    sys.stdout.flush()


async def build(server: CityServer, count: int) -> None:
    """Fill the databases of a server that has just been made with a city of so many tickets."""
    practices = [read_practice(name) for name in _PRACTICES]
    processes = {one.code: one for practice in practices for one in processes_of(practice)}
    with _told("words and processes"):
        words = server.folder / "words.jsonl"
        words.write_bytes(json_lines(_words(practices[0])))
        await _using(server, ORG, import_practice, words)
        file = server.folder / "processes.jsonl"
        file.write_bytes(json_lines(ProcessRecord(definition=one) for one in processes.values()))
        await _using(server, TICKETS, import_tickets, file)
    with _told("regions, organisations and people"):
        await _organisation(server)
    with _told("histories of tickets"):
        _plan[:] = histories(processes, datetime.now(UTC))
    await _tickets(server, count)
    with _told("counts"):
        await _using(server, TICKETS, lambda runtime, _: repair_counts(runtime), file)


async def _using(server: CityServer, service: Any, work: Any, file: Path) -> None:
    runtime = server.runtime(service)
    try:
        await work(runtime, file)
    finally:
        await runtime.database.close()


async def _organisation(server: CityServer) -> None:
    for name, parts in (("org", organisation.ORG), ("tickets", organisation.TICKETS)):
        url = server.admin_url(name)
        async with loading(url, [table.name for table, _ in parts]):
            for table, rows in parts:
                await copy(url, table.name, organisation.columns_of(rows), organisation.lines_of(table, rows))


async def _tickets(server: CityServer, count: int) -> None:
    url = server.admin_url("tickets")
    loop = asyncio.get_running_loop()
    context = multiprocessing.get_context("fork")
    with _told("indexes of tickets, and all of these"):
        async with loading(url, list(columns())):
            with ProcessPoolExecutor(2, mp_context=context) as pool:
                # What belongs to a ticket refers to it, so that they cannot be emptied at the same time.
                await loop.run_in_executor(pool, _copy_tickets, url, "ticket", count)
                others = [name for name in columns() if name != "ticket"]
                await asyncio.gather(*(loop.run_in_executor(pool, _copy_tickets, url, name, count) for name in others))
    connection = await asyncpg.connect(driver_url(url))
    try:
        await connection.execute(f"SELECT setval('ticket_number', {count})")
        await connection.execute(_BROUGHT)
    finally:
        await connection.close()


def _copy_tickets(url: str, table: str, count: int) -> None:
    """Write one table, in a process of its own."""
    with _told(table):
        asyncio.run(copy(url, table, columns()[table], tickets.lines_of(table, count, _plan)))


async def main() -> None:
    """Build a city and leave it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.city.build", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the server's data go; must be new or empty")
    parser.add_argument("--tickets", type=int, default=100_000, help="how many tickets (100,000)")
    told = parser.parse_args()
    async with CityServer(told.folder) as server:
        await build(server, told.tickets)
        server.note(told.tickets)


if __name__ == "__main__":
    asyncio.run(main())
