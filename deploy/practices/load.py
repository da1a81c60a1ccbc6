"""Loading a practice: its words, its organisation and its demonstration, by each service's own import."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from chassis.objects.folder import make_private_folder
from deploy.local.errors import LocalError
from deploy.practices.catalogue import read_practice
from deploy.practices.check import check
from deploy.practices.demonstration import (
    City,
    build_city,
    credit_records,
    json_lines,
    org_records,
    property_records,
    ticket_records,
)
from deploy.practices.generate.files import PICTURE
from deploy.practices.located import PracticeError
from services.tickets.domain import records as tickets
from services.tickets.domain.calendar import ZONE
from services.tickets.domain.uploads import key_of_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.practices.model import Practice

Advance = Callable[[int, int, str], None]
"""Told how many of how many parts are done, and what is being done now."""

A = TypeVar("A")
B = TypeVar("B")

_IMPORT_SECONDS = 600
_MOST_SAID = 20
"""Lines of an import's complaint that are passed on."""


async def load(name: str, environments: Mapping[str, Mapping[str, str]], advance: Advance) -> None:
    """Load the practice `name` into the services whose environments are given, by service.

    Each service takes its file whole or not at all, and what it has already it leaves as it is: loading again changes
    nothing, and finishes what was broken off. Raises LocalError with what is wrong; when the practice itself is,
    nothing is imported.
    """
    done = 0
    advance(done, _PARTS, "generating the demonstration")
    city = await _told(_city, name)
    with tempfile.TemporaryDirectory(prefix="linli-practice-") as folder:

        async def carry(service: str, make: Callable[[City], bytes]) -> None:
            nonlocal done
            file = Path(folder) / f"{service}.jsonl"
            lines = await _told(make, city)
            await asyncio.to_thread(file.write_bytes, lines)
            if service == "tickets":
                await asyncio.to_thread(_put_pictures, lines, environments[service].get("LINLI_TICKETS_FILES_FOLDER"))
            await _import(service, file, environments[service])
            done += 1
            advance(done, _PARTS, f"{service} has imported its part")

        done += 1
        advance(done, _PARTS, f"importing into {', '.join(_FILES)}")
        tasks = [asyncio.ensure_future(carry(service, make)) for service, make in _FILES.items()]
        try:
            await asyncio.gather(*tasks)
        finally:
            # When one has failed, or this is cancelled, the other ends too before its file goes.
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _put_pictures(lines: bytes, folder: str | None) -> None:
    """Put the pictures to which tickets refer where a store in a folder looks for them; another store has none."""
    if folder is None:
        return
    decoder = msgspec.json.Decoder(tickets.Record)
    for line in lines.splitlines():
        record = decoder.decode(line) if b'"attachments":[{' in line else None
        for one in record.attachments if isinstance(record, tickets.TicketRecord) else ():
            file = Path(folder) / key_of_reference(one.key)
            make_private_folder(file.parent)
            file.write_bytes(PICTURE)


async def _told(make: Callable[[A], B], argument: A) -> B:
    """Make something beside the event loop. Raises LocalError for a practice that is wrong."""
    try:
        return await asyncio.to_thread(make, argument)
    except PracticeError as error:
        raise LocalError(str(error)) from error


def _city(name: str) -> City:
    return build_city(_sound(name))


def _org_file(city: City) -> bytes:
    return json_lines(org_records(city))


def _tickets_file(city: City) -> bytes:
    today = max(datetime.now(ZONE).date(), city.practice.demonstration.date)
    return json_lines(ticket_records(city, today))


def _credit_file(city: City) -> bytes:
    return json_lines(credit_records(city))


def _property_file(city: City) -> bytes:
    return json_lines(property_records(city))


_FILES: dict[str, Callable[[City], bytes]] = {
    "org": _org_file,
    "tickets": _tickets_file,
    "credit": _credit_file,
    "property": _property_file,
}
"""What makes the file that each service imports."""
_PARTS = 1 + len(_FILES)


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
