"""The Linli that runs on a data folder, as other commands find it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.local import environment
from deploy.local.errors import LocalError
from deploy.local.passwords import Passwords
from deploy.local.postgres import ADMIN, ServerAddress
from deploy.local.settings import DataFolder, LocalSettings
from deploy.local.supervisor import is_locked

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Running:
    """Where the running servers and services are, and what the services were told."""

    folder: DataFolder
    postgres: ServerAddress
    environments: Mapping[str, Mapping[str, str]]


def running(settings: LocalSettings) -> Running:
    """Return the running Linli. Raises LocalError when none runs on the data folder."""
    folder = DataFolder(settings.data.absolute())
    if not is_locked(folder.lock):
        raise LocalError(
            f"Linli does not run on {folder.root}: start it with 'make up' (or 'linli up') and leave it open."
        )
    server = ServerAddress(settings.postgres_port, Passwords(folder.passwords).of(ADMIN))
    return Running(folder, server, environment.of_services(settings, folder, server))
