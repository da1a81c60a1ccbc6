"""`linli events`: a service's own commands about its events, with the settings of the running Linli."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from deploy.local.errors import LocalError
from deploy.local.running import running
from deploy.local.settings import SERVICES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deploy.local.settings import LocalSettings


def forward(settings: LocalSettings, service: str, command: Sequence[str]) -> int:
    """Run `events` of a service's command line and return its exit code.

    Raises LocalError when no Linli runs or it has no such service.
    """
    if service in SERVICES and not {"-h", "--help"}.isdisjoint(command):
        return _run(service, command, os.environ)
    environments = running(settings).environments
    if service not in environments:
        raise LocalError(f"There is no service {service}; there are {', '.join(sorted(environments))}.")
    return _run(service, command, environments[service])


def _run(service: str, command: Sequence[str], environment: Mapping[str, str]) -> int:
    program = [sys.executable, "-m", f"services.{service}.main", "events", *command]
    return subprocess.run(program, env=dict(environment), check=False).returncode  # noqa: S603 (our own command)
