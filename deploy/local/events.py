"""`linli events`: a service's own commands about its events, with the settings of the running Linli."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from deploy.local.errors import LocalError
from deploy.local.running import running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy.local.settings import LocalSettings


def forward(settings: LocalSettings, service: str, command: Sequence[str]) -> int:
    """Run `events` of a service's command line and return its exit code.

    Raises LocalError when no Linli runs or it has no such service.
    """
    environments = running(settings).environments
    if service not in environments:
        raise LocalError(f"There is no service {service}; there are {', '.join(sorted(environments))}.")
    program = [sys.executable, "-m", f"services.{service}.main", "events", *command]
    return subprocess.run(program, env=dict(environments[service]), check=False).returncode  # noqa: S603 (our own command)
