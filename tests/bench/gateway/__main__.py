"""`python -m tests.bench.gateway`: measure Linli's gateway beside the Node gateways. See docs/performance.md."""

from __future__ import annotations

import argparse
import signal
import sys

import uvloop
from rich.console import Console

from tests.bench.gateway import peers
from tests.bench.gateway.data import choose
from tests.bench.gateway.gateways import KINDS, Kind
from tests.bench.gateway.measure import Bench, Options
from tests.bench.gateway.report import keep, show

MOST_ROUNDS = 50
MOST_SECONDS = 60.0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.gateway", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of which the medians are told (5)")
    parser.add_argument("--seconds", type=float, default=3.0, help="seconds of each measurement (3)")
    parser.add_argument("--connections", type=int, default=50, help="connections that ask (50)")
    names = ", ".join(kind.name for kind in KINDS)
    parser.add_argument("--only", default="", help=f"gateways by comma, also the beginning of names: {names}")
    parser.add_argument("--query", choices=["large", "small"], help="only this query")
    parser.add_argument("--data", choices=["own", "shared"], help="the data (shared where present, else own)")
    told = parser.parse_args()
    told.rounds = max(1, min(MOST_ROUNDS, told.rounds))
    told.seconds = max(0.1, min(MOST_SECONDS, told.seconds))
    return told


def chosen(only: str) -> list[Kind]:
    """Return the gateways whose names begin with one of the words, all without words."""
    words = tuple(word.strip() for word in only.split(",") if word.strip())
    return [kind for kind in KINDS if not words or kind.name.startswith(words)]


async def main(console: Console) -> int:
    """Measure, tell, keep; 1 when Linli was left out or any answer was wrong."""
    told = arguments()
    kinds, missing = chosen(told.only), {}
    folder = None
    if any(kind.is_peer for kind in kinds):
        try:
            folder = peers.installed()
        except peers.NoPeersError as reason:
            missing = {kind.name: str(reason) for kind in kinds if kind.is_peer}
            kinds = [kind for kind in kinds if not kind.is_peer]
    data = choose(told.data)
    options = Options(told.rounds, told.seconds, told.connections, [told.query] if told.query else list(data.queries))
    console.print(f"data: {data.name}", highlight=False)
    async with Bench(
        data, kinds, folder, lambda line: console.print(line, highlight=False, markup=False, soft_wrap=True)
    ) as bench:
        samples = await bench.measure(options)
    left_out = missing | bench.left_out
    show(console, samples, left_out)
    console.print(f"kept in {keep(samples, left_out, data.name, options)}", highlight=False)
    return int(any(sample.wrong for sample in samples) or any(name.startswith("linli") for name in left_out))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(uvloop.run(main(Console(width=None if sys.stdout.isatty() else 120))))
