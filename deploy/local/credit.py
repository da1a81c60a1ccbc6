"""The commands `linli credit`: the auditor's commands of credit, run against the running Linli."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path  # noqa: TC003 (cyclopts reads annotations at run time)
from typing import NoReturn

from cyclopts import App

from deploy.local.running import running
from deploy.local.settings import read_settings

app = App(name="credit", help_format="plaintext")


def _audit(*arguments: str) -> NoReturn:
    """Run a command of credit's with its environment, and end as it ends."""
    environment = running(read_settings()).environments["credit"]
    command = [sys.executable, "-m", "services.credit.audit", *arguments]
    sys.exit(subprocess.run(command, env=dict(environment), check=False).returncode)  # noqa: S603 (our own command)


@app.command
def verify() -> None:
    """Follow every book's chain from its beginning and compare all sums; exit code 1 when any has a fault.

    Example: linli credit verify
    """
    _audit("verify")


@app.command
def export(region: str, file: Path, /) -> None:
    """Write the book of a district for an auditor, who can check it with the script in docs/credit.md.

    Example: linli credit export 370321 book.jsonl

    Parameters
    ----------
    region
        The code of the district.
    file
        Where to, JSON Lines.
    """
    _audit("export", region, str(file))
