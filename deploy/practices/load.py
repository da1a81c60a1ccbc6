"""Loading a practice: its words, its organisation and its demonstration, by each service's own import."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local.errors import LocalError
from deploy.practices.catalogue import read_practice
from deploy.practices.check import check
from deploy.practices.demonstration import build_city, json_lines, org_records, ticket_records
from deploy.practices.located import PracticeError
from services.tickets.domain.calendar import ZONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.practices.model import Practice

Advance = Callable[[int, int, str], None]
"""Told how many of how many parts are done, and what is being done now."""

_IMPORT_SECONDS = 600
_MOST_SAID = 20
"""Lines of an import's complaint that are passed on."""


async def load(name: str, environments: Mapping[str, Mapping[str, str]], advance: Advance) -> None:
    """Load the practice `name` into the services whose environments are given, by service.

    Each service takes its file whole or not at all, and what it has already it leaves as it is: loading again changes
    nothing, and finishes what was broken off. Raises LocalError with what is wrong, before anything is imported when
    the practice itself is.
    """
    advance(0, 3, "generating the demonstration")
    files = await asyncio.to_thread(_generate, name)
    with tempfile.TemporaryDirectory(prefix="linli-practice-") as folder:
        for number, (service, content) in enumerate(files.items(), start=1):
            advance(number, 3, f"importing into {service}")
            file = Path(folder) / f"{service}.jsonl"
            await asyncio.to_thread(file.write_bytes, content)
            await _import(service, file, environments[service])
    advance(3, 3, "")


def _generate(name: str) -> dict[str, bytes]:
    """Return the file of each service, in the order of import. Raises LocalError."""
    try:
        practice = _sound(name)
        city = build_city(practice)
        today = max(datetime.now(ZONE).date(), practice.demonstration.date)
        return {"org": json_lines(org_records(city)), "tickets": json_lines(ticket_records(city, today))}
    except PracticeError as error:
        raise LocalError(str(error)) from error


def _sound(name: str) -> Practice:
    """Return a practice without faults. Raises PracticeError."""
    practice = read_practice(name)
    if faults := check(practice.folder / f"{name}.yaml"):
        raise PracticeError(faults)
    return practice


async def _import(service: str, file: Path, environment: Mapping[str, str]) -> None:
    """Run a service's import of `file`. Raises LocalError with what it says when it fails or takes too long."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"services.{service}.main", "import", str(file)),
        env=dict(environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), _IMPORT_SECONDS)
    except TimeoutError as error:
        raise LocalError(f"{service} did not finish its import within {_IMPORT_SECONDS} seconds.") from error
    finally:
        # Also when this is cancelled: an import that nobody waits for would go on behind the user's back.
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        said = "\n".join(output.decode(errors="replace").strip().splitlines()[-_MOST_SAID:])
        raise LocalError(f"{service} refuses the import; nothing of it was kept:\n{said}")
