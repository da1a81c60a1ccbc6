"""Reading the indicator catalogue that a practice names, a file of its own, and checking it by credit's own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.practices.catalogue import convert
from deploy.practices.located import PracticeError, read_document
from services.credit.domain.catalogue import Catalogue, faults

if TYPE_CHECKING:
    from pathlib import Path

    from deploy.practices.checks.faults import Faults
    from deploy.practices.located import Fault
    from deploy.practices.model import Practice


def read_catalogue(file: Path, practice: Practice) -> Catalogue:
    """Return the catalogue in `file`, which may name the duty titles of `practice`. Raises PracticeError."""
    document = read_document(file)
    catalogue = convert(document, Catalogue)
    titles = {title.code for title in practice.duty_titles}
    wrong = faults(catalogue) + [
        f"`{title}` is not a duty title of the practice" for title in sorted(catalogue.titles() - titles)
    ]
    if wrong:
        raise PracticeError([document.fault(message) for message in wrong])
    return catalogue


def check_credit(practice: Practice, folder: Path, faults_: Faults) -> list[Fault]:
    """Check the catalogue; return the faults of its own file."""
    wanted = practice.demonstration.credit
    if practice.credit is None:
        faults_.unless(wanted is None, "the demonstration has credit and the practice no catalogue", "demonstration")
        return []
    try:
        catalogue = read_catalogue(folder / practice.credit, practice)
    except PracticeError as error:
        faults_.add(f"{practice.credit} has faults of its own", "credit")
        return error.faults
    if wanted is not None:
        path = ("demonstration", "credit")
        found = catalogue.reward(wanted.item, wanted.group)
        faults_.unless(found is not None, f"there is no item `{wanted.item}` for that group", *path, "item")
        known = wanted.subdistrict in {place.code for place in practice.region.subdistricts}
        faults_.unless(known, f"`{wanted.subdistrict}` is not one of the subdistricts", *path, "subdistrict")
        fits = wanted.redemptions <= wanted.volunteers * 2
        faults_.unless(fits, "nobody redeems more than twice", *path, "redemptions")
    return []
