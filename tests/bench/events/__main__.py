"""`python -m tests.bench.events`: how fast events get out, beside what bare clients of the same servers reach.

PostgreSQL (which keeps what it commits) and NATS of its own; about a minute. See docs/performance.md.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from typing import TYPE_CHECKING

import structlog
import uvloop
from rich.console import Console
from rich.table import Table

from deploy.local.fixtures import ThrowawayFolder
from tests.bench.events.bare import publish_bare, write_bare
from tests.bench.events.measure import Latency, latency, relayed, written
from tests.bench.events.plant import Plant

if TYPE_CHECKING:
    from pathlib import Path

MOST_SECONDS = 60.0
_SILENT = 50


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.events", description=__doc__)
    parser.add_argument("--events", type=int, default=40_000, help="events that the relay publishes at one go (40000)")
    parser.add_argument("--rate", type=int, default=1_000, help="events a second while latency is measured (1000)")
    parser.add_argument("--seconds", type=float, default=10.0, help="seconds for which latency is measured (10)")
    parser.add_argument("--sync", choices=["2m", "always"], action="append", help="sync_interval of NATS (both)")
    told = parser.parse_args()
    told.events = max(1_000, min(1_000_000, told.events))
    told.seconds = max(1.0, min(MOST_SECONDS, told.seconds))
    told.sync = told.sync or ["2m", "always"]
    return told


async def _measure(folder: Path, sync: str, told: argparse.Namespace) -> dict[str, float | Latency]:
    """Measure under one `sync_interval`; rates are events a second."""
    async with Plant(folder / sync, sync) as plant:
        found: dict[str, float | Latency] = {
            "written": await written(plant, told.events),
            "a bare writer": await write_bare(plant, told.events),
            "relayed": await relayed(plant, told.events),
            "a bare publisher": await publish_bare(plant, told.events),
        }
        found["latency"] = await latency(plant, told.rate, told.seconds)
    return found


def show(console: Console, sync: str, found: dict[str, float | Latency]) -> None:
    """Print rates with their ratios to the limit, and the latency."""
    table = Table(title=f"sync_interval {sync}", title_justify="left")
    for name in ("what", "events a second", "ratio to the limit"):
        table.add_column(name, justify="left" if name == "what" else "right")
    for what, limit in (("written", "a bare writer"), ("relayed", "a bare publisher")):
        rate, most = found[what], found[limit]
        assert isinstance(rate, float)
        assert isinstance(most, float)
        table.add_row(f"{what} in bulk", f"{rate:,.0f}", f"{rate / most:.2f}")
        table.add_row(f"  {limit}", f"{most:,.0f}", "1")
    console.print(table)
    console.print(f"commit to subscriber: {found['latency']}", highlight=False)


async def main(console: Console) -> int:
    """Measure and tell."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(_SILENT))
    logging.disable(logging.CRITICAL)
    told = arguments()
    for sync in told.sync:
        with ThrowawayFolder() as folder:
            show(console, sync, await _measure(folder, sync, told))
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(uvloop.run(main(Console(width=None if sys.stdout.isatty() else 120))))
