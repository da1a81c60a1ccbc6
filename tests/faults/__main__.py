"""The long forms of the fault tests: `python -m tests.faults simulate|kill`."""
# ruff: noqa: T201 (a program's output)

from __future__ import annotations

import argparse
import asyncio
import logging
import shutil
import sys
from pathlib import Path
from random import SystemRandom

import structlog

from deploy.local.fixtures import ThrowawayFolder
from tests.faults.processes.rounds import kill_rounds
from tests.faults.simulation.run import simulate

_NO_DATA = shutil.ignore_patterns("nats", "postgres", "secrets")


def main() -> int:
    """Run the command line; return 1 when something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    simulating = commands.add_parser("simulate", help="many seeds of outbox, relay, stream and consumers, in memory")
    simulating.add_argument("--seeds", type=int, default=2000)
    simulating.add_argument("--seed", type=int, default=None, help="the first seed; by chance when it is not given")
    simulating.add_argument("--processes", type=int, default=None)
    killing = commands.add_parser("kill", help="kill -9 of PostgreSQL, NATS, services and consumers under load")
    killing.add_argument("--rounds", type=int, default=200)
    killing.add_argument("--seed", type=int, default=None, help="of who dies and where; by chance when not given")
    chosen = parser.parse_args()
    seed = SystemRandom().randrange(10**9) if chosen.seed is None else chosen.seed
    if chosen.command == "kill":
        return _kill(chosen.rounds, seed)
    return _simulate(chosen.seeds, seed, chosen.processes)


def _kill(rounds: int, seed: int) -> int:
    print(f"seed {seed}", flush=True)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with ThrowawayFolder() as folder:
        report = asyncio.run(kill_rounds(folder, rounds, seed, say=lambda line: print(line, flush=True)))
        if report.found:
            print(f"the logs are in {shutil.copytree(folder, Path.cwd() / f'faults-{seed}', ignore=_NO_DATA)}")
    for line in report.found:
        print(line)
    print(report)
    return 1 if report.found else 0


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
