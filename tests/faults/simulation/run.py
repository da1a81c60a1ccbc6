"""Many seeds, in as many processes as there are cores."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context

import structlog

from tests.faults.simulation.world import Outcome, run_seed

_SILENT = 50
_SEEDS_AT_ONCE = 25


@dataclass
class Summary:
    """What came of the seeds."""

    seeds: int = 0
    events: int = 0
    seconds: float = 0.0
    places: set[str] = field(default_factory=set)
    failed: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.seeds += 1
        self.events += outcome.events
        self.places |= outcome.places
        if outcome.violations:
            self.failed.append(outcome)

    def __str__(self) -> str:
        rate = self.seeds / self.seconds * 60
        told = f"{self.seeds} seeds, {self.events} events in {self.seconds:.0f} s ({rate:.0f} seeds a minute): "
        return told + (f"{len(self.failed)} seeds failed" if self.failed else "nothing found")


def simulate(seeds: int, first: int, *, processes: int | None = None) -> Summary:
    """Run `seeds` seeds from `first` on."""
    summary, started = Summary(), time.monotonic()
    for outcome in _outcomes(range(first, first + seeds), processes or os.cpu_count() or 1):
        summary.add(outcome)
    summary.seconds = time.monotonic() - started
    return summary


def one(seed: int) -> Outcome:
    """Run a seed without what the real code logs."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(_SILENT))
    try:
        return run_seed(seed)
    finally:
        structlog.configure(**before)


def _some(seeds: range) -> list[Outcome]:
    gc.disable()  # a seed is small, and collecting after each is enough
    found = [one(seed) for seed in seeds]
    gc.collect()
    return found


def _outcomes(seeds: range, processes: int) -> Iterator[Outcome]:
    parts = [seeds[start : start + _SEEDS_AT_ONCE] for start in range(0, len(seeds), _SEEDS_AT_ONCE)]
    if processes == 1:
        for part in parts:
            yield from _some(part)
        return
    with get_context("spawn").Pool(processes) as pool:
        for outcomes in pool.imap(_some, parts):
            yield from outcomes
