"""Checks the processes, by the rules of the service that runs them, and the demonstration's tickets on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from deploy.practices.admission import grounds_of
from deploy.practices.checks.faults import Faults, template_faults
from deploy.practices.generate.plans import is_carried_through, steps_with
from deploy.practices.generate.words import PLACEHOLDERS
from deploy.practices.located import Fault, PracticeError
from deploy.practices.processes import read_matters, read_process_file
from services.tickets.domain.dividing import family_faults
from services.tickets.domain.process import Kind
from services.tickets.domain.validation import warnings

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from deploy.practices.located import Document, Key
    from deploy.practices.model import Practice
    from deploy.practices.model_matters import Matters
    from deploy.practices.model_tickets import DemonstrationJointWork, DemonstrationTickets
    from services.tickets.domain.process import Process


def check_processes(practice: Practice, folder: Path, faults: Faults) -> list[Fault]:
    """Check the processes and the demonstration's tickets; return the faults of the files of their own."""
    others: list[Fault] = []
    known: dict[str, Process] = {}
    places: dict[str, tuple[Document, int]] = {}
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
            others += _warnings(process, document, number)
            places[process.code] = (document, number)
    for code, fault_path, en, zh in family_faults(known):
        document, number = places[code]
        others.append(document.fault(f"{en} / {zh}", number, *fault_path))
    founded = {organisation.kind for organisation in practice.demonstration.organisations}
    listed = grounds_of(practice, folder)
    for index, tickets in enumerate(practice.demonstration.tickets):
        path = ("demonstration", "tickets", index)
        others += _check_tickets(tickets, known, founded, listed, folder, faults, path)
        titles = {title.code for title in practice.duty_titles}
        for party, title in tickets.parties.items():
            faults.unless(title in titles, f"`{title}` is not a duty title here", *path, "parties", party)
    _check_listed(practice, folder, faults)
    joint = practice.demonstration.joint_work
    if joint is not None:
        others += _check_joint_work(practice, joint, known, folder, faults)
    return others


def _check_listed(practice: Practice, folder: Path, faults: Faults) -> None:
    """Check that there are tickets about what is on the lists, where these say that tickets handle it."""
    files = {one.process: one.matters for one in practice.demonstration.tickets}
    for index, one in enumerate(practice.demonstration.lists):
        path = ("demonstration", "lists", index)
        together = (one.handled_by is None) == (one.about is None)
        faults.unless(together, "`handled_by` and `about` go together", *path)
        if one.handled_by is None or one.about is None:
            continue
        if one.handled_by not in files:
            faults.add(f"the demonstration has no tickets of `{one.handled_by}`", *path, "handled_by")
            continue
        try:
            matters, _ = read_matters(folder / files[one.handled_by])
        except PracticeError:
            # What is wrong with the file itself is told with the tickets.
            continue
        about = {matter.category for matter in matters.matters}
        faults.unless(one.about in about, f"{files[one.handled_by]} has no matter of `{one.about}`", *path, "about")


def _check_joint_work(
    practice: Practice, joint: DemonstrationJointWork, known: Mapping[str, Process], folder: Path, faults: Faults
) -> list[Fault]:
    """Check that the matters can be divided so, and that the file has words for each."""
    path: tuple[Key, ...] = ("demonstration", "joint_work")
    process, task = known.get(joint.process), known.get(joint.task)
    divided = {code for step in (process.steps if process else ()) if step.children for code in step.children.processes}
    if joint.task not in divided or task is None:
        faults.add(f"`{joint.task}` is not what `{joint.process}` is divided among", *path, "task")
        return []
    try:
        matters, document = read_matters(folder / joint.matters)
    except PracticeError as error:
        return error.faults
    said = {one.category for one in matters.matters}
    parts = {one.code for one in task.categories}
    there = {one.type: one.count for one in practice.demonstration.community_types}
    for index, one in enumerate(joint.families):
        here = (*path, "families", index)
        few = there.get(one.type, 0)
        enough = one.count + one.open <= few
        faults.unless(enough, f"there are {few} communities of the type `{one.type}`", *here, "type")
        for team in one.teams:
            faults.unless(team in parts, f"`{team}` is not a category of `{joint.task}`", *here, "teams")
        for word in (one.type, *one.teams):
            faults.unless(word in said, f"{joint.matters} has no matter of `{word}`", *here)
    return _matters_faults(matters, document, set())


def _warnings(process: Process, document: Document, number: int) -> list[Fault]:
    found = ((document.line(number, *one.path), f"{one.en} / {one.zh}") for one in warnings(process))
    return [Fault(document.path, line, message, is_warning=True) for line, message in found]


def _check_tickets(
    tickets: DemonstrationTickets,
    known: dict[str, Process],
    founded: set[str],
    listed: set[str],
    folder: Path,
    faults: Faults,
    path: tuple[Key, ...],
) -> list[Fault]:
    process = known.get(tickets.process)
    if process is None:
        faults.add(f"`{tickets.process}` is not one of the processes", *path, "process")
    for key in ("returned", "late", "reopened"):
        many = getattr(tickets, key)
        faults.unless(many <= tickets.carried_through, f"{many} are more than are carried through", *path, key)
    if process is not None:
        _check_detours(tickets, process, faults, path)
        _check_results(tickets, process, faults, path)
    if tickets.responsible is not None and tickets.responsible not in founded:
        faults.add(f"`{tickets.responsible}` is not founded in the demonstration", *path, "responsible")
    for number, kind in enumerate(tickets.invited):
        faults.unless(kind in founded, f"`{kind}` is not founded in the demonstration", *path, "invited", number)
    try:
        matters, document = read_matters(folder / tickets.matters)
    except PracticeError as error:
        return error.faults
    # Where a process has no categories, those of the matters only group them.
    return _matters_faults(matters, document, {one.code for one in process.categories} if process else set(), listed)


def _check_detours(tickets: DemonstrationTickets, process: Process, faults: Faults, path: tuple[Key, ...]) -> None:
    """Check that the process has the ways that the tickets shall go."""
    kinds = {action.kind for step in process.steps for action in step.actions}
    reopens = process.reopening is not None and Kind.EVALUATE in kinds
    for key, there in (
        ("returned", bool(steps_with(process, Kind.RETURN))),
        ("refused", bool(steps_with(process, Kind.REFUSE))),
        ("withdrawn", process.withdrawal is not None),
        ("reopened", reopens),
    ):
        if getattr(tickets, key) and not there:
            faults.add(f"the process `{process.code}` has no way for this", *path, key)
    if tickets.burdens > tickets.refused:
        faults.add(f"{tickets.burdens} are more than are refused", *path, "burdens")
    if tickets.carried_through and not is_carried_through(process):
        message = f"the first action of each step of `{process.code}` that leads on does not lead to an end, done"
        faults.add(message, *path, "carried_through")


def _check_results(tickets: DemonstrationTickets, process: Process, faults: Faults, path: tuple[Key, ...]) -> None:
    """Check that the process has the categories of its tickets, and delivers what they shall have delivered."""
    categories = {one.code for one in process.categories}
    for code in tickets.categories:
        if code not in categories:
            faults.add(f"`{code}` is not a category of `{process.code}`", *path, "categories", code)
    if sum(tickets.categories.values()) > tickets.carried_through:
        faults.add("more are of a category than are carried through", *path, "categories")
    known = {one.code for one in process.deliverables}
    for index, wanted in enumerate(tickets.deliverables):
        if wanted.kind not in known:
            at = (*path, "deliverables", index, "kind")
            faults.add(f"`{wanted.kind}` is not a deliverable of `{process.code}`", *at)
        if not tickets.carried_through:
            faults.add("nothing is carried through that could deliver it", *path, "deliverables", index)


def _matters_faults(
    matters: Matters, document: Document, categories: set[str], listed: Collection[str] = ()
) -> list[Fault]:
    faults = Faults(document)
    texts: list[tuple[tuple[Key, ...], str]] = []
    for key in ("acceptances", "praises", "criticisms", "publications"):
        texts += [((key, index), text) for index, text in enumerate(getattr(matters, key))]
    for key, reasons in msgspec.to_builtins(matters.reasons).items():
        texts += [(("reasons", key, index), text) for index, text in enumerate(reasons)]
    for index, matter in enumerate(matters.matters):
        if categories and matter.category not in categories:
            faults.add(f"`{matter.category}` is not a category of the process", "matters", index, "category")
        for number, case in enumerate(matter.cases):
            at = ("matters", index, "cases", number)
            told = msgspec.to_builtins(case)
            grounds = told.pop("grounds")
            known = grounds is None or grounds in listed
            faults.unless(known, f"`{grounds}` is on no list of entry control here", *at, "grounds")
            texts += [((*at, key), text) for key, text in told.items()]
    for path, text in texts:
        for message in template_faults(text, PLACEHOLDERS):
            faults.add(message, *path)
    return faults.found
