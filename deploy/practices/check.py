"""Checking a practice: everything that is wrong with it, each fault with its file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.practices.admission import check_admission
from deploy.practices.catalogue import convert, name_fault
from deploy.practices.checks.demonstration import check_demonstration
from deploy.practices.checks.faults import Faults
from deploy.practices.checks.figures import check_figures
from deploy.practices.checks.processes import check_processes
from deploy.practices.checks.words import check_regions, check_words
from deploy.practices.credit import check_credit
from deploy.practices.located import Fault, PracticeError, read_document
from deploy.practices.model import Practice

if TYPE_CHECKING:
    from pathlib import Path


def check(path: Path) -> list[Fault]:
    """Return what is wrong with the practice in the file `path` and in the files that it names, without warnings.

    Takes and returns what `look_over` does.
    """
    return [fault for fault in look_over(path) if not fault.is_warning]


def look_over(path: Path) -> list[Fault]:
    """Return faults and warnings of the practice in the file `path` and in the files that it names, by file and line.

    A file that cannot be read as a practice gives its faults alone: the rest is looked at when its shape is right.
    """
    try:
        document = read_document(path)
        practice = convert(document, Practice)
    except PracticeError as error:
        return error.faults
    faults = Faults(document)
    faults.found += name_fault(document, practice)
    check_regions(practice, faults)
    check_words(practice, faults)
    check_demonstration(practice, faults)
    others = check_processes(practice, path.parent, faults) + check_figures(practice, path.parent, faults)
    others += check_credit(practice, path.parent, faults)
    others += check_admission(practice, path.parent, faults)
    return sorted(faults.found, key=lambda fault: fault.line) + others
