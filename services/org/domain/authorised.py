"""赋权事项: matters that departments hand to subdistricts: who was trained for them, whether they work, taken back."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.levels import Level
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from datetime import date

MOST_TRAINED = 10_000


class Verdict(StrEnum):
    """How a matter was found to work where it was handed to (接得住、用得好)."""

    WORKS = "WORKS"
    PARTLY = "PARTLY"
    FAILS = "FAILS"


def check_subdistrict(code: str, level: Level, *path: str) -> None:
    """Refuse to hand a matter to anything but a subdistrict or town. Raises Refused."""
    if level is not Level.SUBDISTRICT:
        raise Refused(OrgProblem.NOT_A_SUBDISTRICT, *path, code=code)


def check_step(since: date, until: date | None, on: date, *path: str) -> None:
    """Refuse a step of a matter before it was handed down, or after it was taken back. Raises Refused."""
    if until is not None:
        raise Refused(OrgProblem.ALREADY_ENDED, *path, date=until)
    if on < since:
        raise Refused(OrgProblem.DATE_TOO_EARLY, *path, date=on, earliest=since)


def check_trained(people: int, trained_on: date | None) -> int:
    """Return how many people were trained: somebody, and once for a matter. Raises Refused."""
    if not 0 < people <= MOST_TRAINED:
        raise Refused(OrgProblem.INVALID_COUNT, "people", most=MOST_TRAINED)
    if trained_on is not None:
        raise Refused(OrgProblem.ALREADY_TRAINED, date=trained_on)
    return people
