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
        nothing = wanted is None and not practice.demonstration.selections
        faults_.unless(nothing, "the demonstration has credit and the practice no catalogue", "demonstration")
        return []
    try:
        catalogue = read_catalogue(folder / practice.credit, practice)
    except PracticeError as error:
        faults_.add(f"{practice.credit} has faults of its own", "credit")
        return error.faults
    _check_selections(practice, catalogue, faults_)
    if wanted is not None:
        path = ("demonstration", "credit")
        found = catalogue.reward(wanted.item, wanted.group)
        faults_.unless(found is not None, f"there is no item `{wanted.item}` for that group", *path, "item")
        known = wanted.subdistrict in {place.code for place in practice.region.subdistricts}
        faults_.unless(known, f"`{wanted.subdistrict}` is not one of the subdistricts", *path, "subdistrict")
        fits = wanted.redemptions <= wanted.volunteers * 2
        faults_.unless(fits, "nobody redeems more than twice", *path, "redemptions")
    return []


def _check_selections(practice: Practice, catalogue: Catalogue, faults_: Faults) -> None:
    """Check that each selection is of an honour, has a place for everybody who is chosen, and a group for people."""
    regions = practice.demonstration.regions
    held = {"DISTRICT": 1, "SUBDISTRICT": len(practice.region.subdistricts), "GRID": regions.grids}
    held["COMMUNITY"] = sum(one.count for one in regions.communities)
    for index, wanted in enumerate(practice.demonstration.selections):
        path = ("demonstration", "selections", index)
        honour = catalogue.honour(wanted.honour)
        if honour is None:
            faults_.add(f"there is no honour `{wanted.honour}`", *path, "honour")
            continue
        places = honour.places * held.get(wanted.level, 0)
        faults_.unless(wanted.chosen <= places, f"there are places for {places}", *path, "chosen")
        group = catalogue.group(wanted.group or "")
        fits = (group is not None and not group.is_body) if honour.needs_consent else wanted.group is None
        faults_.unless(fits, "people stand with an account of a group of people, and nothing else does", *path, "group")
