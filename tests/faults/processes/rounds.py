"""Killing: each round somebody dies by SIGKILL, at random or at a named place, and everything goes on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psutil

from tests.faults.checker import violations
from tests.faults.processes.plant import NODES, Plant

PLACES = {
    "service": (
        "relay: before numbers are committed",
        "relay: after numbers are committed",
        "relay: before publishing",
        "relay: after publishing",
        "relay: before marks are committed",
        "relay: after marks are committed",
    ),
    "consumer": ("consumer: before commit", "consumer: after commit"),
}
_SERVERS = ("postgres", "nats")
_SECONDS_TO_REACH = 8.0


@dataclass
class Report:
    """What was done and found."""

    kills: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    rounds: int = 0
    checks: int = 0
    events: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        lines = [f"  {times:4} x {what}" for what, times in sorted(self.kills.items())]
        told = f"{self.rounds} rounds, {self.events} events, {self.checks} checks in {self.seconds:.0f} s: "
        return "\n".join([*lines, told + (f"{len(self.found)} violations" if self.found else "nothing found")])


async def kill_rounds(
    folder: Path, rounds: int, seed: int, *, check_every: int = 20, say: Callable[[str], None] = lambda _: None
) -> Report:
    """Run rounds on servers and processes of their own in `folder`; the report has what was found."""
    plant, report, started = Plant(folder, Random(seed)), Report(), time.monotonic()  # noqa: S311
    try:
        await plant.start()
        if not await plant.moved_on(0, seconds=90):
            raise TimeoutError("nothing was written at all")
        for number in range(1, rounds + 1):
            before = plant.committed()
            what = await _round(plant, _plan(number, plant.random))
            report.kills[what] += 1
            report.rounds = number
            if not await plant.moved_on(before):
                report.found.append(f"round {number}, {what}: nothing was committed any more")
            if number % check_every == 0 or number == rounds:
                await _check(plant, report)
                say(f"round {number}: {report.events} events, {len(report.found)} violations")
            if report.found:
                break
    finally:
        await plant.stop()
        report.seconds = time.monotonic() - started
    return report


async def _check(plant: Plant, report: Report) -> None:
    try:
        record = await plant.rest()
    except TimeoutError:
        report.found.append(f"round {report.rounds}: it did not come to rest")
        return
    report.checks += 1
    report.events = len(record.committed)
    report.found += [f"round {report.rounds}: {line}" for line in violations(record)]


@dataclass(frozen=True)
class _Plan:
    victim: str
    """`postgres`, `nats`, or a node."""
    killer: str | None = None
    """The node at whose place the victim dies; none for a random moment."""
    place: str | None = None


def _plan(number: int, random: Random) -> _Plan:
    """Choose who dies and where: every kind of victim in turn, every second time at a named place."""
    victim = ("service", "postgres", "consumer", "nats")[number % 4]
    node = random.choice([name for name in NODES if name.startswith(victim)] or [""])
    if random.random() < 0.5:
        return _Plan(node or victim)
    kind = random.choice(("service", "consumer")) if victim in _SERVERS else victim
    killer = node or random.choice([name for name in NODES if name.startswith(kind)])
    return _Plan(node or victim, killer, random.choice(PLACES[kind]))


async def _round(plant: Plant, plan: _Plan) -> str:
    """Kill and start again; return what was done."""
    pid = _pid(plant, plan.victim)
    if plan.killer is None:
        await asyncio.sleep(plant.random.uniform(0.0, 0.6))
        _kill(pid)
        told = f"{plan.victim.partition(' ')[0]} at random"
    else:
        is_itself = plan.killer == plan.victim
        child = plant.start_node(
            plan.killer, place=plan.place, passes=plant.random.randint(1, 4), victim=None if is_itself else pid
        )
        reached = await _is_gone(child.pid if is_itself else pid)
        if not reached:  # the other instance leads
            _kill(child.pid if is_itself else pid)
        told = f"{plan.victim.partition(' ')[0]} at '{plan.place}'" if reached else f"{plan.victim} waiting for a place"
        plant.start_node(plan.killer)
    if plan.victim == "postgres":
        plant.postgres.kill()
        await plant.postgres.start()
    elif plan.victim == "nats":
        plant.nats.kill()
        await plant.nats.start()
    elif plan.killer is None:
        plant.start_node(plan.victim)
    return told


def _pid(plant: Plant, victim: str) -> int:
    servers = {"postgres": plant.postgres.child, "nats": plant.nats.child}
    child = servers.get(victim) or plant.nodes.get(victim)
    if child is None:
        raise LookupError(f"{victim} does not run")
    return child.pid


def _kill(pid: int) -> None:
    """Kill a process with all that it started, as PostgreSQL's are one server."""
    with contextlib.suppress(psutil.Error):
        children = psutil.Process(pid).children(recursive=True)
        for one in [pid, *(child.pid for child in children)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)


async def _is_gone(pid: int) -> bool:
    """Wait for a process to die; tell whether it did."""
    deadline = time.monotonic() + _SECONDS_TO_REACH
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        await asyncio.sleep(0.02)
    return False
