"""The result of a run: medians, ratios, a table and a JSON file."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.gateway.gateways import KINDS
from tests.bench.gateway.measure import Options, Sample

RESULTS = Path(__file__).parents[3] / "bench-results"
BY_NAME = {kind.name: kind for kind in KINDS}
MEASURES = ("rate", "p50_ms", "p99_ms", "subgraph_requests", "gateway_cpu", "subgraphs_cpu", "memory_mib", "loop_ms")


@dataclass(frozen=True, slots=True)
class Ratio:
    """What Linli has against the best peer, and what is wanted."""

    what: str
    value: float
    wanted: str
    is_reached: bool


def medians(samples: list[Sample]) -> dict[str, dict[str, dict[str, float]]]:
    """Return query → gateway → measure → median of the rounds; memory is the largest seen."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for query in dict.fromkeys(sample.query for sample in samples):
        for gateway in dict.fromkeys(sample.gateway for sample in samples):
            own = [sample for sample in samples if (sample.query, sample.gateway) == (query, gateway)]
            row = {name: statistics.median(getattr(sample, name) for sample in own) for name in MEASURES}
            row["memory_mib"] = max(sample.memory_mib for sample in samples if sample.gateway == gateway)
            row["wrong"] = sum(sample.wrong for sample in own)
            found.setdefault(query, {})[gateway] = row
    return found


def ratios(rows: dict[str, dict[str, dict[str, float]]]) -> list[Ratio]:
    """Return how Linli stands to the best peers."""
    found = []
    for query, by_gateway in rows.items():
        peers = {name: row for name, row in by_gateway.items() if BY_NAME[name].is_peer}
        unshared = [row["rate"] for name, row in peers.items() if not BY_NAME[name].is_sharing]
        factor = 2.5 if query == "large" else 3.0
        if "linli-unshared" in by_gateway and unshared:
            value = by_gateway["linli-unshared"]["rate"] / max(unshared)
            found.append(Ratio(f"{query}: rate without sharing / best peer", value, f">= {factor}", value >= factor))
        if "linli" in by_gateway and peers:
            value = by_gateway["linli"]["rate"] / max(row["rate"] for row in peers.values())
            found.append(Ratio(f"{query}: rate with sharing / best peer with its own", value, "> 1", value > 1))
        for name in ("linli", "linli-unshared"):
            if name in by_gateway:
                value = by_gateway[name]["p99_ms"] / by_gateway[name]["p50_ms"]
                found.append(Ratio(f"{query}: p99 / p50, {BY_NAME[name].title}", value, "<= 2", value <= 2))
    first = next(iter(rows.values()), {})
    own = [row["memory_mib"] for name, row in first.items() if name.startswith("linli")]
    others = [row["memory_mib"] for name, row in first.items() if BY_NAME[name].is_peer]
    if own and others:
        value = max(own) / min(others)
        found.append(Ratio("memory / least peer", value, "< 0.5", value < 0.5))
    return found


def show(console: Console, samples: list[Sample], left_out: dict[str, str]) -> None:
    """Print the tables."""
    rows = medians(samples)
    for query, by_gateway in rows.items():
        table = Table(title=f"{query} query: medians of the rounds")
        for column in ("gateway", "req/s", "p50 ms", "p99 ms", "subgraph req", "core", "subgraphs", "MiB", "wrong"):
            table.add_column(column, justify="left" if column == "gateway" else "right")
        for name, row in by_gateway.items():
            shown = (f"{row['rate']:.0f}", f"{row['p50_ms']:.1f}", f"{row['p99_ms']:.1f}")
            used = (f"{row['subgraph_requests']:.2f}", f"{row['gateway_cpu']:.2f}", f"{row['subgraphs_cpu']:.2f}")
            table.add_row(BY_NAME[name].title, *shown, *used, f"{row['memory_mib']:.0f}", f"{row['wrong']:.0f}")
        console.print(table)
    for ratio in ratios(rows):
        mark = "reached" if ratio.is_reached else "not reached"
        console.print(f"{ratio.what}: {ratio.value:.2f} (wanted {ratio.wanted}: {mark})", highlight=False)
    loops = [sample.loop_ms for sample in samples]
    if loops:
        console.print(f"fixed loop: {min(loops):.0f} to {max(loops):.0f} ms", highlight=False)
    for name, reason in left_out.items():
        console.print(f"left out: {name}: {reason}", highlight=False, markup=False)


def keep(samples: list[Sample], left_out: dict[str, str], data: str, options: Options) -> Path:
    """Write the whole result as JSON under bench-results/ and return the file."""
    rows = medians(samples)
    told: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "processor": _processor(), "python": platform.python_version()},
        "node": _node(),
        "data": data,
        "options": asdict(options),
        "medians": rows,
        "ratios": [asdict(ratio) for ratio in ratios(rows)],
        "left_out": left_out,
        "samples": [asdict(sample) for sample in samples],
    }
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"gateway-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    file.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return file


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _node() -> str | None:
    try:
        return subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S607
    except (OSError, subprocess.CalledProcessError):
        return None
