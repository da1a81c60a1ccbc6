"""Checks the processes, by the rules of the service that runs them, and the demonstration's tickets on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.practices.checks.demonstration import template_faults
from deploy.practices.checks.faults import Faults
from deploy.practices.generate.words import PLACEHOLDERS
from deploy.practices.located import Fault, PracticeError
from deploy.practices.processes import read_matters, read_process_file

if TYPE_CHECKING:
    from pathlib import Path

    from deploy.practices.located import Document, Key
    from deploy.practices.model import DemonstrationTickets, Matters, Practice
    from services.tickets.domain.process import Process


def check_processes(practice: Practice, folder: Path, faults: Faults) -> list[Fault]:
    """Check the processes and the demonstration's tickets; return the faults of the files of their own."""
    others: list[Fault] = []
    known: dict[str, Process] = {}
    for index, name in enumerate(practice.processes):
        try:
            processes, document = read_process_file(folder / name, practice)
        except PracticeError as error:
            others += error.faults
            faults.add(f"{name} has faults of its own", "processes", index)
            continue
        for number, process in enumerate(processes):
            if process.code in known:
                others.append(document.fault(f"the process `{process.code}` is here twice", number, "code"))
            known[process.code] = process
    for index, tickets in enumerate(practice.demonstration.tickets):
        path = ("demonstration", "tickets", index)
        others += _check_tickets(tickets, known, folder, faults, path)
    return others


def _check_tickets(
    tickets: DemonstrationTickets, known: dict[str, Process], folder: Path, faults: Faults, path: tuple[Key, ...]
) -> list[Fault]:
    process = known.get(tickets.process)
    if process is None:
        faults.add(f"`{tickets.process}` is not one of the processes", *path, "process")
    try:
        matters, document = read_matters(folder / tickets.matters)
    except PracticeError as error:
        return error.faults
    return _matters_faults(matters, document, {category.code for category in process.categories} if process else None)


def _matters_faults(matters: Matters, document: Document, categories: set[str] | None) -> list[Fault]:
    faults = Faults(document)
    shared = ("acceptances", "praises", "criticisms", "publications")
    texts: list[tuple[tuple[Key, ...], list[str]]] = [((key,), getattr(matters, key)) for key in shared]
    for index, matter in enumerate(matters.matters):
        at = ("matters", index)
        if categories is not None and matter.category not in categories:
            faults.add(f"`{matter.category}` is not a category of the process", *at, "category")
        texts += [((*at, key), getattr(matter, key)) for key in _KEYS]
    for path, listed in texts:
        for index, text in enumerate(listed):
            for message in template_faults(text, PLACEHOLDERS):
                faults.add(message, *path, index)
    return faults.found


_KEYS = ("titles", "contents", "opinions", "decisions", "results")
