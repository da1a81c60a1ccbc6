"""Practices from the command line: list, check, load, and published figures beside what the gateway answers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from deploy.local.errors import LocalError
from deploy.local.notes import note, write_note
from deploy.local.running import running
from deploy.local.settled import wait_settled
from deploy.local.tokens import system_token
from deploy.practices.catalogue import FOLDER, list_practices, read_practice
from deploy.practices.check import look_over
from deploy.practices.figures import figures
from deploy.practices.load import load
from deploy.practices.located import PracticeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.local.postgres import ServerAddress
    from deploy.local.progress import Report
    from deploy.local.settings import LocalSettings
    from deploy.practices.model import Practice


def read(name: str) -> Practice:
    """Return a practice. Raises LocalError when there is none of that name or its file is wrong."""
    try:
        return read_practice(name)
    except PracticeError as error:
        raise LocalError(str(error)) from error


def districts() -> list[str]:
    """Return the region codes of the districts that the practices are in force in."""
    return sorted({practice.region.district.code for practice in list_practices()})


def show_practices() -> None:
    """Print a table of all practices."""
    table = Table("practice", "district", "city's name for it", "summary", box=None, header_style="bold")
    for practice in list_practices():
        table.add_row(practice.practice, practice.region.district.code, practice.name.zh, practice.summary.en)
    Console().print(table)


def check_practice(name: str) -> bool:
    """Print every problem of a practice, by name or file, and warnings; tell whether it can be loaded."""
    path = Path(name) if name.endswith(".yaml") else FOLDER / f"{name}.yaml"
    problems = look_over(path)
    is_sound = all(problem.is_warning for problem in problems)
    in_order = [f"{path.name} is in order"] if is_sound else []
    for line in [*map(str, problems), *in_order]:
        sys.stdout.write(f"{line}\n")
    return is_sound


async def load_once(
    settings: LocalSettings, server: ServerAddress, environments: Mapping[str, Mapping[str, str]], report: Report
) -> None:
    """Load the practice of the settings, unless these databases hold it already."""
    if await note(server, _loaded(settings.practice)) is None:
        await _load(settings, settings.practice, server, environments, report)


async def load_practice(settings: LocalSettings, name: str, report: Report) -> None:
    """Load a practice into the running Linli. Raises LocalError when none runs or it holds the practice already."""
    here = running(settings)
    if await note(here.postgres, _loaded(name)) is not None:
        raise LocalError(f"{name} is loaded already.")
    await _load(settings, name, here.postgres, here.environments, report)


def _loaded(name: str) -> str:
    """Return the key of the note that a practice is loaded completely."""
    return f"practice {name} loaded"


async def _load(
    settings: LocalSettings,
    name: str,
    server: ServerAddress,
    environments: Mapping[str, Mapping[str, str]],
    report: Report,
) -> None:
    """Load a practice into services that run, and wait until they have heard of each other what it says."""
    read(name)
    with report.step(f"Loading practice {name}") as step:
        await load(name, environments, step.advance_to)
    with report.step("Telling every service what was loaded") as step:
        await wait_settled(server, {service: settings.metrics_url(service) for service in environments}, step)
    await write_note(server, _loaded(name), "yes")


async def show_figures(settings: LocalSettings, name: str) -> bool:
    """Print a practice's published figures beside the gateway's answers; tell whether all agree."""
    practice = read(name)
    token = system_token(settings, "observer", practice.region.district.code)
    rows = await figures(name, settings.gateway_url, token)
    table = Table("figure", "expected", "answered", "", box=None, header_style="bold")
    for row in rows:
        roughly = " or more" if row.at_least else " or a little less" if row.just_below else ""
        expected = f"{row.expected:,}{roughly}"
        answered = "nothing" if row.answered is None else f"{row.answered:,}"
        table.add_row(row.label, expected, answered, "[green]✓[/]" if row.holds else "[red]✗[/]")
    console = Console()
    console.print(table)
    differing = sum(not row.holds for row in rows)
    console.print(f"{len(rows)} figures, {f'{differing} differ' if differing else 'all agree'}", highlight=False)
    return not differing
