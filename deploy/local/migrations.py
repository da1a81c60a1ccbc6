"""Runs each service's migrations; a start skips those whose scripts have not changed since they ran."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local.notes import note, write_note
from deploy.local.processes import run_to_end
from deploy.local.running import running

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.local.postgres import ServerAddress
    from deploy.local.progress import Report
    from deploy.local.settings import DataFolder, LocalSettings


async def migrate(settings: LocalSettings, report: Report) -> None:
    """Bring the databases of the running Linli to the newest migration. Raises LocalError when none runs."""
    here = running(settings)
    with report.step("Migrations"):
        await asyncio.gather(
            *(_migrate(name, here.folder, here.postgres, variables) for name, variables in here.environments.items())
        )


async def migrate_changed(
    folder: DataFolder, server: ServerAddress, environments: Mapping[str, Mapping[str, str]], report: Report
) -> None:
    """Migrate the databases of the services whose migration scripts are not those that ran last."""
    waiting = {
        service: variables
        for service, variables in environments.items()
        if await note(server, _ran(service)) != _digest(service)
    }
    if waiting:
        with report.step("Migrations"):
            await asyncio.gather(*(_migrate(name, folder, server, variables) for name, variables in waiting.items()))


async def _migrate(service: str, folder: DataFolder, server: ServerAddress, variables: Mapping[str, str]) -> None:
    digest = _digest(service)
    await run_to_end(
        f"migration of {service}",
        [sys.executable, "-m", f"services.{service}.main", "migrate"],
        log=folder.log(f"{service}-migrate"),
        environment=variables,
    )
    await write_note(server, _ran(service), digest)


def _ran(service: str) -> str:
    """Return the key of the note that says which migration scripts ran."""
    return f"migrations of {service}"


def _digest(service: str) -> str:
    """Return a digest of a service's migration scripts."""
    spec = importlib.util.find_spec(f"services.{service}")
    (package,) = spec.submodule_search_locations if spec and spec.submodule_search_locations else [""]
    digest = hashlib.sha256()
    for script in sorted(Path(package, "migrations").rglob("*.py")):
        digest.update(script.name.encode() + script.read_bytes())
    return digest.hexdigest()
