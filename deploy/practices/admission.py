"""Reading the three lists of entry control that a practice names, a file of its own, and checking them."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, Annotated

import msgspec

from chassis.problems import Refused
from deploy.practices.catalogue import convert
from deploy.practices.located import Fault, PracticeError, read_document
from deploy.practices.model_base import Code, Entry, Names, Text
from services.tickets.domain.admission import AdmissionItem, AdmissionList, checked_item

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from deploy.practices.checks.faults import Faults
    from deploy.practices.located import Document
    from deploy.practices.model import Practice


class Listed(Entry, frozen=True):
    """An item: what it is called, the words by which a ticket is known to be about it, the rule it rests on."""

    code: Code
    name: Names
    keywords: list[Text] = msgspec.field(default_factory=list)
    basis: Text | None = None
    phone: Text | None = None


Items = Annotated[list[Listed], msgspec.Meta(min_length=1)]


class AdmissionLists(Entry, frozen=True):
    """The three lists, in force for the whole district from a day on."""

    valid_from: date
    matters: Items
    certificates: Items
    hotlines: Items

    def items(self) -> Iterator[AdmissionItem]:
        """Yield the items of all lists."""
        for list_ in AdmissionList:
            yield from (_item(list_, listed) for listed in getattr(self, list_.value))


def _item(list_: AdmissionList, listed: Listed) -> AdmissionItem:
    return AdmissionItem(
        list=list_,
        code=listed.code,
        name_zh=listed.name.zh,
        name_en=listed.name.en,
        keywords=tuple(listed.keywords),
        basis=listed.basis,
        phone=listed.phone,
    )


def read_admission(file: Path) -> tuple[AdmissionLists, Document]:
    """Return the lists in `file`. Raises PracticeError."""
    document = read_document(file)
    lists = convert(document, AdmissionLists)
    wrong: list[Fault] = []
    seen: set[str] = set()
    for list_ in AdmissionList:
        for index, listed in enumerate(getattr(lists, list_.value)):
            if listed.code in seen:
                wrong.append(document.fault(f"`{listed.code}` is listed twice", list_.value, index, "code"))
            seen.add(listed.code)
            try:
                checked_item(_item(list_, listed))
            except Refused as error:
                wrong.append(document.fault(str(error), list_.value, index))
    if wrong:
        raise PracticeError(wrong)
    return lists, document


def check_admission(practice: Practice, folder: Path, faults: Faults) -> list[Fault]:
    """Check the lists; return the faults of their own file."""
    if practice.admission is not None:
        try:
            read_admission(folder / practice.admission)
        except PracticeError as error:
            faults.add(f"{practice.admission} has faults of its own", "admission")
            return error.faults
    return []


def grounds_of(practice: Practice, folder: Path) -> set[str]:
    """Return the codes of the items by which a ticket can be refused; none where the lists are wrong or not there."""
    try:
        lists = read_admission(folder / practice.admission)[0] if practice.admission else None
    except PracticeError:
        return set()
    return {one.code for one in (*lists.matters, *lists.certificates)} if lists else set()
