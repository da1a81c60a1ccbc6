"""Three-no compounds (三无小区) and the five haves (五有) by which they convert. Nothing here does I/O."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.property.domain.care import Care
from services.property.domain.problems import PropertyProblem

if TYPE_CHECKING:
    from collections.abc import Collection


class Have(StrEnum):
    """What a compound must have; each with its evidence."""

    ORGANISATION = "organisation"
    STRENGTH = "strength"
    PLACE = "place"
    RESOURCES = "resources"
    MECHANISM = "mechanism"


SOLUTIONS = frozenset(Care) - {Care.NONE}
"""What may be chosen: a company takes on, the owners manage for themselves, the community covers, or shared."""


def check_lacks(*, no_service: bool, no_unit: bool, no_security: bool) -> None:
    """Refuse a compound that lacks none of the three."""
    if not (no_service or no_unit or no_security):
        raise Refused(PropertyProblem.NOTHING_LACKS, "noService")


def is_three_no(*, no_service: bool, no_unit: bool, no_security: bool) -> bool:
    """Tell whether a compound lacks all three: service, a responsible unit, security (人防物防)."""
    return no_service and no_unit and no_security


def missing(proved: Collection[Have]) -> list[Have]:
    """Return the haves that are not proved yet, in their order."""
    return [have for have in Have if have not in proved]


def check_conversion(proved: Collection[Have], care: Care) -> None:
    """Refuse a conversion before all five hold and somebody cares for the compound."""
    if missing(proved):
        raise Refused(PropertyProblem.HAVES_MISSING, "lackId", missing=", ".join(missing(proved)))
    if care is Care.NONE:
        raise Refused(PropertyProblem.NO_CARE, "lackId")
