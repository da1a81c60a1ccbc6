"""Reading the processes that a practice names, each a file of its own, and the matters of its demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.practices.catalogue import convert
from deploy.practices.located import Document, PracticeError, pointed, read_document
from deploy.practices.model_matters import Matters
from services.tickets.domain.process_words import MEMBER
from services.tickets.domain.validation import read_processes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from deploy.practices.model import Practice
    from services.tickets.domain.process import Process


def read_process_file(file: Path, practice: Practice) -> tuple[Sequence[Process], Document]:
    """Return the processes in `file`, a list; they may name the duty titles, kinds of teams and groups of `practice`.

    Raises PracticeError.
    """
    document = read_document(file)
    titles = {title.code: title.level for title in practice.duty_titles}
    teams = {kind.code for kind in practice.kinds.team}
    processes, faults = read_processes(document.value, titles, teams, _groups(practice))
    if faults:
        told = [(*pointed(fault.en, fault.path), fault.zh) for fault in faults]
        raise PracticeError([document.fault(f"{message} / {zh}", *path) for message, path, zh in told])
    return processes, document


def _groups(practice: Practice) -> Mapping[str, set[str]]:
    """Return who checks in, members and the practice's groups, with the levels at which the demonstration's do."""
    levels: dict[str, set[str]] = {code: set() for code in (MEMBER, *(kind.code for kind in practice.kinds.check_in))}
    for wanted in practice.demonstration.check_ins:
        levels.setdefault(wanted.group or MEMBER, set()).add(wanted.level)
    return levels


def processes_of(practice: Practice) -> list[Process]:
    """Return the processes of a practice, as it lists them. Raises PracticeError."""
    return [
        process for name in practice.processes for process in read_process_file(practice.folder / name, practice)[0]
    ]


def read_matters(file: Path) -> tuple[Matters, Document]:
    """Return the matters of a demonstration's tickets. Raises PracticeError."""
    document = read_document(file)
    return convert(document, Matters), document
