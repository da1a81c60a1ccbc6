"""The long forms of the fault tests: `python -m tests.faults simulate|kill`."""
# ruff: noqa: T201 (a program's output)

from __future__ import annotations

import argparse
import sys
from random import SystemRandom

from tests.faults.simulation.run import simulate


def main() -> int:
    """Run the command line; return 1 when something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    simulating = commands.add_parser("simulate", help="many seeds of outbox, relay, stream and consumers, in memory")
    simulating.add_argument("--seeds", type=int, default=2000)
    simulating.add_argument("--seed", type=int, default=None, help="the first seed; by chance when it is not given")
    simulating.add_argument("--processes", type=int, default=None)
    chosen = parser.parse_args()
    seed = SystemRandom().randrange(10**9) if chosen.seed is None else chosen.seed
    return _simulate(chosen.seeds, seed, chosen.processes)


def _simulate(seeds: int, first: int, processes: int | None) -> int:
    print(f"seeds {first} to {first + seeds - 1}", flush=True)
    summary = simulate(seeds, first, processes=processes)
    for outcome in summary.failed:
        print(f"seed {outcome.seed}: run it again with --seeds 1 --seed {outcome.seed} --processes 1")
        for line in outcome.violations:
            print(f"  {line}")
    print(summary)
    return 1 if summary.failed else 0


if __name__ == "__main__":
    sys.exit(main())
