"""Which practices there are, and reading one."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from deploy.practices.located import Document, Fault, PracticeError, pointed, read_document, steps
from deploy.practices.model import PRACTICE_NAME, Practice

T = TypeVar("T")

FOLDER = Path(__file__).parent
"""Where the practices of this distribution lie, one file each beside what it names."""


def list_practices() -> list[Practice]:
    """Return every practice that there is, by name. Raises PracticeError when one cannot be read."""
    files = sorted(file for file in FOLDER.glob("*.yaml") if PRACTICE_NAME.fullmatch(file.stem))
    return [read_file(file) for file in files]


def read_practice(name: str) -> Practice:
    """Return the practice `name`. Raises PracticeError, which says where it is wrong or what there is instead."""
    file = FOLDER / f"{name}.yaml"
    if not PRACTICE_NAME.fullmatch(name) or not file.is_file():
        known = ", ".join(sorted(one.stem for one in FOLDER.glob("*.yaml") if PRACTICE_NAME.fullmatch(one.stem)))
        raise PracticeError([Fault(file, 1, f"there is no practice {name!r}; there are: {known}")])
    return read_file(file)


def read_file(path: Path) -> Practice:
    """Return the practice in the file `path`. Raises PracticeError with the lines that are wrong."""
    document = read_document(path)
    practice = msgspec.structs.replace(convert(document, Practice), folder=path.parent)
    if faults := name_fault(document, practice):
        raise PracticeError(faults)
    return practice


def name_fault(document: Document, practice: Practice) -> list[Fault]:
    """Return the fault of a practice that calls itself otherwise than its file."""
    if practice.practice == document.path.stem:
        return []
    return [document.fault(f"the practice calls itself {practice.practice}, its file {document.path.stem}", "practice")]


def convert(document: Document, type_: type[T]) -> T:
    """Return the document as `type_`. Raises PracticeError with the line of the first thing that does not fit."""
    try:
        return msgspec.convert(document.value, type_)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `")
        message, path = pointed(message, steps(where.removesuffix("`")))
        raise PracticeError([document.fault(message, *path)]) from error
