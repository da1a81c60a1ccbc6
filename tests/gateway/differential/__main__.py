"""`python -m tests.gateway.differential`: the differential test for as long as one has patience.

Every operation is answered by graphql-core on the whole schema and by each executor on the cut one. What differs is
told with its seed, which makes it again; the exit code is 1 then.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import count, islice

import uvloop
from rich.console import Console
from rich.progress import Progress

from tests.gateway.differential.compare import EXECUTORS, differences

A_GRAPH = 200
"""Operations on one graph: making one takes as long as some of them."""


VALIDATE_EACH = 20


def one(seed: int) -> list[str]:
    """Compare operations on the graph of a seed, in a process of its own."""
    return uvloop.run(differences(seed, A_GRAPH, validate_each=VALIDATE_EACH))


def main() -> int:
    """Compare; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.gateway.differential", description=__doc__)
    parser.add_argument("--operations", type=int, default=10_000, help="operations to compare, about")
    parser.add_argument("--seed", type=int, default=0, help="the first graph")
    parser.add_argument("--processes", type=int, default=1)
    told = parser.parse_args()
    console = Console(stderr=True)
    compared, found, started = 0, [], time.monotonic()
    seeds = count(told.seed)
    last = told.seed
    with Progress(console=console, transient=True) as progress, ProcessPoolExecutor(told.processes) as pool:
        task = progress.add_task("operations", total=told.operations)
        while compared < told.operations:
            graphs = min(told.processes * 16, -((compared - told.operations) // A_GRAPH))
            for differing in pool.map(one, islice(seeds, graphs)):
                compared += A_GRAPH
                found += differing
                last += 1
                progress.update(task, completed=compared)
                for each in differing:
                    console.print(each, highlight=False, markup=False, soft_wrap=True)
    rate = compared / (time.monotonic() - started)
    outcome = f"{len(found)} differ" if found else "nothing differs"
    names = " and ".join(EXECUTORS)
    sys.stdout.write(
        f"{compared} operations on graphs {told.seed} to {last - 1}, each by {names}: {outcome}; {rate:.0f} a second\n"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
