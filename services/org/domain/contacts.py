"""包片联户: people who look after a grid, a building or a household, and the visits that they make there.

A unit takes on an area by a pairing with a grid; its members take on the buildings and households of it. A household
is named by its door only: no name, telephone or identity number is part of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (dataclass fields)

from chassis.problems import Refused
from chassis.texts import clean
from services.org.domain.levels import Level
from services.org.domain.people import PartyStatus
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from services.org.domain.periods import Period

LONGEST_FINDING = 500
_LEVELS = frozenset({Level.GRID, Level.BUILDING, Level.UNIT})
# Numbers with the words for what they count; as many digits as a telephone number could name somebody.
_DOOR = re.compile(r"[0-9A-Za-z号栋幢楼座单元层室户东西南北中/ -]{1,20}")
_MOST_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Contact:
    """Who looks after what: a region, and in it a household or a compound if any, in a period."""

    kind: str
    person_id: UUID
    region_code: str
    household: str | None
    compound_id: UUID | None
    period: Period


def check_place(code: str, level: Level, *path: str) -> None:
    """Refuse a region that nobody takes on by themselves: only grids, buildings and units. Raises Refused."""
    if level not in _LEVELS:
        raise Refused(OrgProblem.NOT_IN_A_GRID, *path, code=code)


def check_household(household: str | None, field: str = "household") -> str | None:
    """Return a household's door as it is stored: numbers and words such as 3单元502室, at most 20 characters.

    Raises Refused for anything else, which could say who lives there.
    """
    household = (household or "").strip()
    if not household:
        return None
    digits = sum(one.isdigit() for one in household)
    if not _DOOR.fullmatch(household) or not 0 < digits <= _MOST_DIGITS:
        raise Refused(OrgProblem.NOT_A_DOOR, field)
    return household


def check_taken_on(earlier: Iterable[Contact], wanted: Contact) -> None:
    """Refuse that somebody takes on twice what they look after already in that time. Raises Refused."""

    def place(one: Contact) -> tuple[object, ...]:
        return one.kind, one.person_id, one.region_code, one.household, one.compound_id

    if any(place(one) == place(wanted) and one.period.meets(wanted.period) for one in earlier):
        raise Refused(OrgProblem.ALREADY_IN_CONTACT, "personId")


def check_member(status: PartyStatus, *, members_only: bool) -> None:
    """Refuse who is no party member where the kind of contact is theirs. Raises Refused."""
    if members_only and status is PartyStatus.NONE:
        raise Refused(OrgProblem.MEMBERS_ONLY, "personId")


def check_area(area: str, code: str, *path: str) -> None:
    """Refuse a place outside the area that the unit has taken on. Raises Refused."""
    if not code.startswith(area):
        raise Refused(OrgProblem.OUTSIDE_AREA, *path, code=code, area=area)


def check_visit(contact: Period, on: date, field: str = "on") -> None:
    """Refuse a visit on a day on which the contact did not hold. Raises Refused."""
    if not contact.holds(on):
        raise Refused(OrgProblem.OUTSIDE_EXISTENCE, field, what="contact")


def check_finding(finding: str | None, field: str = "finding") -> str | None:
    """Return what a visit found as it is stored. Raises Refused."""
    return clean(finding, field, LONGEST_FINDING, field)


def visited_household(of_contact: str | None, said: str | None) -> str | None:
    """Return the household of a visit: that of the contact, or within a building the one that is said.

    Raises Refused when another one is said than that of the contact.
    """
    said = check_household(said)
    if of_contact is not None and said not in {None, of_contact}:
        raise Refused(OrgProblem.ANOTHER_HOUSEHOLD, "household", household=of_contact)
    return of_contact or said
