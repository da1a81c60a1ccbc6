"""`python -m tests.bench.city`: measure pages and statistics of a generated city of 2,000 communities and many tickets.

`--tickets 100000 1000000 10000000` measures cities of several sizes and shows them side by side. A city is built when
the folder has none of that size; with `--folder` it stays there for the next time. Answers are checked; a wrong one
ends it with status 1.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from services.tickets.commands.tally import compare_counts
from services.tickets.main import SERVICE as TICKETS
from tests.bench.city.build import build
from tests.bench.city.copying import driver_url
from tests.bench.city.load import Load, run
from tests.bench.city.questions import Asking, pages
from tests.bench.city.running import CityServer

if TYPE_CHECKING:
    from collections.abc import Iterator

_WARM_UP_SECONDS = 10.0
"""A city's server has been asked before: what is read often is in its memory."""
_ASKED = {"at the service": 30.0, "through the gateway": 60.0}
Found = dict[tuple[str, str], Load]


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.city", description=__doc__)
    parser.add_argument("--tickets", type=int, nargs="+", default=[100_000], help="how many tickets (100,000)")
    parser.add_argument("--folder", type=Path, help="where the cities are kept; thrown away when left out")
    parser.add_argument("--rate", type=float, default=50.0, help="requests a second, arriving evenly (50)")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each page is asked for (20)")
    parser.add_argument("--compare", action="store_true", help="compare all kept counts with the tickets too")
    return parser.parse_args()


@contextmanager
def folder_for(kept: Path | None) -> Iterator[Path]:
    """Lend a folder: the one that is kept, or one that is thrown away."""
    if kept is not None:
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="linli-city-") as made:
        yield Path(made)


async def some_tickets(server: CityServer) -> list[str]:
    """Return ids of tickets of everywhere, each with its region code."""
    connection = await asyncpg.connect(driver_url(server.admin_url("tickets")))
    try:
        share = 100 * min(1.0, 4000 / (server.tickets() or 1))
        rows = await connection.fetch(
            f"SELECT id::text || ' ' || region_code AS one FROM ticket TABLESAMPLE BERNOULLI ({share:.4f})"  # noqa: S608
        )
        return [row["one"] for row in rows]
    finally:
        await connection.close()


async def measure(server: CityServer, told: argparse.Namespace) -> Found:
    """Ask for each page, at the service that answers it and through the gateway."""
    found: Found = {}
    ids = await some_tickets(server)
    async with server.serving() as urls:
        for name, (service, at_service, through) in pages(Asking(server.issuer, ids, date.today())).items():  # noqa: DTZ011
            for where, url, ask in (
                ("at the service", urls[service], at_service),
                ("through the gateway", urls["gateway"], through),
            ):
                if ask is not None:
                    await run(url, ask, told.rate, _WARM_UP_SECONDS)
                    found[name, where] = load = await run(url, ask, told.rate, told.seconds)
                    sys.stdout.write(f"  {name} {where}: {_figures(load)}\n")
    return found


def _figures(load: Load) -> str:
    wrong = f", {len(load.wrong)} wrong: {load.wrong[0]}" if load.wrong else ""
    return " / ".join(f"{load.percentile(part):.1f}" for part in (0.5, 0.95, 0.99)) + wrong


async def of_size(folder: Path, count: int, told: argparse.Namespace) -> Found:
    """Measure a city of so many tickets, building it first when it is not there."""
    sys.stdout.write(f"{count:,} tickets\n")
    async with CityServer(folder) as server:
        if server.tickets() != count:
            started = time.monotonic()
            await build(server, count)
            server.note(count)
            sys.stdout.write(f"  built in {time.monotonic() - started:.0f} s\n")
        if told.compare:
            started = time.monotonic()
            runtime = server.runtime(TICKETS)
            said = await compare_counts(runtime)
            await runtime.database.close()
            sys.stdout.write(f"  {said} ({time.monotonic() - started:.0f} s)\n")
        return await measure(server, told)


def report(found: dict[int, Found]) -> bool:
    """Show the sizes side by side; tell whether every answer was right."""
    sizes = sorted(found)
    sys.stdout.write("\nMilliseconds, median / p95 / p99, by number of tickets:\n\n")
    sys.stdout.write("| page | " + " | ".join(f"{size:,}" for size in sizes) + " | p95 asked |\n")
    sys.stdout.write("| --- " * (len(sizes) + 2) + "|\n")
    for name, where in found[sizes[0]]:
        loads = [found[size][name, where] for size in sizes]
        sys.stdout.write(
            f"| {name}, {where} | " + " | ".join(map(_figures, loads)) + f" | < {_ASKED[where]:.0f} ms |\n"
        )
    return not any(load.wrong for one in found.values() for load in one.values())


async def main() -> int:
    """Measure every size; 1 when an answer was wrong."""
    told = arguments()
    found: dict[int, Found] = {}
    with folder_for(told.folder) as folder:
        for count in told.tickets:
            found[count] = await of_size(folder / f"city-{count}", count, told)
    return 0 if report(found) else 1


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(asyncio.run(main()))
